/** lin-kv: registers with compare-and-set, each a linearizable object of its own. */

import type { Value } from '../../core/value.ts';
import type { Random } from '../../core/random.ts';
import {
  ANYTHING,
  plainSession,
  type Load,
  type Operation,
  type Workload,
  type WorkloadWorld,
} from './workload.ts';
import { RpcError } from '../client.ts';

/** Values from 0: few, so that a compare-and-set has a chance. */
const VALUES = 5;

/** Processes that may use one key; more unknown outcomes make a history too hard to judge. */
const PROCESSES_PER_KEY_MAX = 20;

/** Operations on one key, for the same reason. */
const OPERATIONS_PER_KEY_MAX = 500;

/** No key. */
const KEY_DOES_NOT_EXIST = 20;

/** The workload. */
export const linKv: Workload = {
  name: 'lin-kv',
  summary: 'registers with compare-and-set, linearizable',
  timeoutMs: (latencyMs) => Math.max(10 * latencyMs, 1000),
  load: (world) => new KeyedLoad(world),
  session: (asker) =>
    plainSession(async ({ f, value }) => {
      const [key, argument] = value as [number, Value];
      switch (f) {
        case 'read':
          return [key, await read(() => asker.field('read', { key }, 'value', ANYTHING))];
        case 'write':
          await asker.ask('write', { key, value: argument });
          return value;
        default: {
          const [from, to] = argument as [Value, Value];
          await asker.ask('cas', { key, from, to });
          return value;
        }
      }
    }),
};

/** A key that nobody has written has no value, whichever way the node says so. */
async function read(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcError && error.code === KEY_DOES_NOT_EXIST) return null;
    throw error;
  }
}

interface Group {
  key: number;
  processes: number;
  operations: number;
}

/** Clients in groups of two for each node; each group works at a key of its own, one half of it reading. */
class KeyedLoad implements Load {
  readonly #random: Random;
  readonly #size: number;
  readonly #readers: number;
  readonly #groups: Group[];
  #keys = 0;

  constructor({ random, nodes, concurrency }: WorkloadWorld) {
    this.#random = random;
    this.#size = Math.min(2 * nodes.length, concurrency);
    this.#readers = Math.floor(this.#size / 2);
    const groups = Math.ceil(concurrency / this.#size);
    this.#groups = Array.from({ length: groups }, () => this.#newGroup());
  }

  next(place: number): Operation {
    const at = Math.floor(place / this.#size);
    let group = this.#groups[at]!;
    if (group.processes > PROCESSES_PER_KEY_MAX || group.operations >= OPERATIONS_PER_KEY_MAX) {
      group = this.#groups[at] = this.#newGroup();
    }
    group.operations++;
    const value = () => this.#random.integer(0, VALUES - 1);
    if (place % this.#size < this.#readers) return { f: 'read', value: [group.key, null] };
    if (this.#random.integer(0, 2) === 0) return { f: 'write', value: [group.key, value()] };
    return { f: 'cas', value: [group.key, [value(), value()]] };
  }

  lost(place: number): void {
    this.#groups[Math.floor(place / this.#size)]!.processes++;
  }

  #newGroup(): Group {
    return { key: this.#keys++, processes: this.#size, operations: 0 };
  }
}
