/** What goes wrong inside of a node, and what others send to it: it is said where it belongs, and the rest goes on. */

import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { FRAME_BYTES_MAX } from '../../src/net/limits.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import { keepChannels, sendRaw } from '../support/live-channels.ts';
import { test, testThoroughly } from '../support/often.ts';

/** Three seconds are the worker’s; the rest is for a machine whose processors are taken by that loop and by other tests. */
const STOP_MS_MAX = 5000;

const three = 'n1: {}\nn2: {}\nn3: {}\n';
const nodes = ['n1', 'n2', 'n3'];

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test('a handler that throws fails its node, with the stack; the others are told and stop', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Cellar'), config: three });
  await run.startTabs(nodes);
  const { n1, n2, n3 } = await run.results(nodes);
  const text = "handler 'rain' of cellar, message from n1: the cellar is flooded";
  expect(n2).toMatchObject({ status: 'failed' });
  expect(n2!.error!.split('\n')[0]).toBe(text);
  expect(n2!.error).toMatch(/\n\s+at .*\brain\b.*\.js:\d+:\d+/);
  for (const result of [n1, n3]) {
    expect(result).toMatchObject({ status: 'stopped', error: `n2 failed: ${text}` });
  }
  await run.close();
});

testThoroughly(
  'a message that fails its schema is dropped, counted and logged with its sender',
  async () => {
    const run = await lab.newRun({ algorithm: testAlgorithm('Misfit'), config: three });
    await run.start(await run.openTab(), ...nodes);
    const results = await run.results(nodes);
    expect(results['n1']).toMatchObject({ status: 'terminated', dropped: {} });
    for (const id of ['n2', 'n3']) {
      expect(results[id]).toMatchObject({
        status: 'terminated',
        report: { counted: 3 },
        dropped: { schema: 1 },
        messages_received: { misfit: 1 },
      });
      expect(run.lines(id).filter((line) => line.startsWith('dropped'))).toEqual([
        expect.stringMatching(/^dropped 'tally' from n1: .*count/),
      ]);
    }
    await run.close();
  },
);

test('frames that come again are ignored, broken ones close the link, and the run goes on over the next', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Vigil'), config: three });
  // Of these two the pages keep the channels, so that a test can write on them what no node would.
  const pages = await run.startTabs(['n1', 'n2'], keepChannels);
  const third = await run.openTab();
  await run.start(third, 'n3');
  await run.until('all questions', () => {
    const isAsked = (id: string) => run.lines(id).filter((text) => text === 'holds').length === 2;
    return nodes.every(isAsked) || undefined;
  });
  const [n1] = pages as [Page, Page];

  await sendRaw(n1, 'n2', 'replay');
  await sendRaw(n1, 'n2', [7]);
  await run.said('n2', /^dropped '\?' from n1: it sent something that is no frame$/);
  await sendRaw(n1, 'n2', Array(FRAME_BYTES_MAX + 1).fill(0), 2);

  await third.close();
  expect(await run.results(['n1', 'n2'])).toMatchObject({
    n1: { status: 'terminated', report: { gone: ['n3 PeerGone'], released: ['n2'] }, dropped: {} },
    n2: {
      status: 'terminated',
      report: { gone: ['n3 PeerGone'], released: ['n1'] },
      dropped: { malformed: 1 },
    },
  });
  await run.close();
});

testThoroughly(
  'an endless loop: stop gives a result that explains, and the page survives',
  async () => {
    const run = await lab.newRun({ algorithm: testAlgorithm('Spinner'), config: three });
    const page = await run.openTab();
    await run.start(page, ...nodes);
    // The others may never start: it is in the loop as soon as it knows of them, and may not have told them yet that it is ready.
    await run.said('n2', /^starts$/);
    const stoppedMs = performance.now();
    await run.stop('stopped', 'enough');
    const results = await run.results(nodes);
    expect(performance.now() - stoppedMs).toBeLessThan(STOP_MS_MAX);
    expect(results).toMatchObject({
      n1: { status: 'stopped', error: 'enough' },
      n2: {
        status: 'failed',
        error: 'it did not stop when it was told to: its code never yields',
      },
      n3: { status: 'stopped', error: 'enough' },
    });
    expect(await page.title()).toBe('Parley: nodes');
    await run.close();
  },
);

testThoroughly('a worker that dies fails its node, and the others go on without it', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Outlaw'), config: three });
  await run.startTabs(nodes);
  const { n1, n2, n3 } = await run.results(nodes);
  expect(n2).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('outside of every turn') as string,
  });
  for (const result of [n1, n3]) expect(result).toMatchObject({ status: 'terminated' });
  for (const id of ['n1', 'n3']) {
    expect(run.lines(id)).toContain('n2 does not answer: PeerGone');
  }
  await run.close();
});

describe('weather that was asked for', () => {
  test('doubles messages on one link, loses them on another, and is counted', async () => {
    const run = await lab.newRun({
      algorithm: testAlgorithm('Metronome'),
      config: three,
      faults: { links: { 'n1->n2': { duplication: 1 }, 'n1->n3': { loss: 1 } } },
    });
    await run.startTabs(nodes);
    await run.said('n1', /^20 beats$/);
    await run.stop('stopped');
    const results = await run.results(nodes);
    const heard = (id: string) => results[id]!.report['heard'] as Record<string, number>;
    // All three beat alike, and what one has heard at its end is counted at one moment.
    expect(heard('n2')['n1']).toBeGreaterThan(1.5 * heard('n2')['n3']!);
    expect(heard('n3')['n1']).toBeUndefined();
    expect(heard('n3')['n2']).toBeGreaterThan(0.5 * heard('n2')['n3']!);
    const fired = run.reports.find((one) => one.kind === 'ended' && one.node === 'n1');
    expect(fired).toMatchObject({ faults: { duplication: expect.any(Number) as number } });
    await run.close();
  });

  test('lets a node stand still for a while; what waited comes in order', async () => {
    const run = await lab.newRun({
      algorithm: testAlgorithm('Courier'),
      config: nodes.map((id) => `${id}: { count: 100, pause_ms: 20 }`).join('\n'),
      faults: { pauses: [{ node: 'n3', at: '1500ms', for: '1s' }], latency: '5-20' },
    });
    await run.startTabs(nodes);
    for (const { status, report } of Object.values(await run.results(nodes))) {
      expect({ status, wrong: report['wrong'] }).toEqual({ status: 'terminated', wrong: 0 });
    }
    await run.close();
  });
});
