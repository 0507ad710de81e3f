/** The signaling server goes away and comes back while nodes talk: they do not notice. */

import { expect, test } from 'vitest';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { openChromium, serveBuiltPage, testAlgorithm } from '../../support/live-page.ts';
import { LiveRun } from '../../support/live-run.ts';

test('a run outlives its server, and finds the next one', async () => {
  const pages = await serveBuiltPage('127.0.0.1');
  let signaling = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const { port } = signaling;
  const browser = await openChromium({});
  try {
    // Long enough to be under way still when the server goes, on a busy machine too.
    const count = 600;
    const ids = ['n1', 'n2', 'n3'];
    const config = ids.map((id) => `${id}: { count: ${count} }`).join('\n');
    const run = new LiveRun(
      { algorithm: testAlgorithm('Courier'), config },
      `localhost:${pages.port}`,
      await browser.newContext(),
    );
    run.signalAuthority = `localhost:${port}`;
    await run.startTabs(ids);
    await run.said('n1', /^50 from n3$/);
    await signaling.close();
    await run.until('all three to notice', (reports) => {
      const noticed = reports.flatMap((one) => (one.kind === 'problem' ? [one.node] : []));
      return ids.every((id) => noticed.includes(id)) || undefined;
    });
    const before = run.lines('n1').length;
    await run.until('words without a server', () => run.lines('n1').length > before || undefined);
    signaling = await startSignalingServer({ port, host: '127.0.0.1' });
    for (const [id, result] of Object.entries(await run.results(ids))) {
      const received = Object.fromEntries(
        ids.filter((other) => other !== id).map((other) => [other, count]),
      );
      expect(result).toMatchObject({
        status: 'terminated',
        report: { received, wrong: 0 },
        dropped: {},
      });
    }
    await run.close();
  } finally {
    await browser.close();
    await signaling.close();
    await pages.close();
  }
});
