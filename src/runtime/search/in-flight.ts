/** Messages between nodes, as a search sees them: each different one is one object, however often it is on its way. */

import type { NodeId } from '../../core/id.ts';
import type { MessageView } from '../../core/small-world.ts';
import type { Value } from '../../core/value.ts';
import type { Choice } from './choice.ts';
import { bitsOf, NO_BITS, type Bits } from './fingerprints.ts';
import { Interner, keyOf } from './interner.ts';

/** Apart from the bits of nodes. */
const MESSAGE_KIND = 1;

/** What a message is. */
export interface Content {
  /** Places of the two ends in the plan. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'cast' | 'request' | 'reply' | 'error';
  readonly type: string;
  readonly body: Value;
  /** The caller's number for a request, in the request and in its answer; 0 for a cast. */
  readonly ticket: number;
}

/** A message on its way. */
export interface InFlight extends Content {
  readonly number: number;
  /** Messages with the same number here keep their order on an ordered network. */
  readonly channel: number;
  /** What it adds to a fingerprint; nothing when it counts for nothing. */
  readonly bits: Bits;
  readonly delivery: Choice;
  readonly loss: Choice;
}

/** What a message counts as; undefined hides it. */
export type MessageAbstraction = (message: MessageView) => unknown;

/** All messages that a search has met. */
export class Messages {
  readonly #ids: readonly NodeId[];
  readonly #abstraction: MessageAbstraction | undefined;
  readonly #known = new Interner<InFlight>();
  readonly #keys = new Interner<number>();
  readonly #all: InFlight[] = [];

  constructor(ids: readonly NodeId[], abstraction?: MessageAbstraction) {
    this.#ids = ids;
    this.#abstraction = abstraction;
  }

  get size(): number {
    return this.#all.length;
  }

  /** The one object for this content. */
  take(content: Content): InFlight {
    const { from, to, kind, type, body, ticket } = content;
    return this.#known.take(keyOf([from, to, kind, type, body, ticket]), (number) => {
      const channel = from * this.#ids.length + to;
      const key = this.#abstraction === undefined ? number : this.#keyOf(content);
      const bits = key === undefined ? NO_BITS : bitsOf(MESSAGE_KIND, key);
      const message: InFlight = {
        ...content,
        number,
        channel,
        bits,
        delivery: { kind: 'deliver', node: to, message: content },
        loss: { kind: 'lose', node: from, message: content },
      };
      this.#all.push(message);
      return message;
    });
  }

  /** The message with this number. */
  at(number: number): InFlight | undefined {
    return this.#all[number];
  }

  view({ from, to, kind, type, body }: Content): MessageView {
    return { from: this.#ids[from]!, to: this.#ids[to]!, kind, type, body };
  }

  #keyOf(content: Content): number | undefined {
    const value = this.#abstraction!(this.view(content));
    return value === undefined ? undefined : this.#keys.take(keyOf(value), (number) => number);
  }
}
