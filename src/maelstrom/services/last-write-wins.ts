/** `lww-kv`: replicas with Lamport clocks. Each request goes to one of them; now and then one learns what another has. */

import { textOf } from '../../check/text.ts';
import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import type { Value } from '../../core/value.ts';
import type { Body } from '../message.ts';
import { handleKeyValue } from './key-value.ts';
import type { Service } from './services.ts';

/** As many as Maelstrom has. */
const REPLICAS = 5;

interface Written {
  readonly time: number;
  readonly value: Value;
}

class Replica {
  clock = 0;
  readonly entries = new Map<string, Written>();

  /** The later of two writes wins; of one time the greater text, so that all replicas choose the same. */
  learn(other: Replica): void {
    this.clock = Math.max(this.clock, other.clock);
    for (const [key, theirs] of other.entries) {
      const mine = this.entries.get(key);
      if (mine === undefined || isLater(theirs, mine)) this.entries.set(key, theirs);
    }
  }
}

function isLater(a: Written, b: Written): boolean {
  return a.time > b.time || (a.time === b.time && textOf(a.value) > textOf(b.value));
}

/** A store that answers with the past, and forgets the earlier of two concurrent writes. */
export class LastWriteWins implements Service {
  readonly #random: Random;
  readonly #replicas = Array.from({ length: REPLICAS }, () => new Replica());

  constructor(random: Random) {
    this.#random = random;
  }

  handle(_src: NodeId, body: Body): Body {
    this.#random.pick(this.#replicas).learn(this.#random.pick(this.#replicas));
    const replica = this.#random.pick(this.#replicas);
    const values = new Map(Array.from(replica.entries, ([key, { value }]) => [key, value]));
    const before = { values };
    const { state, answer } = handleKeyValue(before, body);
    if (state !== before) {
      const key = textOf(body['key'] ?? null);
      replica.entries.set(key, { time: replica.clock++, value: state.values.get(key)! });
    }
    return answer;
  }
}
