import pico from 'picocolors';
import { expect, test } from 'vitest';
import { LiveOutcome } from '../../../src/cli/live/live-outcome.ts';
import { groupsOf } from '../../../src/cli/live/node-pages.ts';
import { RunLog } from '../../../src/cli/run/run-log.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { goodNode } from './sample-result.ts';

function outcomeOf(...nodes: string[]) {
  const lines: string[] = [];
  const colours = pico.createColors(false);
  const write = (line: string) => lines.push(line);
  const log = new RunLog({ nodes, algorithm: 'a', colours, verbosity: 0, write });
  return {
    outcome: new LiveOutcome(nodes, log, (text) => text.replace('bundle', 'source')),
    lines,
  };
}

async function isFulfilled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => false)]);
}

test('it has ended when every node has, in whatever order they say so', async () => {
  const { outcome } = outcomeOf('n1', 'n2');
  outcome.take({ kind: 'ended', node: 'n2', result: goodNode });
  expect(outcome.pending).toEqual(['n1']);
  expect(await isFulfilled(outcome.ended)).toBe(false);
  outcome.take({ kind: 'ended', node: 'n1', result: goodNode });
  await outcome.ended;
  expect(Object.keys(outcome.results)).toEqual(['n1', 'n2']);
});

test('it runs when every node has passed the barrier; until then one knows whom it waits for', async () => {
  const { outcome } = outcomeOf('n1', 'n2', 'n3');
  outcome.take({ kind: 'status', node: 'n1', status: 'ready', waitingFor: ['n2', 'n3'] });
  outcome.take({ kind: 'status', node: 'n2', status: 'ready', waitingFor: ['n3'] });
  expect(outcome.waitingFor).toEqual(['n2', 'n3']);
  outcome.take({ kind: 'status', node: 'n1', status: 'running', waitingFor: [] });
  outcome.take({ kind: 'status', node: 'n2', status: 'running', waitingFor: [] });
  expect(await isFulfilled(outcome.running)).toBe(false);
  // One that ended before it ran is waited for no longer.
  outcome.take({ kind: 'problem', node: 'n3', text: 'no worker' });
  await outcome.running;
  expect(outcome.waitingFor).toEqual([]);
});

test('a problem of one node fails it, one of the page fails all that have not ended', async () => {
  const { outcome, lines } = outcomeOf('n1', 'n2', 'n3');
  outcome.take({ kind: 'ended', node: 'n1', result: goodNode });
  outcome.take({ kind: 'problem', node: 'n2', text: 'in bundle.js' });
  outcome.take({ kind: 'problem', text: 'no server' });
  await outcome.ended;
  expect(outcome.results).toMatchObject({
    n1: { status: 'terminated' },
    n2: { status: 'failed' },
    n3: { status: 'failed', error: 'no server' },
  });
  expect(lines.join('\n')).toContain('in source.js');
});

test('what a node is said to have come to later changes nothing', () => {
  const { outcome } = outcomeOf('n1');
  outcome.take({ kind: 'ended', node: 'n1', result: { ...goodNode, error: 'see bundle.js' } });
  outcome.fail('n1', 'the browser is gone');
  outcome.take({ kind: 'ended', node: 'stranger', result: goodNode });
  expect(outcome.results).toEqual({ n1: { ...goodNode, error: 'see source.js' } });
});

test('events come into one order of time', () => {
  const { outcome } = outcomeOf('n1', 'n2');
  const event = (node: string, time: number, sequence: number): TraceEvent => ({
    kind: 'status',
    status: 'running',
    node,
    time,
    sequence,
  });
  outcome.take({ kind: 'trace', events: [event('n2', 1, 1), event('n2', 5, 2)] });
  outcome.take({
    kind: 'trace',
    events: [event('n1', 1, 1), event('n1', 1, 2), event('n1', 9, 3)],
  });
  const order = Array.from(
    outcome.trace(),
    ({ node, time, sequence }) => `${node} ${time} ${sequence}`,
  );
  expect(order).toEqual(['n1 1 1', 'n1 1 2', 'n2 1 1', 'n2 5 2', 'n1 9 3']);
});

test('a page holds eight nodes, a tab one', () => {
  const nodes = Array.from({ length: 17 }, (_, at) => `n${at}`);
  expect(groupsOf(nodes, false).map((group) => group.length)).toEqual([8, 8, 1]);
  expect(groupsOf(nodes, true)).toHaveLength(17);
  expect(groupsOf(nodes, false).flat()).toEqual(nodes);
});
