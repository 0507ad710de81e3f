/** The last runs of this browser, to come back to. Kept in localStorage, which may be forbidden or hold anything. */

import type { Run, RunPlace } from '../../lab/run.ts';
import type { ChapterEntry } from '../../lab/lab-service.ts';
import type { Setup } from './setup.ts';

/** A run as the home page lists it, with what is needed to run it again. */
export interface LastRun {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly algorithm: string;
  readonly title: string;
  readonly place: RunPlace;
  readonly nodes: number;
  readonly ok: boolean;
  /** What it came to, in words. */
  readonly outcome: string;
  readonly room?: string;
  readonly setup: Setup;
}

const KEY = 'parley.last-runs';
/** What fits on the page without scrolling. */
const RUNS_MAX = 8;
/** Longer configurations are not kept: the store is small and shared. */
const CONFIG_LENGTH_MAX = 20_000;

/** The last runs, newest first. */
export function readLastRuns(): readonly LastRun[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    const runs = Array.isArray(stored) ? stored.filter(isLastRun) : [];
    return runs.map((run) => ({ ...run, setup: { faults: '', breaks: [], ...run.setup } }));
  } catch {
    return [];
  }
}

/** One of the last runs. */
export function findLastRun(id: string): LastRun | undefined {
  return readLastRuns().find((run) => run.id === id);
}

/** Keeps a run that has ended. */
export function rememberRun(
  run: Run,
  chapter: ChapterEntry,
  setup: Setup,
  room: string | undefined,
): void {
  if (setup.config.length > CONFIG_LENGTH_MAX) return;
  const at = Date.now();
  const entry: LastRun = {
    ...{ id: at.toString(36), at, algorithm: chapter.name, title: chapter.title },
    ...{ place: run.place, nodes: run.nodes.length, setup },
    ...{ ok: run.result?.ok === true, outcome: outcomeOf(run) },
    ...(room === undefined ? {} : { room }),
  };
  const others = readLastRuns().filter((other) => !isSame(other, entry));
  try {
    localStorage.setItem(KEY, JSON.stringify([entry, ...others].slice(0, RUNS_MAX)));
  } catch {
    // Full or forbidden: the list is a convenience.
  }
}

/** What a run came to, in a few words. */
export function outcomeOf(run: Run): string {
  const { result, problem } = run;
  if (result?.violation !== undefined) return `broken: ${result.violation.invariant}`;
  if (problem !== undefined) return problem;
  if (result === undefined) return 'no result';
  const nodes = Object.entries(result.nodes);
  const failed = nodes.filter(([, { status }]) => status === 'failed' || status === 'timeout');
  if (failed.length > 0) {
    const [id, node] = failed[0]!;
    return `${id} ${node.status === 'timeout' ? 'timed out' : 'failed'}${failed.length > 1 ? `, and ${failed.length - 1} more` : ''}`;
  }
  if (!result.ok) return 'ended early';
  return `${result.messages_delivered} messages, all ended well`;
}

function isSame(a: LastRun, b: LastRun): boolean {
  return (
    a.algorithm === b.algorithm &&
    a.place === b.place &&
    JSON.stringify(a.setup) === JSON.stringify(b.setup)
  );
}

/** As it may have been kept by an older version, which knew no faults and no bugs. */
type StoredRun = Omit<LastRun, 'setup'> & {
  readonly setup: Omit<Setup, 'faults' | 'breaks'> & Partial<Pick<Setup, 'faults' | 'breaks'>>;
};

function isLastRun(value: unknown): value is StoredRun {
  if (typeof value !== 'object' || value === null) return false;
  const { id, algorithm, title, outcome, setup } = value as Partial<StoredRun>;
  return (
    [id, algorithm, title, outcome].every((text) => typeof text === 'string') &&
    typeof setup === 'object' &&
    setup !== null &&
    typeof setup.config === 'string' &&
    typeof setup.seed === 'number' &&
    typeof setup.latencyMs === 'object' &&
    typeof setup.file === 'string' &&
    ['string', 'undefined'].includes(typeof setup.faults) &&
    (setup.breaks === undefined || Array.isArray(setup.breaks))
  );
}
