/** Links that follow the views: few, chosen by the nodes, and made over other nodes when the server is gone. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSignalingServer } from '../../signaling-server/server.ts';
import { LinkTally } from '../../src/lab/link-tally.ts';
import type { PageReport } from '../../src/lab/page-job.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';

const NODES = Array.from({ length: 10 }, (_, i) => `n${i + 1}`);
const SETTINGS = '{ active_size: 3, passive_size: 7, delay: 0.5, bootnodes: [n1, n2] }';
const config = NODES.map((id) => `${id}: ${SETTINGS}\n`).join('');

/** For a busy machine. */
const PATIENCE_MS = 90_000;

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test(
  'ten nodes with views of three: few links, and new ones when server and a node are gone',
  async () => {
    const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
    const run = await lab.newRun({ algorithm: 'hyparview', config, patienceMs: PATIENCE_MS });
    run.signalAuthority = `localhost:${server.port}`;
    const groups = [NODES.slice(0, 5), NODES.slice(5, 9), NODES.slice(9)];
    const pages = await Promise.all(groups.map(() => run.openTab()));
    await Promise.all(groups.map((nodes, at) => run.start(pages[at]!, ...nodes)));
    await run.until('one network of few links', (reports) => {
      const links = tallied(reports);
      return reached(links, NODES).size === NODES.length || undefined;
    });

    await server.close();
    await run.until('everybody to miss the server', (reports) => {
      const missing = new Set(
        reports.flatMap((one) =>
          one.kind === 'problem' && one.node !== undefined ? [one.node] : [],
        ),
      );
      return NODES.every((id) => missing.has(id)) || undefined;
    });
    const before = run.reports.length;
    const known = pairsIn(run.reports);
    // No server tells the others: the page itself says goodbye, or its links fall silent.
    await pages[2]!.goto('about:blank');
    await pages[2]!.close();
    const rest = NODES.slice(0, 9);
    await run.until(
      'links between nodes that never had one, and a network without the dead',
      () => {
        const links = tallied(run.reports);
        const isNew = [...pairsIn(run.reports.slice(before))].some((pair) => !known.has(pair));
        const areRid = rest.every((id) => !links.of(id).has('n10'));
        return (isNew && areRid && reached(links, rest).size === rest.length) || undefined;
      },
    );

    await run.until('the goodbye of the page that ended', (reports) => {
      const isMissed = (one: PageReport) =>
        one.kind === 'status' && one.status === 'running' && !one.waitingFor.includes('n10');
      return reports.slice(before).some(isMissed) || undefined;
    });

    await run.stop('stopped');
    const results = await run.results(rest);
    for (const [id, { status, report }] of Object.entries(results)) {
      expect(status, id).toBe('stopped');
      expect((report['view'] as string[]).length, id).toBeGreaterThan(0);
      expect(report['view'], id).not.toContain('n10');
    }
    // Three in the view, and now and then one to whom an answer goes.
    expect(tallied(run.reports.slice(0, before)).counts.mean).toBeLessThan(7);
    expect(run.pageErrors).toEqual([]);
    await run.close();
  },
  2 * PATIENCE_MS,
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

function tallied(reports: readonly PageReport[]): LinkTally {
  const links = new LinkTally();
  for (const one of reports) if (one.kind === 'link') links.note(one.node, one.to, one.isOpen);
  return links;
}

/** Pairs between which a link was opened. */
function pairsIn(reports: readonly PageReport[]): Set<string> {
  return new Set(
    reports.flatMap((one) =>
      one.kind === 'link' && one.isOpen ? [[one.node, one.to].toSorted().join(' ')] : [],
    ),
  );
}

/** Whom the first can reach over links. */
function reached(links: LinkTally, nodes: readonly string[]): Set<string> {
  const met = new Set(nodes.slice(0, 1));
  // A set that grows while it is walked is walked to its end.
  for (const id of met) for (const to of links.of(id)) if (nodes.includes(to)) met.add(to);
  return met;
}
