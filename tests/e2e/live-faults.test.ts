/** What goes wrong inside of a node, and what others send to it: it is said where it belongs, and the rest goes on. */

import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../src/net/limits.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import { keepChannels, sendRaw } from '../support/live-channels.ts';

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

test('a message that fails its schema is dropped, counted and logged with its sender', async () => {
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
    expect(run.lines(id)).toEqual([expect.stringMatching(/^dropped 'tally' from n1: .*count/)]);
  }
  await run.close();
});

test('forged, replayed and broken frames are dropped and counted, and the run goes on', async () => {
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
  await run.said('n2', /^dropped '\?' from n1: it is a replay$/);
  await sendRaw(n1, 'n2', forgedFrame());
  await run.said('n2', /^dropped '\?' from n1: the packet’s signature is wrong$/);
  await sendRaw(n1, 'n2', [0, 1, 2, 3]);
  await run.said('n2', /^dropped '\?' from n1: it is no packet$/);

  // Beyond repair: the link is closed and made anew.
  await sendRaw(n1, 'n2', [7]);
  await run.said('n2', /^dropped '\?' from n1: a frame with an unknown flag$/);
  await sendRaw(n1, 'n2', Array(FRAME_BYTES_MAX + 1).fill(0), 2);

  await third.close();
  expect(await run.results(['n1', 'n2'])).toMatchObject({
    n1: { status: 'terminated', report: { gone: ['n3 PeerGone'], released: ['n2'] }, dropped: {} },
    n2: {
      status: 'terminated',
      report: { gone: ['n3 PeerGone'], released: ['n1'] },
      dropped: { signature: 2, malformed: 2 },
    },
  });
  await run.close();
});

test('an endless loop: stop gives a result that explains, and the page survives', async () => {
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
});

test('a worker that dies fails its node, and the others go on without it', async () => {
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

/** A whole packet with a signature of zeros. */
function forgedFrame(): number[] {
  const version = 1;
  return [0, version, 0, 0, 255, 255, ...Array(64).fill(0), 123, 125];
}
