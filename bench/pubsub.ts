/**
 * Topics between three tabs of one Chromium over WebRTC, signed, encrypted and stored, as `createPubSub({ room })` makes them. Rates are offered
 * whatever the system does, how long a message took counts from the time at which it was due, and each subscriber confirms each message. First
 * what is published is stored before it is said, then beside that (as it is unless a program says otherwise), then a moment behind. First of all
 * comes what nobody gets below: how long a bare channel takes one way. PARLEY_BENCH_TRIALS says how often a member is cut off; 200 times unless
 * given.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Alarms,
  benchmark,
  cutOffs,
  partitionResult,
  tabsOf,
  type BenchOptions,
  type TrafficResult,
} from '../src/cli/pubsub/bench.ts';
import { Group } from '../src/cli/pubsub/group.ts';
import { timesOf, type Times } from '../src/lab/pubsub/times.ts';
import { median, printFigures, type Figure } from './table.ts';

const MESSAGE_BYTES = 100;
const TRIALS = Number(process.env['PARLEY_BENCH_TRIALS'] ?? 200);
/** Groups in which members are cut off at the same time. */
const GROUPS = 2;

/** What is measured: its name, and how much of it. */
const TRAFFIC: readonly (readonly [name: string, options: Partial<BenchOptions>])[] = [
  ['like DAPSS: 50 messages, 50 ms apart', { messages: 50, rate: 20 }],
  ['150 a second', { messages: 1500, rate: 150 }],
  ['1 000 a second', { messages: 10_000, rate: 1000 }],
  ['5 000 a second', { messages: 20_000, rate: 5000 }],
  ['20 000 a second', { messages: 100_000, rate: 20_000 }],
  ['100 000 a second are offered', { messages: 100_000, rate: 100_000 }],
];

const STORED = { before: 'before it is said', beside: 'while it is said', behind: 'behind' };

/** Messages a second from which a rate is compared with the bare channel. */
const COMPARED_FROM = 5000;

/** A rate is sustained when all of it is delivered, 99 of 100 within so many milliseconds. */
const SUSTAINED_P99_MS = 20;
/** Between these the highest such rate is looked for, so many times by halves, each with so many seconds of messages. */
const [RATE_MIN, RATE_MAX, HALVINGS, SECONDS] = [1000, 41_000, 5, 2];

/** Runs and prints. */
export async function bench(): Promise<void> {
  for (const stores of ['before', 'beside', 'behind'] as const) {
    await withGroup(stores, async (group) => {
      console.log(`  stored ${STORED[stores]}`);
      const [oneWay, raw] = await rawChannel(group);
      printFigures([
        { name: 'raw channel, 50 ms apart, one way: mean', value: oneWay.mean, unit: 'ms' },
        { name: 'raw channel, 50 ms apart, one way: p99', value: oneWay.p99, unit: 'ms' },
        { name: 'raw channel, 100 B one by one', value: raw, unit: 'messages/s' },
      ]);
      await measureTraffic(group, raw);
    });
  }
  await measurePartitions();
}

