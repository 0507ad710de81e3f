/**
 * Topics between three tabs of one Chromium over WebRTC, signed, encrypted and stored, as `createPubSub({ room })` makes them: DAPSS's set-up like for like
 * (50 messages, 50 ms apart), rates that are offered whatever the system does, and members that are cut off. Each subscriber confirms each message.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { benchmark, type BenchOptions, type Times } from '../src/cli/pubsub/bench.ts';
import { Group } from '../src/cli/pubsub/group.ts';
import { printFigures, type Figure } from './table.ts';

/** What is measured: its name, and how much of it. */
const TRAFFIC: readonly (readonly [name: string, options: Partial<BenchOptions>])[] = [
  ['like DAPSS: 50 messages, 50 ms apart', { messages: 50, rate: 20 }],
  ['150 a second', { messages: 2000, rate: 150 }],
  ['1 000 a second', { messages: 10_000, rate: 1000 }],
  ['5 000 a second', { messages: 20_000, rate: 5000 }],
  ['20 000 a second', { messages: 40_000, rate: 20_000 }],
];

const TRIALS = 50;

interface TrafficResult {
  readonly delivered: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly rate_per_s: number;
  readonly mean_ms: number;
  readonly p99_ms: number;
}

/** Runs and prints. */
export async function bench(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'parley-bench-'));
  const group = await Group.start({ dir, members: 3, storage: 'relaxed' });
  try {
    for (const [name, options] of TRAFFIC) {
      const result = (await benchmark(group, whole(options), () => {})) as TrafficResult;
      printFigures(figuresOf(name, result));
    }
    const partitions = await benchmark(group, whole({ what: 'partition' }), () => {});
    const { detect_ms, recover_ms } = partitions as Readonly<Record<string, Times>>;
    printFigures([
      { name: `cut off: noticed, p99 of ${TRIALS}`, value: detect_ms!.p99, unit: 'ms' },
      { name: 'let back: whole again, p99', value: recover_ms!.p99, unit: 'ms' },
    ]);
  } finally {
    await group.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function figuresOf(name: string, result: TrafficResult): Figure[] {
  return [
    { name: `${name}: mean`, value: result.mean_ms, unit: 'ms' },
    { name: `${name}: p99`, value: result.p99_ms, unit: 'ms' },
    { name: `${name}: delivered to each`, value: result.rate_per_s, unit: 'messages/s' },
    { name: `${name}: lost`, value: result.lost, unit: 'messages' },
    { name: `${name}: twice`, value: result.duplicates, unit: 'messages' },
  ];
}

function whole(options: Partial<BenchOptions>): BenchOptions {
  return { what: 'latency', messages: 1000, rate: 150, bytes: 100, trials: TRIALS, ...options };
}
