/** What a leader knows of one follower, and how much it sends at a time (dissertation, section 10.2.2). */

/** A snapshot that is being sent. */
export interface SnapshotTransfer {
  readonly index: number;
  /** What the follower needs next. */
  offset: number;
}

/** A message with entries that is not answered. */
interface InFlight {
  readonly last: number;
  readonly bytes: number;
}

/** A leader’s picture of a follower. */
export interface Progress {
  /**
   * `probe`: it is not known where the logs agree, so one message at a time; `replicate`: messages follow one another without waiting;
   * `snapshot`: what it needs next is compacted.
   */
  state: 'probe' | 'replicate' | 'snapshot';
  /** The logs agree up to here, and it is durable there. */
  match: number;
  /** The next entry to send. */
  next: number;
  /** Of its membership: answers to another are not for us. */
  readonly session: number;
  /** In `probe`: a message is under way. */
  isWaiting: boolean;
  inFlight: InFlight[];
  bytesInFlight: number;
  snapshot: SnapshotTransfer | null;
  /** It was told that so much is committed. */
  told: number;
  /** When it was last heard. */
  heardAtMs: number;
  /** The latest round that it has answered. */
  round: number;
  /** The round in which `match` was learned. */
  matchRound: number;
}

/** Limits of what is under way to one follower. */
export interface FlowLimits {
  readonly max_inflight: number;
  readonly max_inflight_bytes: number;
}

/** Nothing is known but where our log ends. */
export function newProgress(next: number, session: number, nowMs: number): Progress {
  return {
    ...{
      state: 'probe',
      match: 0,
      next,
      session,
      isWaiting: false,
      inFlight: [],
      bytesInFlight: 0,
    },
    ...{ snapshot: null, told: 0, heardAtMs: nowMs, round: 0, matchRound: 0 },
  };
}

/** Whether nothing with entries may be sent now. */
export function isPaused(progress: Progress, limits: FlowLimits): boolean {
  switch (progress.state) {
    case 'probe':
      return progress.isWaiting;
    case 'replicate':
      return (
        progress.inFlight.length >= limits.max_inflight ||
        progress.bytesInFlight >= limits.max_inflight_bytes
      );
    case 'snapshot':
      return true;
  }
}

/** Entries up to `last` were sent. */
export function noteSent(progress: Progress, last: number, bytes: number): void {
  if (progress.state === 'probe') {
    progress.isWaiting = true;
    return;
  }
  progress.next = last + 1;
  progress.inFlight.push({ last, bytes });
  progress.bytesInFlight += bytes;
}

/** The logs agree up to `match`: from here on messages need not wait. */
export function noteMatch(progress: Progress, match: number, round: number): void {
  if (match > progress.match) {
    progress.match = match;
    progress.matchRound = round;
  }
  while (progress.inFlight.length > 0 && progress.inFlight[0]!.last <= match) {
    progress.bytesInFlight -= progress.inFlight.shift()!.bytes;
  }
  progress.next = Math.max(progress.next, progress.match + 1);
  progress.isWaiting = false;
  if (progress.state === 'probe') {
    progress.state = 'replicate';
    progress.next = progress.match + 1;
  }
}

/** Begins to ask where the logs agree, from `next` on. */
export function becomeProbe(progress: Progress, next: number): void {
  progress.state = 'probe';
  progress.next = Math.max(next, progress.match + 1);
  progress.isWaiting = false;
  progress.inFlight = [];
  progress.bytesInFlight = 0;
  progress.snapshot = null;
}

/** It needs the snapshot that ends with `index`. */
export function becomeSnapshot(progress: Progress, index: number): void {
  becomeProbe(progress, index + 1);
  progress.state = 'snapshot';
  progress.snapshot = { index, offset: 0 };
}