async function withGroup<T>(
  stores: keyof typeof STORED,
  measure: (group: Group) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), 'parley-bench-'));
  const group = await Group.start({ dir, members: 3, storage: 'relaxed', stores });
  try {
    return await measure(group);
  } finally {
    await group.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureTraffic(group: Group, raw: number): Promise<void> {
  const alarms = new Alarms(tabsOf(group));
  await alarms.look(undefined);
  const beginMs = performance.now();
  for (const [name, options] of TRAFFIC) {
    printFigures(
      figuresOf(name, await load(group, options), options.rate! >= COMPARED_FROM ? raw : undefined),
    );
  }
  let [sustained, tooMuch] = [0, RATE_MAX];
  for (let halving = 0; halving <= HALVINGS; halving++) {
    const rate = Math.round(
      halving === 0 ? RATE_MIN : (Math.max(sustained, RATE_MIN) + tooMuch) / 2,
    );
    const { lost, p99_ms } = await load(group, { messages: rate * SECONDS, rate });
    if (lost === 0 && p99_ms <= SUSTAINED_P99_MS) sustained = rate;
    else tooMuch = rate;
  }
  await alarms.look(undefined);
  printFigures([
    {
      name: `highest rate found with p99 ≤ ${SUSTAINED_P99_MS} ms, none lost`,
      ...{ value: sustained, unit: 'messages/s', against: { name: 'raw', value: raw } },
    },
    { name: 'missed without a reason', value: alarms.count, unit: 'times' },
    {
      name: 'so long watched for that',
      value: (performance.now() - beginMs) / 60_000,
      unit: 'minutes',
    },
  ]);
}

/** In groups side by side: nearly all of a trial is waiting. */
async function measurePartitions(): Promise<void> {
  const share = Math.ceil(TRIALS / GROUPS);
  const groups = Array.from({ length: GROUPS }, () =>
    withGroup('beside', (group) => cutOffs(group, share, () => {})),
  );
  const result = partitionResult(await Promise.all(groups));
  const { trials, detect_ms, recover_ms, false_alarms, watched_s } = result;
  printFigures([
    { name: 'a member is cut off, and let back', value: trials, unit: 'times' },
    { name: 'noticed: mean', value: detect_ms.mean, unit: 'ms' },
    { name: 'noticed: p99', value: detect_ms.p99, unit: 'ms' },
    { name: 'whole again: mean', value: recover_ms.mean, unit: 'ms' },
    { name: 'whole again: p99', value: recover_ms.p99, unit: 'ms' },
    { name: 'missed without a reason', value: false_alarms, unit: 'times' },
    { name: 'so long watched for that', value: watched_s / 60, unit: 'minutes' },
  ]);
}

type Load = TrafficResult & { readonly bytes_per_delivery: number; readonly batches_twice: number };

async function load(group: Group, options: Partial<BenchOptions>): Promise<Load> {
  return (await benchmark(group, whole(options), () => {})) as Load;
}

/** @param raw what a bare channel carries; undefined where so little is offered that it says nothing */
function figuresOf(name: string, result: Load, raw: number | undefined): Figure[] {
  const against = raw === undefined ? {} : { against: { name: 'raw', value: raw } };
  return [
    { name: `${name}: mean`, value: result.mean_ms, unit: 'ms' },
    { name: `${name}: p50`, value: result.p50_ms, unit: 'ms' },
    { name: `${name}: p99`, value: result.p99_ms, unit: 'ms' },
    {
      name: `${name}: delivered to each`,
      ...{ value: result.rate_per_s ?? Number.NaN, unit: 'messages/s', ...against },
    },
    { name: `${name}: lost`, value: result.lost, unit: 'messages' },
    { name: `${name}: twice`, value: result.duplicates, unit: 'messages' },
    { name: `${name}: sent a delivery`, value: result.bytes_per_delivery, unit: 'bytes' },
    { name: `${name}: came twice on the links`, value: result.batches_twice, unit: 'batches' },
  ];
}

function whole(options: Partial<BenchOptions>): BenchOptions {
  return {
    ...{ what: 'latency', messages: 1000, rate: 150, bytes: MESSAGE_BYTES, trials: TRIALS },
    ...options,
  };
}

/**
 * How long a bare data channel takes from worker to worker in the same browser, and what it carries: nothing signed, encrypted or stored, one
 * receiver.
 */
async function rawChannel(group: Group): Promise<readonly [oneWay: Times, perSecond: number]> {
  const tab = group.tab(undefined);
  const page = await tab.context().newPage();
  try {
    await page.goto(tab.url());
    const script = readFileSync(new URL('raw-channels-page.js', import.meta.url), 'utf8');
    await page.addScriptTag({ content: script, type: 'module' });
    await page.waitForFunction('window.rawBench !== undefined');
    const paced = `rawBench('paced', 'timed', 100, ${MESSAGE_BYTES}, 50)`;
    const oneWay = timesOf(await page.evaluate<number[]>(paced));
    const rates: number[] = [];
    for (let round = 0; round < 3; round++) {
      const rate = await page.evaluate(`rawBench('flood', 'sink', 40000, ${MESSAGE_BYTES}, 1)`);
      rates.push(rate as number);
    }
    return [oneWay, median(rates)];
  } finally {
    await page.close();
  }
}
