/** A cluster in five tabs, treated badly for ten minutes, or as long as PARLEY_SOAK_MINUTES says. */

import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../e2e/cli-process.ts';
import { serveExample } from '../support/example-page.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { storm } from '../support/raft-chaos.ts';

const minutes = Number(process.env['PARLEY_SOAK_MINUTES'] ?? 10);
const seed = Number(
  process.env['PARLEY_SOAK_FIRST'] ?? crypto.getRandomValues(new Uint32Array(1))[0],
);

test(`five tabs for ${minutes} minutes, seed ${seed}: nothing acknowledged is lost`, async () => {
  const served = await serveExample(path.join(ROOT, 'tests/support/raft-room'));
  onTestFinished(() => served.close());
  const browser = await launchChromium({});
  onTestFinished(() => browser.close());
  const context = await browser.newContext();
  const { origin } = served;
  const report = await storm({ context, origin, room: 'SOAK', forMs: minutes * 60_000, seed });
  const { writes, reads, unknown, faults } = report;
  console.log(`${writes} writes, ${reads} reads, ${unknown} unknown, ${faults.length} faults`);
  expect(writes).toBeGreaterThan(30 * minutes);
});
