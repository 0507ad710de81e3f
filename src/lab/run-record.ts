/** A run that is being filled: what simulations, workers and rooms have in common. */

import type { NodeId } from '../core/id.ts';
import { carriedFrom } from './archive/carried.ts';
import { RunArchive } from './archive/run-archive.ts';
import type { RunResult } from '../core/result.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { LinkedRun } from './link/linked-run.ts';
import type { PlannedNode } from '../runtime/plan.ts';
import type { LiveHands, Run, RunNode, RunPhase, RunPlace } from './run.ts';

/**
 * Events that a page keeps of one run in memory, about a kilobyte each with all that is known of them; what is older moves to disk. A
 * simulation is branched and compared as a whole, so more of it stays.
 */
const EVENTS_IN_MEMORY_MAX: { readonly [place in RunPlace]: number } = {
  ...{ workers: 100_000, room: 100_000, simulated: 250_000 },
};

/** Events of which that many move together: few enough to be read at once when somebody looks at them. */
const STRETCH_LENGTH = 50_000;

/** Changes within this time are told together: about one picture's worth. */
const BUNDLE_MS = 16;

/** The writable side of a {@link Run}. */
export class RunRecord implements Run {
  readonly place: RunPlace;
  readonly algorithm: string;
  readonly seed: number;
  linked: LinkedRun | undefined;
  hands: LiveHands | undefined;
  nodes: readonly RunNode[] = [];
  phase: RunPhase = 'preparing';
  carried = 0;
  before = 0;
  archive: RunArchive | undefined;
  waitingFor: readonly NodeId[] = [];
  result: RunResult | undefined;
  problem: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
  #events: TraceEvent[] = [];
  #isTelling = false;

  /** @param stop ends whatever makes the run */
  constructor(place: RunPlace, algorithm: string, seed: number, stop: () => void) {
    this.place = place;
    this.algorithm = algorithm;
    this.seed = seed;
    this.#stop = stop;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.phase !== 'ended') this.#stop();
  }

  /** The nodes are known. */
  plan(nodes: readonly RunNode[]): void {
    this.nodes = nodes;
    this.changed();
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** Appends events, in order of time; false when they come faster than the disk takes what no longer fits into memory. */
  append(events: readonly TraceEvent[]): boolean {
    for (const event of events) this.#events.push(event);
    let isKept = true;
    while (this.#events.length > EVENTS_IN_MEMORY_MAX[this.place]) {
      isKept = this.#moveOut() && isKept;
    }
    this.changed();
    return isKept;
  }

  /** Moves the oldest stretch to disk. The array is another one from then on: whoever draws the old one still has it. */
  #moveOut(): boolean {
    const { carried, before } = this;
    const cut = carried + STRETCH_LENGTH;
    const stretch = this.#events.slice(0, cut);
    const carriedOn = carriedFrom(stretch);
    this.#events = [...carriedOn, ...this.#events.slice(cut)];
    this.carried = carriedOn.length;
    this.before = before + STRETCH_LENGTH;
    this.archive ??= openArchive();
    return this.archive.add({ events: stretch, carried, before });
  }

  /** The run is over. */
  end(result: RunResult | undefined, problem?: string): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.waitingFor = [];
    this.result = result;
    this.problem ??= problem;
    this.changed();
  }

  /** Tells the subscribers, soon. */
  changed(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setTimeout(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) listener();
    }, BUNDLE_MS);
  }
}

/** Runs whose older parts are on disk: the one on show, and the one before it for comparison. */
const archives: RunArchive[] = [];

function openArchive(): RunArchive {
  const archive = new RunArchive();
  archives.push(archive);
  if (archives.length > 2) void archives.shift()!.close();
  return archive;
}

/** A plan's nodes, as a run shows them. */
export function runNodes(nodes: readonly PlannedNode[]): RunNode[] {
  return nodes.map(({ id, neighbours, settings }) => ({ id, neighbours, settings: settings.own }));
}
