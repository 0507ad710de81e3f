/**
 * Logs with offsets: each key has an owner among the nodes, who appends to it and reads it; the others ask. One place decides the order of a
 * key's messages, so that offsets have neither gaps nor repetitions.
 */

import * as v from 'valibot';
import { anyValue, defineAlgorithm, request, type Value } from '../../src/index.ts';
import { passedOn } from './passed-on.ts';

const offsets = v.record(v.string(), v.number());
const pairs = v.array(v.tuple([v.number(), anyValue()]));

/** Messages of one key in one answer: more come with the next poll. */
const MESSAGES_MAX = 100;

const messages = {
  // What clients ask.
  send: request({ key: v.string(), msg: anyValue() }, v.object({ offset: v.number() })),
  poll: request({ offsets }, v.object({ msgs: v.record(v.string(), pairs) })),
  commit_offsets: request({ offsets }, v.object({})),
  list_committed_offsets: request({ keys: v.array(v.string()) }, v.object({ offsets })),
  // What owners are asked.
  append: request({ key: v.string(), msg: anyValue() }, v.object({ offset: v.number() })),
  fetch: request({ key: v.string(), from: v.number() }, v.object({ messages: pairs })),
  commit: request({ key: v.string(), offset: v.number() }, v.object({})),
  committed: request({ key: v.string() }, v.object({ offset: v.nullable(v.number()) })),
};

/** One key, at its owner. */
interface Log {
  readonly messages: Value[];
  committed: number | null;
}

/** Nodes that share the keys among them. */
export class KafkaLog extends defineAlgorithm('kafka_log', { messages, service: true }) {
  readonly logs = new Map<string, Log>();

  handlers = this.on({
    send: (_src, { key, msg }) => this.append(key, msg),
    poll: async (_src, asked) => ({
      msgs: await this.each(asked.offsets, (key, from) => this.fetch(key, from)),
    }),
    commit_offsets: async (_src, asked) => {
      await this.each(asked.offsets, (key, offset) => this.commit(key, offset));
      return {};
    },
    list_committed_offsets: async (_src, { keys }) => {
      const all = await this.each(Object.fromEntries(keys.map((key) => [key, 0])), (key) =>
        this.committed(key),
      );
      const known = Object.entries(all).filter(
        (entry): entry is [string, number] => entry[1] !== null,
      );
      return { offsets: Object.fromEntries(known) };
    },
    append: (_src, { key, msg }) => this.append(key, msg),
    fetch: async (_src, { key, from }) => ({ messages: await this.fetch(key, from) }),
    commit: async (_src, { key, offset }) => {
      await this.commit(key, offset);
      return {};
    },
    committed: async (_src, { key }) => ({ offset: await this.committed(key) }),
  });

  async append(key: string, msg: Value): Promise<{ offset: number }> {
    const owner = this.owner(key);
    if (owner !== undefined) return passedOn(owner.append({ key, msg }));
    return { offset: this.logOf(key).messages.push(msg) - 1 };
  }

  async fetch(key: string, from: number): Promise<[number, Value][]> {
    const owner = this.owner(key);
    if (owner !== undefined) return (await passedOn(owner.fetch({ key, from }))).messages;
    const found = this.logOf(key).messages.slice(from, from + MESSAGES_MAX);
    return found.map((message, at) => [from + at, message]);
  }

  async commit(key: string, offset: number): Promise<void> {
    const owner = this.owner(key);
    if (owner !== undefined) await passedOn(owner.commit({ key, offset }));
    else this.logOf(key).committed = Math.max(this.logOf(key).committed ?? 0, offset);
  }

  async committed(key: string): Promise<number | null> {
    const owner = this.owner(key);
    if (owner !== undefined) return (await passedOn(owner.committed({ key }))).offset;
    return this.logOf(key).committed;
  }

  /** Who keeps a key; undefined for this node itself. */
  owner(key: string) {
    const nodes = [...this.nodes];
    let hash = 0;
    for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
    const id = nodes[hash % nodes.length]!;
    return id === this.id ? undefined : this.peer(id);
  }

  logOf(key: string): Log {
    let log = this.logs.get(key);
    if (log === undefined) this.logs.set(key, (log = { messages: [], committed: null }));
    return log;
  }

  /** Asks for all keys at once. */
  async each<A, B>(
    asked: Readonly<Record<string, A>>,
    ask: (key: string, argument: A) => Promise<B>,
  ): Promise<Record<string, B>> {
    const answers = Object.entries(asked).map(
      async ([key, argument]) => [key, await ask(key, argument)] as const,
    );
    return Object.fromEntries(await Promise.all(answers));
  }
}
