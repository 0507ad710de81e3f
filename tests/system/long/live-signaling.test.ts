/** Signaling that stutters: nodes whose channels live are not gone because the server lost sight of their tab. */

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LOST_MEMBER_GRACE_MS } from '../../../src/net/limits.ts';
import { cutProxy } from '../../support/cut-proxy.ts';
import { LiveLab, testAlgorithm } from '../../support/live-page.ts';
import { LiveRun } from '../../support/live-run.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test('a tab that loses the signaling server and finds it again has never left the run', async () => {
  const proxy = await cutProxy(Number(lab.authority.split(':')[1]));
  onTestFinished(() => proxy.close());
  const run = new LiveRun(
    { algorithm: testAlgorithm('Vigil'), config: 'n1: {}\nn2: {}\nn3: {}\n' },
    proxy.authority,
    await lab.browser.newContext(),
  );
  const pages = await run.startTabs(['n1', 'n2']);
  const third = await run.openTab();
  await run.start(third, 'n3');
  await Promise.all(['n1', 'n2', 'n3'].map((id) => run.said(id, /keeps vigil/)));

  proxy.cutLastSocket();
  await run.until('n3 to notice', (reports) =>
    reports.find((one) => one.kind === 'problem' && one.node === 'n3'),
  );
  // That n3 is back is seen when it hears, through the server, that another tab was closed.
  await pages[1]!.close();
  await Promise.all(['n1', 'n3'].map((id) => run.said(id, /^lost n2: PeerGone$/)));
  for (const [id, result] of Object.entries(await run.results(['n1', 'n3']))) {
    const other = id === 'n1' ? 'n3' : 'n1';
    expect(result).toMatchObject({
      status: 'terminated',
      report: { gone: ['n2 PeerGone'], released: [other] },
    });
  }
  await run.close();
});

test('a tab that cannot reach the server for long has never left the run, for its links are heard', async () => {
  const proxy = await cutProxy(Number(lab.authority.split(':')[1]));
  onTestFinished(() => proxy.close());
  const context = await lab.browser.newContext();
  const run = new LiveRun(
    { algorithm: testAlgorithm('Vigil'), config: 'n1: {}\nn2: {}\nn3: {}\n', patienceMs: 90_000 },
    lab.authority,
    context,
  );
  const pages = await run.startTabs(['n1', 'n2']);
  run.signalAuthority = proxy.authority;
  const third = await run.openTab();
  await run.start(third, 'n3');
  await Promise.all(['n1', 'n2', 'n3'].map((id) => run.said(id, /keeps vigil/)));

  proxy.refuse();
  await run.until('n3 to notice', (reports) =>
    reports.find((one) => one.kind === 'problem' && one.node === 'n3'),
  );
  // Longer than a tab is waited for whose link is not heard either.
  await new Promise((go) => setTimeout(go, 2 * LOST_MEMBER_GRACE_MS));
  await pages[1]!.close();
  for (const [id, result] of Object.entries(await run.results(['n1', 'n3']))) {
    expect(result).toMatchObject({
      status: 'terminated',
      report: { gone: ['n2 PeerGone'], released: [id === 'n1' ? 'n3' : 'n1'] },
    });
  }
  await run.close();
});
