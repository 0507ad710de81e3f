/** Links that follow the views: few, chosen by the nodes; kept, and made over other nodes, when the server is gone. */

import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { LinkTally } from '../../../src/lab/live/link-tally.ts';
import type { PageReport } from '../../../src/lab/page/page-job.ts';
import { LiveLab, testAlgorithm } from '../../support/live-page.ts';

const NODES = Array.from({ length: 10 }, (_, i) => `n${i + 1}`);
/** Contexts are as different browsers: what is broadcast in one is not heard in another. */
const HERE = ['n1', 'n2', 'n3'];
const FAR = ['n7', 'n8', 'n9'];
/** Beside the latecomer in the ring of the barriers, and gone when it comes. */
const DOOMED = ['n4', 'n6'];
const LEAVER = 'n10';
const LATECOMER = 'n5';
const EARLY = NODES.filter((id) => id !== LATECOMER);
const REST = [...HERE, ...FAR, LATECOMER];
/** With six links of eight each, whoever is left when any three are gone is one network: three of five links are a path to anybody. */
const LINKS_TO_LAST = 6;
/** The latecomer knows a name in another browser, and beside that whoever is in the tabs of its own. */
const config = NODES.map((id) => {
  const doors = id === LATECOMER ? 'n8' : 'n1, n2';
  return `${id}: { active_size: 3, passive_size: 7, delay: 0.5, bootnodes: [${doors}] }\n`;
}).join('');

/** For a busy machine. */
const PATIENCE_MS = 90_000;

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test(
  'without a server a network of few links outlives a crash, tells of a goodbye, and takes in whom a tab introduces',
  async () => {
    const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
    const run = await lab.newRun({
      algorithm: 'hyparview',
      config,
      patienceMs: PATIENCE_MS,
      latecomers: [LATECOMER],
      meetsInTabs: true,
    });
    run.signalAuthority = `localhost:${server.port}`;
    const [far, doomed] = [await lab.browser.newContext(), await lab.browser.newContext()];
    run.onClose(() => Promise.all([far.close(), doomed.close()]));
    const here = await run.openTab();
    const [farTab, leaver] = [await run.openTab(undefined, far), await run.openTab(undefined, far)];
    const doomedTab = await run.openTab(undefined, doomed);
    await Promise.all([
      run.start(here, ...HERE),
      run.start(farTab, ...FAR),
      run.start(leaver, LEAVER),
      run.start(doomedTab, ...DOOMED),
    ]);
    await run.until('one network, whose links come and go', (reports) => {
      const links = tallied(reports);
      const isWhole = reached(links, EARLY).size === EARLY.length;
      return (isWhole && links.counts.closed > 0) || undefined;
    });

    await server.close();
    await run.until('everybody to miss the server', (reports) => {
      const missing = new Set(reports.flatMap((one) => (one.kind === 'problem' ? [one.node] : [])));
      return EARLY.every((id) => missing.has(id)) || undefined;
    });
    await run.until('everybody to keep links that nobody wants', (reports) => {
      const links = tallied(reports);
      return EARLY.every((id) => links.of(id).size >= LINKS_TO_LAST) || undefined;
    });
    const before = run.reports.length;
    await crash(doomedTab);
    // No server tells the others: the page itself says goodbye.
    await leaver.goto('about:blank');
    await leaver.close();
    const beside = await run.openTab();
    await run.start(beside, LATECOMER);

    await run.until('everybody to hear of the goodbye', (reports) => {
      const knowing = new Set(
        reports
          .slice(before)
          .flatMap((one) =>
            one.kind === 'status' && one.status === 'running' && !one.waitingFor.includes(LEAVER)
              ? [one.node]
              : [],
          ),
      );
      return [...HERE, ...FAR].every((id) => knowing.has(id)) || undefined;
    });
    await run.until('the latecomer to run', (reports) => {
      const isRunning = (one: PageReport) =>
        one.kind === 'status' && one.node === LATECOMER && one.status === 'running';
      return reports.some(isRunning) || undefined;
    });
    // Nothing but nodes can have carried what the two said to each other. It may well have dropped that neighbour since.
    await run.until('the latecomer to have been a neighbour far away', (reports) => {
      const isFar = (one: PageReport) =>
        one.kind === 'link' && one.isOpen && one.node === LATECOMER && FAR.includes(one.to);
      return reports.some(isFar) || undefined;
    });
    await run.until('a network without the dead', (reports) => {
      const links = tallied(reports);
      const areRid = REST.every((id) =>
        [...DOOMED, LEAVER].every((dead) => !links.of(id).has(dead)),
      );
      return (areRid && reached(links, REST).size === REST.length) || undefined;
    });

    await run.stop('stopped');
    const results = await run.results(REST);
    for (const [id, { status, report }] of Object.entries(results)) {
      expect(status, id).toBe('stopped');
      // Not how many there are: pages are stopped one after the other, and the last may have missed the first.
      for (const dead of [...DOOMED, LEAVER]) expect(report['view'], id).not.toContain(dead);
    }
    expect(run.pageErrors).toEqual([]);
    await run.close();
  },
  3 * PATIENCE_MS,
);

test(
  'a liar that floods is bounded and counted, and the others go on',
  async () => {
    const nodes = NODES.slice(0, 6);
    const run = await lab.newRun({
      algorithm: testAlgorithm('LyingSampler'),
      config: nodes.map((id) => `${id}: { view_size: 4, heal: 1, swap: 1, delay: 0.3 }\n`).join(''),
      patienceMs: PATIENCE_MS,
    });
    const pages = [await run.openTab(), await run.openTab()];
    await run.start(pages[0]!, 'n1');
    await run.start(pages[1]!, ...nodes.slice(1));
    await run.said('n1', /^a million descriptors are told$/);
    // What is refused is said, and by whom it came.
    await run.until('everybody to refuse what n1 says, again and again', () =>
      nodes.slice(1).every((id) => run.lines(id).filter((line) => LIE.test(line)).length >= 20)
        ? true
        : undefined,
    );
    await run.stop('stopped');
    const results = await run.results(nodes);
    for (const [id, { status, report, dropped }] of Object.entries(results)) {
      expect(status, id).toBe('stopped');
      const view = report['view'] as string[];
      expect(new Set(view).size, id).toBe(view.length);
      expect(view.length, id).toBeLessThanOrEqual(4);
      for (const peer of view) expect(nodes.filter((other) => other !== id)).toContain(peer);
      if (id === 'n1') continue;
      expect(dropped.schema, id).toBeGreaterThanOrEqual(10);
      expect(report['exchanges'], id).toBeGreaterThan(0);
    }
    expect(run.pageErrors).toEqual([]);
    await run.close();
  },
  2 * PATIENCE_MS,
);

/** What a node says of a message that it refuses. */
const LIE = /^dropped '(push|exchange)' from n1: /;

/** The process of the page dies: it says nothing to anybody. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  // It never answers.
  session.send('Page.crash').catch(() => {});
  await page.waitForEvent('crash');
  await page.close();
}

function tallied(reports: readonly PageReport[]): LinkTally {
  const links = new LinkTally();
  for (const one of reports) if (one.kind === 'link') links.note(one.node, one.to, one.isOpen);
  return links;
}

/** Whom the first can reach over links. */
function reached(links: LinkTally, nodes: readonly string[]): Set<string> {
  const met = new Set(nodes.slice(0, 1));
  // A set that grows while it is walked is walked to its end.
  for (const id of met) for (const to of links.of(id)) if (nodes.includes(to)) met.add(to);
  return met;
}
