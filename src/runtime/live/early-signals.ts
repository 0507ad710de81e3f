/** Signals that came before the worker had made its node: kept until then, and no more than an honest start has. */

import { LINKS_PER_NODE_MAX } from '../../net/limits.ts';

/** A signal as signaling hands it over. */
export interface EarlySignal {
  readonly from: string;
  readonly payload: unknown;
}

/** Of one member: a description and some candidates, for an attempt or two. */
const PER_MEMBER_MAX = 64;

/** Of all of them. */
const ALL_MAX = PER_MEMBER_MAX * LINKS_PER_NODE_MAX;

/** What waits for one node. */
export class EarlySignals {
  readonly #kept: EarlySignal[];

  constructor(kept: readonly EarlySignal[]) {
    this.#kept = [...kept];
  }

  /** Keeps one, unless too many are kept. */
  keep(signal: EarlySignal): void {
    const own = this.#kept.filter(({ from }) => from === signal.from);
    if (own.length < PER_MEMBER_MAX && this.#kept.length < ALL_MAX) this.#kept.push(signal);
  }

  /** All of them in their order; none is kept any more. */
  take(): EarlySignal[] {
    return this.#kept.splice(0);
  }
}
