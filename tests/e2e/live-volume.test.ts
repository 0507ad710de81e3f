/** Much at once, and too much: large messages and bursts arrive whole and in order, what is beyond the limit is refused at home. */

import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FormatName } from '../../src/core/result.ts';
import { MESSAGE_BYTES_MAX } from '../../src/net/limits.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import type { LiveRun } from '../support/live-run.ts';
import { someOf, test, testOften, testThoroughly } from '../support/often.ts';

const formats: readonly FormatName[] = ['json', 'msgpack'];
const algorithm = testAlgorithm('Freight');

/** Megabytes through SCTP on a busy machine: one lost retransmission after another doubles its time-out, up to a minute. */
const STALL_PATIENCE_MS = 100_000;

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

describe.each(formats)('in %s', (format) => {
  testThoroughly('1 MB messages both ways at once, between workers and between tabs', async () => {
    const config = 'n1: &each { count: 4, size: 1000000, expected: 8 }\nn2: *each\nn3: *each\n';
    const run = await lab.newRun({ algorithm, config, format, patienceMs: STALL_PATIENCE_MS });
    const [page, other] = await Promise.all([run.openTab(), run.openTab()]);
    await Promise.all([run.start(page, 'n1', 'n2'), run.start(other, 'n3')]);
    await expectAll(run, ['n1', 'n2', 'n3'], { received: 8, wrong: 0, error: '' });
    const { bytes_received } = await run.ended('n1');
    expect(bytes_received).toBeGreaterThan(8_000_000);
    await run.close();
  });
});

testOften.each(someOf(formats, 1))('a burst of 10 000 casts in %s', async (format) => {
  const config = 'n1: { count: 10000, size: 20 }\nn2: { expected: 10000 }\n';
  const run = await lab.newRun({ algorithm, config, format });
  await run.startTabs(['n1', 'n2']);
  await expectAll(run, ['n2'], { received: 10_000, wrong: 0, error: '' });
  await expectAll(run, ['n1'], { received: 0, wrong: 0, error: '' });
  await run.close();
});

test('10 MB: the sender is told the limit, and sends what fits', async () => {
  const config = 'n1: { count: 1, size: 10000000 }\nn2: { count: 1, size: 1000, expected: 0 }\n';
  const run = await lab.newRun({ algorithm, config });
  await run.start(await run.openTab(), 'n1', 'n2');
  const results = await run.results(['n1', 'n2']);
  const { error } = results['n1']!.report as { error: string };
  expect(error).toMatch(
    new RegExp(`^MessageTooLarge: 'parcel' has 10\\d{6} bytes; .* ${MESSAGE_BYTES_MAX}\\. `),
  );
  expect(results).toMatchObject({
    n1: { status: 'terminated', messages_sent: 0 },
    n2: { status: 'terminated', messages_sent: 1, dropped: {} },
  });
  await run.close();
});

testThoroughly('a message of exactly the limit arrives', async () => {
  const config = `n1: { count: 1, size: ${MESSAGE_BYTES_MAX - 27} }\nn2: { expected: 1 }\n`;
  const run = await lab.newRun({ algorithm, config });
  await run.start(await run.openTab(), 'n1', 'n2');
  await expectAll(run, ['n2'], { received: 1, wrong: 0 });
  const { bytes_received } = await run.ended('n2');
  expect(bytes_received).toBe(MESSAGE_BYTES_MAX);
  await run.close();
});

async function expectAll(run: LiveRun, nodes: string[], report: object): Promise<void> {
  for (const result of Object.values(await run.results(nodes))) {
    expect(result).toMatchObject({ status: 'terminated', report, dropped: {} });
  }
}
