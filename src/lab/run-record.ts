/** A run that is being filled: what simulations, workers and rooms have in common. */

import type { NodeId } from '../core/id.ts';
import type { RunResult } from '../core/result.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { LinkedRun } from './link/linked-run.ts';
import type { PlannedNode } from '../runtime/plan.ts';
import type { LiveHands, Run, RunNode, RunPhase, RunPlace } from './run.ts';

/** Events that a page keeps of one run: about 300 bytes each, so that a run cannot take the tab down. */
export const EVENTS_KEPT_MAX = 500_000;

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
  readonly events: TraceEvent[] = [];
  waitingFor: readonly NodeId[] = [];
  result: RunResult | undefined;
  problem: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
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

  /** Appends events, in order of time; false when there are too many to keep. */
  append(events: readonly TraceEvent[]): boolean {
    const room = EVENTS_KEPT_MAX - this.events.length;
    for (const event of room < events.length ? events.slice(0, room) : events) {
      this.events.push(event);
    }
    this.changed();
    return room >= events.length;
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

/** A plan's nodes, as a run shows them. */
export function runNodes(nodes: readonly PlannedNode[]): RunNode[] {
  return nodes.map(({ id, neighbours, settings }) => ({ id, neighbours, settings: settings.own }));
}
