/**
 * What arrives at a live node while somebody holds it back. It waits in the order in which it came; whoever holds may take single messages
 * out of that order before letting the others in.
 */

import type { NodeId } from '../../core/id.ts';
import type { MessageId } from '../../core/trace.ts';
import type { Envelope } from '../envelope.ts';

/** What becomes of one message that is held: it arrives now, never, twice, or later than those that wait with it. */
export type HeldDeed = 'deliver' | 'drop' | 'double' | 'delay';

/** What the inbox needs of its node. */
export interface HeldInboxHost {
  /** Hands a message over to the node; the next of a release waits until the promise is fulfilled. */
  pass(from: NodeId, envelope: Envelope): void | Promise<void>;
  /** Nothing waits any more. */
  emptied(): void;
}

/** Messages that wait here; more wait at their senders. */
export const HELD_MAX = 1000;
/** Deeds for messages that have not come yet. */
const EARLY_MAX = 64;
/** A delayed message comes so long after the others were let in, in milliseconds: long enough to be seen. */
export const DELAY_MS = 1000;

interface HeldMessage {
  readonly from: NodeId;
  readonly envelope: Envelope;
  isDelayed: boolean;
}

/** The inbox of one node. */
export class HeldInbox {
  readonly #host: HeldInboxHost;
  readonly #early = new Map<MessageId, HeldDeed>();
  readonly #waiting: HeldMessage[] = [];
  #isHeld = false;
  #isReleasing = false;

  constructor(host: HeldInboxHost) {
    this.#host = host;
  }

  /** True while what arrives must wait: it is held back, or those before it are still being let in. */
  get isShut(): boolean {
    return this.#isHeld || this.#isReleasing;
  }

  /** True when nothing more has room. */
  get isFull(): boolean {
    return this.#waiting.length >= HELD_MAX;
  }

  /** Holds back what arrives, or lets everything in. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) return;
    this.#early.clear();
    if (!this.#isReleasing) void this.#release();
  }

  /** Keeps what has arrived. */
  keep(from: NodeId, envelope: Envelope): void {
    this.#waiting.push({ from, envelope, isDelayed: false });
    if (envelope.kind === 'lifecycle') return;
    const message = idOf(from, envelope);
    const deed = this.#early.get(message);
    this.#early.delete(message);
    if (deed !== undefined) this.grab(message, deed);
  }

  /** Does something to one message that is held, or will be when it comes. Nothing happens when nothing is held. */
  grab(message: MessageId, deed: HeldDeed): void {
    if (!this.#isHeld) return;
    const at = this.#waiting.findIndex(
      ({ from, envelope }) => envelope.kind !== 'lifecycle' && idOf(from, envelope) === message,
    );
    const held = this.#waiting[at];
    if (held === undefined) {
      if (this.#early.size < EARLY_MAX) this.#early.set(message, deed);
      return;
    }
    if (deed === 'delay') {
      held.isDelayed = true;
      return;
    }
    this.#waiting.splice(at, 1);
    for (let times = TIMES[deed]; times > 0; times--) {
      void this.#host.pass(held.from, held.envelope);
    }
  }

  /** Lets them in, one after the other: a signature takes its time, and the order must stay. */
  async #release(): Promise<void> {
    this.#isReleasing = true;
    while (!this.#isHeld) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { from, envelope, isDelayed } = next;
      if (isDelayed) setTimeout(() => void this.#host.pass(from, envelope), DELAY_MS);
      else await this.#host.pass(from, envelope);
    }
    this.#isReleasing = false;
    if (!this.#isHeld) this.#host.emptied();
  }
}

const TIMES = { deliver: 1, double: 2, drop: 0 } as const;

function idOf(from: NodeId, { number }: { readonly number: number }): MessageId {
  return `${from}#${number}`;
}
