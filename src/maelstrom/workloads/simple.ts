/** Workloads whose operations stand alone: echo, unique-ids, broadcast, g-set and the two counters. */

import type { Value } from '../../core/value.ts';
import type { Random } from '../../core/random.ts';
import {
  ANYTHING,
  INTEGER,
  LIST,
  plainSession,
  usualTimeoutMs,
  type Load,
  type Operation,
  type Workload,
  type WorkloadWorld,
} from './workload.ts';

/** Echo: the node answers with what it was told. */
export const echo: Workload = {
  name: 'echo',
  summary: 'the node says again what it was told',
  timeoutMs: usualTimeoutMs,
  load: ({ random }) => ({
    next: () => ({ f: 'echo', value: `Please echo ${random.integer(0, 127)}` }),
  }),
  session: (asker) =>
    plainSession(({ value }) => asker.field('echo', { echo: value }, 'echo', ANYTHING)),
};

/** Unique ids: whatever the node answers, nobody was answered before. */
export const uniqueIds: Workload = {
  name: 'unique-ids',
  summary: 'ids that nobody else gets',
  timeoutMs: usualTimeoutMs,
  load: () => ({ next: () => ({ f: 'generate', value: null }) }),
  session: (asker) => plainSession(() => asker.field('generate', {}, 'id', ANYTHING)),
};

/** Broadcast: what one node was told, all know in the end. */
export const broadcast: Workload = {
  name: 'broadcast',
  summary: 'what one node was told, all know in the end',
  timeoutMs: usualTimeoutMs,
  setup: ({ topology }) => ['topology', { topology }],
  load: ({ random }) => halfReads(random, elements('broadcast')),
  session: (asker) =>
    plainSession(async ({ f, value }) => {
      if (f === 'read') return (await asker.field('read', {}, 'messages', LIST)) ?? [];
      await asker.ask('broadcast', { message: value });
      return value;
    }),
};

/** A set that only grows. */
export const gSet: Workload = {
  name: 'g-set',
  summary: 'a set that only grows',
  timeoutMs: usualTimeoutMs,
  load: ({ random }) => halfReads(random, elements('add')),
  session: (asker) =>
    plainSession(async ({ f, value }) => {
      if (f === 'read') return (await asker.field('read', {}, 'value', LIST)) ?? [];
      await asker.ask('add', { element: value });
      return value;
    }),
};

/** A counter that only grows. */
export const gCounter: Workload = counter('g-counter', 'a counter that only grows', (delta) => {
  return Math.max(0, delta);
});

/** A counter that grows and shrinks. */
export const pnCounter: Workload = counter(
  'pn-counter',
  'a counter that grows and shrinks',
  (d) => d,
);

function counter(name: string, summary: string, restrict: (delta: number) => number): Workload {
  return {
    name,
    summary,
    timeoutMs: usualTimeoutMs,
    load: ({ random }: WorkloadWorld) =>
      halfReads(random, () => ({ f: 'add', value: restrict(random.integer(-5, 4)) })),
    session: (asker) =>
      plainSession(async ({ f, value }) => {
        if (f === 'read') return asker.field('read', {}, 'value', INTEGER);
        await asker.ask('add', { delta: value });
        return value;
      }),
  };
}

/** 0, 1, 2 … */
function elements(f: string): () => Operation {
  let next = 0;
  return () => ({ f, value: next++ });
}

const READ: Operation = { f: 'read', value: null };

/** Reads and writes by a coin, and in the end one read by each client. */
function halfReads(random: Random, write: () => { f: string; value: Value }): Load {
  return {
    next: () => (random.chance(0.5) ? READ : write()),
    final: (_place, last) => (last === undefined ? READ : undefined),
  };
}
