/** The machine of the Raft chapter alone: three of them in one thread, whose messages arrive at once and whose disks take no time. */

import { KeyValue } from '../src/algorithms/raft/key-value.ts';
import { raftOver } from '../src/algorithms/raft/raft.ts';
import { settings as fields } from '../src/algorithms/raft/settings.ts';
import type { Effect } from '../src/core/machine.ts';
import { Random } from '../src/core/random.ts';
import { fieldsSchema, parse } from '../src/core/schema.ts';
import { toValue } from '../src/core/value.ts';

const IDS = ['n1', 'n2', 'n3'];

/** Commits a second, with `batch` commands proposed together. */
export function coreCommits(count: number, batch: number): number {
  const machine = raftOver(() => new KeyValue());
  const settings = parse(fieldsSchema(fields), { voters: IDS }, 'settings') as never;
  const states = new Map(
    IDS.map((id) => {
      const seat = { id, nodes: IDS, neighbours: IDS.filter((other) => other !== id), settings };
      return [id, machine.init(seat, Random.stream(1, id))];
    }),
  );
  const queue: { readonly id: string; readonly input: object }[] = [];
  let committed = 0;
  const step = (id: string, inputs: readonly object[]): void => {
    const timed = inputs.map((input) => ({ now: 0, ...input }));
    const seat = { path: 'raft', id };
    for (const effect of machine.stepAll(states.get(id)!, timed as never, seat)) {
      perform(id, effect);
    }
  };
  const perform = (id: string, effect: Effect): void => {
    if (effect.kind === 'send') {
      const { to, type } = effect;
      // What travels is a copy.
      const message = toValue(effect.message);
      queue.push({ id: to, input: { kind: 'message', type, from: id, message, ticket: 0 } });
    } else if (effect.kind === 'write') {
      queue.push({ id, input: { kind: 'written', ticket: effect.ticket } });
    } else if (effect.kind === 'answer') committed++;
  };
  const settle = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      step(next.id, [next.input]);
    }
  };
  for (const id of IDS) step(id, [{ kind: 'start', restarted: false, stored: new Map() }]);
  step('n1', [{ kind: 'call', type: 'campaign', message: {}, ticket: 0 }]);
  settle();
  const beganMs = performance.now();
  for (let serial = 0; serial < count; serial += batch) {
    const proposals = Array.from({ length: batch }, (_, i) => ({
      kind: 'call',
      type: 'propose',
      message: { client: '', serial: 0, lowest: 0, command: new Uint8Array(64) },
      ticket: serial + i + 1,
    }));
    step('n1', proposals);
    settle();
  }
  const tookMs = performance.now() - beganMs;
  if (committed < count) throw new Error(`only ${committed} of ${count} were committed`);
  return (count / tookMs) * 1000;
}
