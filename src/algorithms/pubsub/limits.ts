/**
 * The rates of authors. What this node publishes waits until it may go. What somebody else publishes faster than that does not come in: it is
 * neither delivered nor handed on, and its author is told; and because it has not come in, anti-entropy brings it again, when there is room in
 * the author's allowance. So numbers stay without gaps, and nothing is lost but time.
 */

import type { NodeId } from '../../core/id.ts';
import type { Logger, Timer } from '../../core/ports.ts';
import type { Value } from '../../core/value.ts';
import { Allowance, type Portion, type Rate } from './allowance.ts';
import { sizeOf, type Batch } from './messages.ts';
import type { PubsubRules } from './rules.ts';

/** Whoever keeps to a rate may seem faster on its way, when a link held something back: so much more is taken from others than one may say. */
const LENIENCE = { rate: 1.25, burst: 2 };

/** Milliseconds between two words to, or of, the same member about its rate. */
const TOLD_EVERY_MS = 1000;

/** The node whose limits these are. */
export interface LimitsOwner {
  readonly log: Logger;
  readonly settings: {
    readonly publish_rate: number;
    readonly publish_bytes: number;
    readonly publish_burst: number;
  };
  readonly rules: PubsubRules;
  readonly peers: ReadonlyMap<NodeId, { limited(fields: Told): Promise<void> }>;
  now(): number;
  after(delayMs: number, callback: () => unknown): Timer;
  flush(): unknown;
  tell(kind: string, detail: Value): void;
}

/** What an author is told that was too fast: how much of it is taken in a second. */
export type Told = Portion;

/** Of another author. */
interface Watched {
  readonly allowance: Allowance;
  /** Something of it was refused, and nothing has been taken in its turn since. */
  isBehind: boolean;
}

/** The limits of one node. */
export class Limits {
  readonly #owner: LimitsOwner;
  readonly #rate: Rate;
  readonly #own: Allowance;
  readonly #others = new Map<NodeId, Watched>();
  readonly #toldAtMs = new Map<NodeId, number>();
  readonly #heardAtMs = new Map<NodeId, number>();
  #isWaiting = false;

  constructor(owner: LimitsOwner) {
    const { publish_rate: messages, publish_bytes: bytes, publish_burst: burst } = owner.settings;
    this.#owner = owner;
    this.#rate = { messages, bytes, burst };
    this.#own = new Allowance(this.#rate, owner.now());
  }

  /** How much this node may publish now; undefined when nothing, and then it is flushed as soon as it may. */
  portion(): Portion | undefined {
    const nowMs = this.#owner.now();
    const waitMs = this.#own.waitMs(nowMs);
    if (waitMs === 0) return this.#own.portion(nowMs);
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      this.#owner.after(waitMs, () => {
        this.#isWaiting = false;
        return this.#owner.flush();
      });
    }
    return undefined;
  }

  /** This node publishes a batch of so many bytes. */
  wrote(batch: Batch, bytes: number): void {
    this.#own.take(sizeOf(batch.messages), bytes, this.#owner.now());
  }

  /** Whether somebody else's batch, which is new here, may come in now; then it is taken out of its author's allowance. */
  admits({ signer, messages }: Batch, bytes: number, isNext: boolean): boolean {
    const nowMs = this.#owner.now();
    const watched = this.#of(signer, nowMs);
    // What comes first goes first: otherwise what is still pushed would use up what it takes to repair what lies before.
    const hasTurn = isNext || !watched.isBehind;
    if (!hasTurn || !this.#owner.rules.isWithinRate(watched.allowance.waitMs(nowMs))) {
      watched.isBehind = true;
      return false;
    }
    watched.isBehind = false;
    watched.allowance.take(sizeOf(messages), bytes, nowMs);
    return true;
  }

  /** Tells an author that it was too fast, unless it was told a moment ago. */
  say(author: NodeId): void {
    if (!this.#isNews(this.#toldAtMs, author)) return;
    const { messages, bytes } = this.#rate;
    void this.#owner.peers.get(author)?.limited({ messages, bytes });
  }

  /** A member says that this node is too fast. It is told on, and changes nothing: whoever lies could make everybody slow otherwise. */
  hear(by: NodeId, { messages, bytes }: Told): void {
    if (!this.#isNews(this.#heardAtMs, by)) return;
    this.#owner.log.warn(`${by} takes ${messages} messages and ${bytes} bytes a second from here`);
    this.#owner.tell('limited', { by, messages, bytes });
  }

  #of(author: NodeId, nowMs: number): Watched {
    const known = this.#others.get(author);
    if (known !== undefined) return known;
    const { messages, bytes, burst } = this.#rate;
    const lenient = {
      messages: messages * LENIENCE.rate,
      bytes: bytes * LENIENCE.rate,
      burst: burst * LENIENCE.burst,
    };
    const watched = { allowance: new Allowance(lenient, nowMs), isBehind: false };
    this.#others.set(author, watched);
    return watched;
  }

  #isNews(lastMs: Map<NodeId, number>, node: NodeId): boolean {
    const nowMs = this.#owner.now();
    const last = lastMs.get(node);
    if (last !== undefined && nowMs >= last && nowMs - last < TOLD_EVERY_MS) return false;
    lastMs.set(node, nowMs);
    return true;
  }
}
