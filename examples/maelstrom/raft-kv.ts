/**
 * Linearizable registers on Raft: every operation is a command in the log of the Raft chapter, which is a layer below. A majority that can talk
 * is enough; whoever is not the leader passes commands on.
 */

import * as v from 'valibot';
import { Raft } from '../../src/algorithms/raft/index.ts';
import { anyValue, defineAlgorithm, Refusal, request, type Value } from '../../src/index.ts';

const register = anyValue();

/** The requests of the lin-kv workload. */
export class RaftKv extends defineAlgorithm('raft_kv', {
  messages: {
    read: request({ key: v.number() }, v.object({ value: register })),
    write: request({ key: v.number(), value: register }, v.object({})),
    cas: request({ key: v.number(), from: register, to: register }, v.object({})),
  },
  children: { raft: Raft },
  service: true,
}) {
  handlers = this.on({
    read: async (_src, { key }) => {
      const text = await this.command({ do: 'get', key: String(key) });
      if (typeof text !== 'string') throw new Refusal(`key-does-not-exist: ${key}`);
      return { value: JSON.parse(text) as Value };
    },
    write: async (_src, { key, value }) => {
      await this.command({ do: 'put', key: String(key), value: JSON.stringify(value) });
      return {};
    },
    cas: async (_src, { key, from, to }) => {
      const [before, after] = [JSON.stringify(from), JSON.stringify(to)];
      const isDone = await this.command({ do: 'cas', key: String(key), from: before, to: after });
      if (isDone !== true) throw new Refusal(`precondition-failed: it is not ${before}`);
      return {};
    },
  });

  delivered = this.from({ raft: { event: () => {}, history: () => {} } });

  /** Has a command applied, wherever the leader is. @throws {Refusal} with what is known of it otherwise */
  async command(command: Value): Promise<Value> {
    const asked = { client: '', serial: 0, lowest: 0, command };
    const outcome = await this.children.raft.call('propose', asked);
    if (outcome.kind === 'result') return outcome.value ?? null;
    // A timeout says that nobody knows; the others, that nothing happened.
    const name = outcome.kind === 'timeout' ? 'timeout' : 'temporarily-unavailable';
    throw new Refusal(`${name}: ${outcome.reason ?? outcome.kind}`);
  }
}
