/** What the pages of a run say to each other through signaling. It comes from strangers until it was read here. */

/** One negotiation's signals, apart from those of earlier attempts and other runs. */
export interface LinkSignal {
  readonly parley: 'link';
  readonly runId: string;
  /** Names the attempt; the dialling side chooses it. */
  readonly attempt: string;
  readonly data: unknown;
}

/** The node of the page that says so is gone, although the page is not: its worker died. */
export interface DeathSignal {
  readonly parley: 'death';
  readonly runId: string;
}

/** Longest name of an attempt; ours are two numbers. */
const ATTEMPT_LENGTH_MAX = 64;

/** Reads a signal of a run; undefined for one that is none. */
export function readSignal(payload: unknown, runId: string): LinkSignal | DeathSignal | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const signal = payload as Partial<LinkSignal> | Partial<DeathSignal>;
  if (signal.runId !== runId) return undefined;
  if (signal.parley === 'death') return signal as DeathSignal;
  if (signal.parley !== 'link' || typeof signal.attempt !== 'string') return undefined;
  return signal.attempt.length <= ATTEMPT_LENGTH_MAX ? (signal as LinkSignal) : undefined;
}
