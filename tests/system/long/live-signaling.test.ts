/** Signaling that stutters: nodes whose channels live are not gone because the server lost sight of their tab. */

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LOST_MEMBER_GRACE_MS } from '../../../src/net/limits.ts';
import { cutProxy, type CutProxy } from '../../support/cut-proxy.ts';
import { LiveLab, testAlgorithm } from '../../support/live-page.ts';
import { LiveRun } from '../../support/live-run.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test('a tab that loses the signaling server and finds it again has never left the run', async () => {
  const proxy = await proxied();
  const { run, second } = await vigil(proxy.authority);
  proxy.cutLastSocket();
  await thirdNotices(run);
  // That n3 is back is seen when it hears, through the server, that another tab was closed.
  await second.close();
  await Promise.all(['n1', 'n3'].map((id) => run.said(id, /^lost n2: PeerGone$/)));
  await onlySecondIsGone(run);
});

test('a tab that cannot reach the server for long has never left the run, for its links are heard', async () => {
  const proxy = await proxied();
  const { run, second } = await vigil(lab.authority, proxy.authority);
  proxy.refuse();
  await thirdNotices(run);
  // Longer than a tab is waited for whose link is not heard either.
  await new Promise((go) => setTimeout(go, 2 * LOST_MEMBER_GRACE_MS));
  await second.close();
  await onlySecondIsGone(run);
});

/** A proxy before the server, closed with the test. */
async function proxied(): Promise<CutProxy> {
  const proxy = await cutProxy(Number(lab.authority.split(':')[1]));
  onTestFinished(() => proxy.close());
  return proxy;
}

/** Three nodes keep vigil, a tab each; the third, which joins last, finds its signaling there. */
async function vigil(authority: string, signalOfThird = authority) {
  const algorithm = testAlgorithm('Vigil');
  const run = new LiveRun(
    { algorithm, config: 'n1: {}\nn2: {}\nn3: {}\n', patienceMs: 90_000 },
    authority,
    await lab.browser.newContext(),
  );
  onTestFinished(() => run.close());
  const [, second] = await run.startTabs(['n1', 'n2']);
  run.signalAuthority = signalOfThird;
  await run.start(await run.openTab(), 'n3');
  await Promise.all(['n1', 'n2', 'n3'].map((id) => run.said(id, /keeps vigil/)));
  return { run, second: second! };
}

async function thirdNotices(run: LiveRun): Promise<void> {
  await run.until('n3 to notice', (reports) =>
    reports.find((one) => one.kind === 'problem' && one.node === 'n3'),
  );
}

async function onlySecondIsGone(run: LiveRun): Promise<void> {
  for (const [id, result] of Object.entries(await run.results(['n1', 'n3']))) {
    expect(result).toMatchObject({
      status: 'terminated',
      report: { gone: ['n2 PeerGone'], released: [id === 'n1' ? 'n3' : 'n1'] },
    });
  }
}
