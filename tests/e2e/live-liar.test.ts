/** A sampler over real links among whom one lies and floods. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';

const NODES = Array.from({ length: 6 }, (_, i) => `n${i + 1}`);

/** For a busy machine. */
const PATIENCE_MS = 90_000;

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test(
  'a liar that floods is bounded and counted, and the others go on',
  async () => {
    const nodes = NODES;
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
