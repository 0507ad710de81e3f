/** One attempt to connect two nodes, as one side sees it: from the wait for its turn until the link is gone. */

import type { Clock, Timer } from '../../core/ports.ts';
import { NEGOTIATION_SIGNALS_MAX } from '../../net/limits.ts';
import { closed, LOST, NO_WAY } from '../../net/rtc/endings.ts';
import type { Ending } from '../../net/rtc/transport.ts';
import type { Carrier, CarrierEvents, Way } from './carrier.ts';
import type { LinkTiming } from './link-timing.ts';

/** What makes an attempt. */
export interface AttemptOptions {
  readonly name: string;
  readonly way: Way;
  /** This side dials. */
  readonly isInitiator: boolean;
  /** Calls back when it is this attempt's turn, perhaps at once; returns what gives the turn up. */
  readonly turn: (begin: () => void) => () => void;
  readonly begin: (events: CarrierEvents) => Carrier;
  readonly clock: Clock;
  readonly timing: LinkTiming;
}

/** What an attempt calls. */
export interface AttemptEvents {
  /** It came to nothing, or its link is gone; once, and not after {@link LinkAttempt.close}. */
  ended(ending: Ending): void;
  /** The way is in doubt, and only the side that dials could do something about it. */
  doubted(): void;
}

/** An attempt that is under way, or has led to a link. */
export class LinkAttempt {
  readonly name: string;
  readonly way: Way;
  readonly #options: AttemptOptions;
  readonly #events: AttemptEvents;
  /** Signals that came before its turn. */
  readonly #early: unknown[] = [];
  readonly #giveUpTurn: (() => void) | undefined;
  #carrier: Carrier | undefined;
  /** Until it is open: the time-out. Afterwards: how long a doubt is borne. */
  #patience: Timer | undefined;
  #restartedMs = -Infinity;
  #isOpen = false;
  #isDoubtful = false;
  #isOver = false;

  constructor(options: AttemptOptions, events: AttemptEvents) {
    this.name = options.name;
    this.way = options.way;
    this.#options = options;
    this.#events = events;
    this.#giveUpTurn = options.turn(() => this.#begin());
  }

  /** Frames flow. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Frames may flow no more. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** The other side signalled something. */
  signal(data: unknown): void {
    if (this.#carrier !== undefined) this.#carrier.signal(data);
    else if (this.#early.length < NEGOTIATION_SIGNALS_MAX) this.#early.push(data);
  }

  /** Both sides have proven who they are. */
  opened(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#patience?.cancel();
    if (this.#isDoubtful) this.#doubt(true);
  }

  /** Does at once what would be done if a doubt lasted. Whoever asks for it may know more than this side. */
  repair(): void {
    if (this.#isOver || !this.#isOpen) return;
    if (!this.#options.isInitiator) {
      this.#events.doubted();
      this.#bear(this.#options.timing.connectTimeoutMs);
      return;
    }
    const { restartMs, stableAfterMs } = this.#options.timing;
    const sinceMs = this.#options.clock.now() - this.#restartedMs;
    if (sinceMs < restartMs) {
      this.#bear(restartMs - sinceMs);
      return;
    }
    // A restart that helped for no longer than this has not helped.
    if (sinceMs < restartMs + stableAfterMs || !this.restart()) this.#end(LOST);
  }

  /** Looks for a new way on the same connection, in doubt or not; false where that is impossible. */
  restart(): boolean {
    if (this.#isOver || !this.#isOpen || this.#carrier?.restart() !== true) return false;
    this.#restartedMs = this.#options.clock.now();
    if (this.#isDoubtful) this.#bear(this.#options.timing.restartMs);
    return true;
  }

  /** Ends it. */
  close(): void {
    this.#isOver = true;
    this.#giveUpTurn?.();
    this.#patience?.cancel();
    this.#carrier?.close();
  }

  #begin(): void {
    if (this.#isOver) return;
    const { begin, clock, timing } = this.#options;
    this.#patience = clock.after(timing.connectTimeoutMs, () => this.#end(this.#timedOut()));
    this.#carrier = begin({
      doubtful: (isDoubtful) => this.#doubt(isDoubtful),
      closed: (ending) => this.#end(ending),
    });
    for (const data of this.#early.splice(0)) this.#carrier.signal(data);
  }

  #timedOut(): Ending {
    const { way, timing } = this.#options;
    if (way === 'direct' && this.#carrier?.isAnswered === true) return NO_WAY;
    return closed(`it did not open within ${timing.connectTimeoutMs / 1000} s`);
  }

  #doubt(isDoubtful: boolean): void {
    this.#isDoubtful = isDoubtful;
    if (!this.#isOpen || this.#isOver) return;
    this.#patience?.cancel();
    if (!isDoubtful) return;
    const { clock, timing } = this.#options;
    this.#patience = clock.after(timing.doubtMs, () => this.repair());
  }

  /** Ends it when the doubt lasts for so long. */
  #bear(ms: number): void {
    this.#patience?.cancel();
    this.#patience = this.#options.clock.after(ms, () => {
      if (this.#isDoubtful) this.#end(LOST);
    });
  }

  #end(ending: Ending): void {
    if (this.#isOver) return;
    this.close();
    this.#events.ended(ending);
  }
}
