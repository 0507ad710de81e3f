/** `parley spread`: spreads messages among many nodes and prints what it cost. */

import { CLASS_MS, runSpread, type SpreadResult } from '../../lab/spread/run-spread.ts';
import { SpreadError, spreadSpec, type SpreadSpec } from '../../lab/spread/spread-spec.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import type { SpreadCommandOptions } from './spread-options.ts';

/** Runs and prints; the exit status. */
export async function spreadCommand({ json, ...options }: SpreadCommandOptions): Promise<number> {
  const spec = checked(options);
  const isSeen = json !== true && process.stderr.isTTY;
  const result = await runSpread(spec, {
    onProgress: async (published) => {
      if (isSeen) process.stderr.write(`\r${published} messages published`);
      // So that Ctrl-C is heard.
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  if (isSeen) process.stderr.write('\r\u001B[K');
  process.stdout.write(
    json === true ? `${JSON.stringify({ ...spec, ...result })}\n` : text(spec, result),
  );
  return result.missed === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

function checked(options: SpreadCommandOptions): SpreadSpec {
  try {
    return spreadSpec(options);
  } catch (error) {
    if (error instanceof SpreadError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function text(spec: SpreadSpec, result: SpreadResult): string {
  const { protocol, nodes, latencyMin, latencyMax, seed } = spec;
  const { payloads, delivered, expected } = result;
  const classes = result.latencies.map((count, at) => `${(at + 1) * CLASS_MS} ms: ${count}`);
  const types = Object.entries(result.sent).map(([type, count]) => `${type} ${count}`);
  return [
    `${protocol}, ${nodes} nodes, links of ${latencyMin}–${latencyMax} ms, seed ${seed}`,
    `delivered    ${delivered} of ${expected}, ${result.missed} missed, ${result.duplicates} twice`,
    `payloads     ${payloads}: ${result.copies_per_delivery.toFixed(2)} a delivery, redundancy ${result.redundancy.toFixed(3)}`,
    `hops         ${result.hops_mean.toFixed(2)} on average, ${result.hops_max} at most, the last of a message ${result.last_hop_mean.toFixed(1)}`,
    `latency      ${result.latency_mean_ms.toFixed(0)} ms on average, p99 ${result.latency_p99_ms.toFixed(0)}, at most ${result.latency_max_ms.toFixed(0)}`,
    `below        ${classes.join(', ')}`,
    `messages     ${types.join(', ')}`,
    '',
  ].join('\n');
}
