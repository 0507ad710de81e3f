/** kafka: logs with offsets. Each client is assigned some keys, polls them from where it stands, and sends messages to any. */

import type { Random } from '../../core/random.ts';
import { isList, isMap } from '../../check/text.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import { MalformedAnswer } from '../client.ts';
import {
  completed,
  INTEGER,
  MAP,
  usualTimeoutMs,
  type Asker,
  type Completion,
  type Load,
  type Operation,
  type Session,
  type Workload,
  type WorkloadWorld,
} from './workload.ts';

/** Keys at a time, unless told otherwise. */
const KEYS = 5;

/** Of a hundred operations, so many assign keys anew. */
const ASSIGN_SHARE = 0.05;

/** Of a hundred operations, so many are the end of a client: what it was assigned is forgotten with it. */
const CRASH_SHARE = 0.005;

/** Polls that a client makes at the end to see everything. */
const FINAL_POLLS_MAX = 200;

/** The workload. */
export const kafka: Workload = {
  name: 'kafka',
  summary: 'logs with offsets that are polled and committed',
  timeoutMs: usualTimeoutMs,
  load: (world) => new LogLoad(world),
  session: (asker) => new Consumer(asker),
};

class LogLoad implements Load {
  readonly #random: Random;
  readonly #keys: readonly number[];
  /** Clients that have been assigned something. */
  readonly #assigned = new Set<number>();
  readonly #finalPolls = new Map<number, number>();
  #message = 0;

  constructor({ random, options }: WorkloadWorld) {
    this.#random = random;
    this.#keys = Array.from({ length: options.keyCount ?? KEYS }, (_, key) => key);
  }

  next(place: number): Operation {
    const random = this.#random;
    if (random.chance(CRASH_SHARE)) return { f: CRASH, value: null };
    if (!this.#assigned.has(place) || random.chance(ASSIGN_SHARE)) {
      this.#assigned.add(place);
      const count = random.integer(1, this.#keys.length);
      return { f: 'assign', value: random.shuffled(this.#keys).slice(0, count) };
    }
    if (random.chance(0.5)) return POLL;
    return { f: 'send', value: [['send', random.pick(this.#keys), this.#message++]] };
  }

  lost(place: number): void {
    this.#assigned.delete(place);
  }

  /** Every client reads everything from the beginning, until there is no more. */
  final(place: number, last: Completion | undefined): Operation | undefined {
    const polls = this.#finalPolls.get(place);
    this.#finalPolls.set(place, (polls ?? -1) + 1);
    if (polls === undefined) return { f: 'assign', value: [FROM_THE_BEGINNING, ...this.#keys] };
    if (polls > FINAL_POLLS_MAX || (polls > 0 && isEmptyPoll(last))) return undefined;
    return POLL;
  }
}

/** The operation that ends a client. */
export const CRASH = 'crash';

const POLL: Operation = { f: 'poll', value: [['poll']] };

/** Stands before the keys of an assignment that begins at offset 0. */
const FROM_THE_BEGINNING = 'from the beginning';

function isEmptyPoll(last: Completion | undefined): boolean {
  if (last?.type !== 'ok') return true;
  const [[, polled]] = last.value as [[string, ValueMap]];
  return Object.values(polled).every((pairs) => (pairs as readonly Value[]).length === 0);
}

/** One client, and where it stands in each key that it was assigned. */
class Consumer implements Session {
  readonly #asker: Asker;
  #offsets: Record<string, number> = {};

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  perform(operation: Operation): Promise<Completion> {
    if (operation.f === CRASH) return Promise.resolve({ type: 'info' });
    return completed(operation, () => {
      if (operation.f === 'assign') return this.#assign(operation.value as readonly Value[]);
      return operation.f === 'poll' ? this.#poll() : this.#send(operation);
    });
  }

  async #assign(value: readonly Value[]): Promise<Value> {
    const keys = value.filter((key) => typeof key === 'number').map(String);
    if (value[0] === FROM_THE_BEGINNING) {
      this.#offsets = Object.fromEntries(keys.map((key) => [key, 0]));
      return value;
    }
    const committed =
      (await this.#asker.field('list_committed_offsets', { keys }, 'offsets', MAP)) ?? {};
    this.#offsets = Object.fromEntries(
      keys.map((key) => {
        const offset = committed[key];
        return [key, this.#offsets[key] ?? (typeof offset === 'number' ? offset + 1 : 0)];
      }),
    );
    return value;
  }

  async #send({ value }: Operation): Promise<Value> {
    const [[, key, msg]] = value as [[string, number, Value]];
    const offset = await this.#asker.field('send', { key: String(key), msg }, 'offset', INTEGER);
    return [['send', key, [offset, msg]]];
  }

  async #poll(): Promise<Value> {
    const asked = { offsets: this.#offsets };
    const msgs = (await this.#asker.field('poll', asked, 'msgs', MAP)) ?? {};
    const polled: Record<string, Value> = {};
    const processed: Record<string, number> = {};
    for (const [key, given] of Object.entries(msgs)) {
      const pairs = given ?? [];
      if (!isList(pairs) || !pairs.every(isPair)) {
        throw new MalformedAnswer(
          `${this.#asker.node} answers 'poll': the messages of ${key} should be [offset, message] pairs`,
        );
      }
      polled[key] = pairs;
      for (const [offset] of pairs) processed[key] = Math.max(processed[key] ?? 0, offset);
    }
    for (const [key, offset] of Object.entries(processed)) {
      this.#offsets[key] = Math.max(this.#offsets[key] ?? 0, offset + 1);
    }
    if (Object.keys(processed).length > 0) {
      await this.#asker.ask('commit_offsets', { offsets: processed });
    }
    return [['poll', polled]];
  }
}

function isPair(value: Value): value is readonly [offset: number, message: Value] {
  return isList(value) && !isMap(value) && value.length === 2 && Number.isSafeInteger(value[0]);
}
