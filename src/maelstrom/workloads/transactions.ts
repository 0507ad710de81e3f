/** txn-list-append and txn-rw-register: transactions over keys that come and go. */

import type { Random } from '../../core/random.ts';
import { isList, shown } from '../../check/text.ts';
import type { Value } from '../../core/value.ts';
import { MalformedAnswer } from '../client.ts';
import {
  LIST,
  plainSession,
  usualTimeoutMs,
  type Asker,
  type Load,
  type Operation,
  type Workload,
  type WorkloadWorld,
} from './workload.ts';

/** Keys in use at a time, unless told otherwise. */
const KEYS = 10;

/** Transactions that append unique values to lists and read the lists. */
export const txnListAppend: Workload = {
  name: 'txn-list-append',
  summary: 'transactions over lists that only grow',
  timeoutMs: usualTimeoutMs,
  load: (world) => transactionLoad(world, 'append'),
  session: (asker) => plainSession(({ value }) => transact(asker, value)),
};

/** Transactions that write unique values to registers and read them. */
export const txnRwRegister: Workload = {
  name: 'txn-rw-register',
  summary: 'transactions over registers',
  timeoutMs: usualTimeoutMs,
  load: (world) => transactionLoad(world, 'w'),
  session: (asker) => plainSession(({ value }) => transact(asker, value)),
};

function transactionLoad(world: WorkloadWorld, write: 'append' | 'w'): Load {
  const { random, options } = world;
  const keys = new KeyPool(random, options.keyCount ?? KEYS, options.maxWritesPerKey);
  const next = (): Operation => {
    const length = random.integer(1, options.maxTxnLength);
    const value = Array.from({ length }, (): Value => {
      const key = keys.pick();
      return random.chance(0.5) ? ['r', key.number, null] : [write, key.number, keys.write(key)];
    });
    return { f: 'txn', value };
  };
  return { next };
}

interface Key {
  readonly number: number;
  writes: number;
}

/** Keys in use. One that has been written often enough makes room for a new one: long lists are slow, and say no more than short ones. */
class KeyPool {
  readonly #random: Random;
  readonly #writesMax: number;
  readonly #keys: Key[];
  #next = 0;

  constructor(random: Random, count: number, writesMax: number) {
    this.#random = random;
    this.#writesMax = writesMax;
    this.#keys = Array.from({ length: count }, () => this.#newKey());
  }

  /** One of them, the first half of the time, else the second half of the time …: some are used much, some seldom. */
  pick(): Key {
    let at = 0;
    while (at < this.#keys.length - 1 && this.#random.chance(0.5)) at++;
    return this.#keys[at]!;
  }

  /** The next value for the key: 1, 2, 3 … */
  write(key: Key): number {
    key.writes++;
    if (key.writes >= this.#writesMax) {
      const at = this.#keys.indexOf(key);
      if (at >= 0) this.#keys[at] = this.#newKey();
    }
    return key.writes;
  }

  #newKey(): Key {
    return { number: this.#next++, writes: 0 };
  }
}

/** @throws {MalformedAnswer} when the answer is another transaction than what was asked */
async function transact(asker: Asker, asked: Value): Promise<Value> {
  const micros = asked as readonly (readonly Value[])[];
  const answer = (await asker.field('txn', { txn: asked }, 'txn', LIST)) ?? [];
  const isSame =
    answer.length === micros.length &&
    answer.every((micro, at) => {
      const [f, key] = micros[at]!;
      return isList(micro) && micro.length === 3 && micro[0] === f && micro[1] === key;
    });
  if (isSame) return answer;
  throw new MalformedAnswer(
    `${asker.node} answers the txn ${shown(asked, 100)} with another one: ${shown(answer, 100)}`,
  );
}
