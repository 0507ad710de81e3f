import pico from 'picocolors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveOutcome } from '../../../src/cli/live/live-outcome.ts';
import type { NodePages } from '../../../src/cli/live/node-pages.ts';
import { Supervisor } from '../../../src/cli/live/supervisor.ts';
import {
  STOP_ANSWER_MS,
  STOP_GRACE_MS,
  STOP_HEARD_MS,
} from '../../../src/runtime/live/stop-timing.ts';
import { RunLog } from '../../../src/cli/run/run-log.ts';
import { goodNode } from './sample-result.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A supervisor over one node whose page only writes down what it is told. */
function supervise(deadlines: { timeoutMs: number; serviceMs?: number }) {
  const orders: (string | undefined)[][] = [];
  const notes: string[] = [];
  const pages = { stop: async (...order: string[]) => void orders.push(order) };
  const log = new RunLog({
    nodes: ['n1'],
    algorithm: 'a',
    colours: pico.createColors(false),
    verbosity: 0,
    write: (line) => notes.push(line),
  });
  const outcome = new LiveOutcome(['n1'], log, (text) => text);
  const controller = new AbortController();
  const supervisor = new Supervisor(outcome, pages as unknown as NodePages, log, controller.signal);
  supervisor.begin({ serviceMs: undefined, ...deadlines });
  return { orders, notes, outcome, controller, supervisor };
}

test('a node that ends by itself is told nothing', async () => {
  const { orders, outcome, supervisor } = supervise({ timeoutMs: 1000 });
  outcome.end('n1', goodNode);
  await supervisor.end();
  expect(vi.getTimerCount()).toBe(0);
  expect(orders).toEqual([]);
});

test('time is over: the pages are told, and whoever does not answer is given up', async () => {
  const { orders, outcome, supervisor } = supervise({ timeoutMs: 1000 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(orders).toEqual([['timeout', undefined]]);
  await vi.advanceTimersByTimeAsync(STOP_HEARD_MS + STOP_GRACE_MS);
  expect(outcome.results['n1']).toBeUndefined();
  await vi.advanceTimersByTimeAsync(STOP_ANSWER_MS);
  await supervisor.end();
  expect(outcome.results['n1']).toMatchObject({ status: 'timeout' });
  expect(outcome.results['n1']?.error).toMatch(/did not answer/);
});

test('a service runs its time from when its nodes run, whatever the timeout says', async () => {
  const { orders, outcome } = supervise({ timeoutMs: 1000, serviceMs: 5000 });
  await vi.advanceTimersByTimeAsync(900);
  outcome.take({ kind: 'status', node: 'n1', status: 'running', waitingFor: [] });
  await vi.advanceTimersByTimeAsync(4999);
  expect(orders).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(orders).toEqual([['stopped', undefined]]);
});

test('a service whose nodes never start times out', async () => {
  const { orders } = supervise({ timeoutMs: 1000, serviceMs: 5000 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(orders).toEqual([['timeout', undefined]]);
});

test('an interruption is told at once, and again to nodes that came up meanwhile', async () => {
  const { orders, controller, supervisor } = supervise({ timeoutMs: 1000 });
  controller.abort();
  supervisor.nodesAreUp();
  await vi.advanceTimersByTimeAsync(1000);
  const order = ['stopped', 'the run was interrupted'];
  expect(orders).toEqual([order, order]);
});

test('a barrier that takes long is explained, once for each change', async () => {
  const { notes, outcome } = supervise({ timeoutMs: 60_000 });
  outcome.take({ kind: 'status', node: 'n1', status: 'ready', waitingFor: ['n2', 'n3'] });
  await vi.advanceTimersByTimeAsync(6000);
  outcome.take({ kind: 'status', node: 'n1', status: 'ready', waitingFor: ['n3'] });
  await vi.advanceTimersByTimeAsync(6000);
  expect(notes).toEqual(['· waiting for n2, n3', '· waiting for n3']);
});
