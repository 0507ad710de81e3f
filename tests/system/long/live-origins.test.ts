/** Browsers with less than everything: no WebCrypto on plain http, no transfer of data channels into workers. */

import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepChannels } from '../../support/live-channels.ts';
import { LiveLab, testAlgorithm } from '../../support/live-page.ts';
import type { LiveRun } from '../../support/live-run.ts';

const nodes = ['n1', 'n2', 'n3', 'n4'];
const bracha = [
  'n1: { is_sender: true, broadcast_value: over plain http }',
  ...nodes.slice(1).map((id) => `${id}: { is_sender: false }`),
].join('\n');

describe('an insecure origin', () => {
  let lab: LiveLab;
  beforeAll(async () => {
    // A name that only this browser resolves: plain http under anything but localhost is no secure context.
    const flags = ['--host-resolver-rules=MAP classroom.test 127.0.0.1'];
    lab = await LiveLab.open({ host: 'classroom.test', flags });
  });
  afterAll(() => lab?.close());

  test('has no WebCrypto, and Bracha delivers', async () => {
    const run = await lab.newRun({ algorithm: 'bracha', config: bracha });
    const pages = await run.startTabs(nodes);
    const found = await Promise.all(pages.map(securityOf));
    expect(found).toEqual(pages.map(() => ({ isSecure: false, hasWebCrypto: false })));
    await expectDelivered(run);
    await run.close();
  });
});

describe('a browser that cannot transfer data channels', () => {
  let lab: LiveLab;
  beforeAll(async () => {
    lab = await LiveLab.open();
  });
  afterAll(() => lab?.close());

  test('relays through the page, among its like', async () => {
    const run = await lab.newRun({ algorithm: 'bracha', config: bracha, format: 'msgpack' });
    const pages = await run.startTabs(nodes, keepChannels);
    await expectDelivered(run);
    // The pages have all channels: none went into a worker.
    const kept = pages.map((page) => page.evaluate(() => window.keptChannels.length));
    for (const count of await Promise.all(kept)) expect(count).toBeGreaterThanOrEqual(3);
    await run.close();
  });

  test('carries large messages and bursts both ways with one that can', async () => {
    const run = await lab.newRun({
      algorithm: testAlgorithm('Freight'),
      config: [
        'n1: { count: 4, size: 1000000, expected: 3000 }',
        'n2: { count: 3000, size: 50, expected: 4 }',
      ].join('\n'),
    });
    const [relaying, ordinary] = await Promise.all([run.openTab(keepChannels), run.openTab()]);
    await Promise.all([run.start(relaying, 'n1'), run.start(ordinary, 'n2')]);
    expect(await run.results(['n1', 'n2'])).toMatchObject({
      n1: { status: 'terminated', report: { received: 3000, wrong: 0 }, dropped: {} },
      n2: { status: 'terminated', report: { received: 4, wrong: 0 }, dropped: {} },
    });
    await run.close();
  });
});

function securityOf(page: Page): Promise<{ isSecure: boolean; hasWebCrypto: boolean }> {
  return page.evaluate(() => ({ isSecure: isSecureContext, hasWebCrypto: 'subtle' in crypto }));
}

async function expectDelivered(run: LiveRun): Promise<void> {
  for (const result of Object.values(await run.results(nodes))) {
    expect(result).toMatchObject({
      status: 'terminated',
      report: { delivered_value: 'over plain http' },
      dropped: {},
    });
  }
  expect(run.pageErrors).toEqual([]);
}
