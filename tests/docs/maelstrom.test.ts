/** What the manual of Maelstrom's workloads shows is there, and its table is what the commands print. */

import { expect, test } from 'vitest';
import { MAELSTROM_WORKLOADS } from '../../src/maelstrom/workloads/index.ts';
import { parley } from '../e2e/cli-process.ts';
import { expectOptions, manualOf } from './manual.ts';

const manual = manualOf('maelstrom.md');

test('every option is one of a command, and every workload is named', async () => {
  await expectOptions(manual, [['maelstrom'], ['maelstrom-node']], 20);
  for (const name of MAELSTROM_WORKLOADS.keys()) expect(manual).toContain(name);
}, 60_000);

test('a line of the calibration is what its command prints', async () => {
  const [, command = ''] = /```sh\nnpx parley (.*--seed 1.*)\n```/.exec(manual)!;
  const line = manual
    .split('\n')
    .find((row) => row.startsWith('| `--latency 100 --topology tree4`'))!;
  const [, options = '', messages = '', , latencies = ''] = line
    .split('|')
    .map((cell) => cell.trim());
  const words = [...command.split(' '), ...options.replaceAll('`', '').split(' '), '--json'];
  const { stdout } = await parley(words);
  const report = JSON.parse(stdout) as {
    net: { msgs_per_op: number };
    facts: { stable_latency_ms: Record<string, number> };
  };
  const { msgs_per_op } = report.net;
  const quantiles = report.facts.stable_latency_ms;
  expect(msgs_per_op.toFixed(2)).toBe(messages);
  expect([0.5, 0.95, 0.99, 1].map((share) => Math.round(quantiles[share]!)).join(' / ')).toBe(
    latencies,
  );
}, 60_000);
