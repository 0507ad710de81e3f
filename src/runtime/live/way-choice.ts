/** Which way the next attempt takes, after what became of those before it. */

import type { EndingKind } from '../../net/rtc/transport.ts';
import type { Way } from './carrier.ts';

/** Attempts in a row that find no way until the link is relayed through the server. */
export const NO_WAY_MAX = 2;

/** The experience with one other node. */
export class WayChoice {
  readonly #canRelay: boolean;
  #noWays = 0;
  #isDirectImpossible = false;

  constructor(canRelay: boolean) {
    this.#canRelay = canRelay;
  }

  /** Undefined when there is no way at all. */
  get next(): Way | undefined {
    if (this.#canRelay && (this.#isDirectImpossible || this.#noWays >= NO_WAY_MAX)) return 'relay';
    return this.#isDirectImpossible ? undefined : 'direct';
  }

  /** One of the two browsers makes no connections. */
  get isDirectImpossible(): boolean {
    return this.#isDirectImpossible;
  }

  /** Attempts in a row that found no direct way. */
  get noWays(): number {
    return this.#noWays;
  }

  opened(way: Way): void {
    if (way !== 'direct') return;
    this.#noWays = 0;
    this.#isDirectImpossible = false;
  }

  failed(way: Way, kind: EndingKind): void {
    if (kind === 'unsupported') this.#isDirectImpossible = true;
    else if (kind === 'no-way') this.#noWays++;
    // A relay that came to nothing: perhaps there is a direct way by now.
    else if (way === 'relay') this.#noWays = NO_WAY_MAX - 1;
  }
}
