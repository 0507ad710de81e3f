/** The measurements of `parley pubsub bench`, on tabs that are members of one group: WebRTC between them, signed and encrypted. */

import type { Page } from 'playwright';
import type { NodeId } from '../../core/id.ts';
import type { Happened } from '../../lab/pubsub/pubsub-page.ts';
import type { Heard, Offered } from '../../lab/pubsub/measure.ts';
import { hundredths, timesOf, type Times } from '../../lab/pubsub/times.ts';
import type { Served } from './serve.ts';

/** What is measured, and how much of it. */
export interface BenchOptions {
  readonly what: 'latency' | 'throughput' | 'reliability' | 'partition';
  readonly messages: number;
  /** Messages a second; 0: as fast as they can be published. */
  readonly rate: number;
  readonly bytes: number;
  readonly trials: number;
}

/** Milliseconds after which no other trial is begun: the result says how many there were. */
const PARTITIONS_MS_MAX = 900_000;

/** Milliseconds for the last messages to arrive before they count as lost. */
const LINGER_MS = 20_000;

/** Measures. @throws when a tab does */
export async function benchmark(
  group: Served,
  options: BenchOptions,
  progress: (text: string) => void,
): Promise<object> {
  return options.what === 'partition'
    ? partitionResult([await cutOffs(group, options.trials, progress)])
    : traffic(group, options, progress);
}

async function traffic(
  group: Served,
  options: BenchOptions,
  progress: (text: string) => void,
): Promise<object> {
  const all = tabsOf(group);
  const load = await prepared(all, options);
  progress(load.text);
  const before = await networkOf(all);
  const result = await offered(load);
  const after = await networkOf(all);
  return {
    ...result,
    bytes_per_delivery: hundredths((after.bytes - before.bytes) / Math.max(1, result.delivered)),
    batches_twice: after.duplicates - before.duplicates,
  };
}

/** Offers a load to tabs that listen and publish, whatever carries it between them. @throws when a tab does */
export async function measureTraffic(
  members: readonly Member[],
  options: Omit<BenchOptions, 'trials'>,
): Promise<TrafficResult> {
  return offered(await prepared(members, options));
}

/** A tab, and who it is. */
export type Member = readonly [NodeId, Page];

interface Load {
  readonly offer: Offered;
  readonly expected: number;
  readonly speakers: readonly Member[];
  readonly listeners: readonly Member[];
  readonly text: string;
}

/** Everybody listens, and what is cold has been warmed up. */
async function prepared(
  all: readonly Member[],
  { what, messages, rate, bytes }: Omit<BenchOptions, 'trials'>,
): Promise<Load> {
  const topic = `bench/${Date.now().toString(36)}`;
  // `reliability`: everybody speaks. Otherwise one does, and who hears counts.
  const speakers = what === 'reliability' ? all : all.slice(0, 1);
  const listeners = what === 'reliability' || all.length === 1 ? all : all.slice(1);
  await Promise.all(listeners.map(([, tab]) => listen(tab, topic)));
  await warmUp(speakers[0]![1], topic, listeners);
  const count = Math.ceil(messages / speakers.length);
  const expected = count * speakers.length;
  const perSecond = rate === 0 ? 1e9 : rate / speakers.length;
  const names = speakers.map(([id]) => id).join(', ');
  return {
    ...{ offer: { topic, count, perSecond, bytes }, expected, speakers, listeners },
    text: `${names} publish ${expected} messages of ${bytes} bytes${rate === 0 ? '' : `, ${rate} a second`}`,
  };
}

async function offered({ offer, expected, speakers, listeners }: Load): Promise<TrafficResult> {
  await Promise.all(
    speakers.map(([, tab]) => tab.evaluate((given) => window.parleyPubSub.offer(given), offer)),
  );
  return trafficResult(await settled(listeners, expected), expected);
}

/** What all members together have sent, and the batches that they got more than once. */
async function networkOf(
  members: readonly Member[],
): Promise<{ readonly bytes: number; readonly duplicates: number }> {
  const all = await Promise.all(
    members.map(([, tab]) => tab.evaluate(() => window.parleyPubSub.status().metrics)),
  );
  return {
    bytes: all.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    duplicates: all.reduce((sum, { duplicates }) => sum + duplicates, 0),
  };
}

/** The members of a group, each with its tab. */
export function tabsOf(group: Served): Member[] {
  return group.plan.members.map((id) => [id, group.tab(id)]);
}

/** The first messages find the links, the keys and the compiler cold: they are counted by nobody. */
async function warmUp(tab: Page, topic: string, listeners: readonly Member[]): Promise<void> {
  const offer = { topic, count: WARM_UP, perSecond: 500, bytes: 100 };
  await tab.evaluate((given) => window.parleyPubSub.offer(given), offer);
  await settled(listeners, WARM_UP);
  await Promise.all(listeners.map(([, other]) => listen(other, topic)));
}

const WARM_UP = 200;

function listen(tab: Page, topic: string): Promise<void> {
  return tab.evaluate((pattern) => window.parleyPubSub.listen(pattern, 'causal'), topic);
}

/** What everybody heard, when all have everything, or nothing more comes. */
async function settled(listeners: readonly Member[], expected: number): Promise<Heard[]> {
  const deadlineMs = performance.now() + LINGER_MS;
  for (;;) {
    const counts = await Promise.all(
      listeners.map(([, tab]) => tab.evaluate(() => window.parleyPubSub.heard().delivered)),
    );
    if (counts.every((count) => count >= expected) || performance.now() > deadlineMs) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Promise.all(listeners.map(([, tab]) => tab.evaluate(() => window.parleyPubSub.heard())));
}

/** What came of a load: fields as in DAPSS's JSON, and what one needs to judge them. */
export interface TrafficResult {
  readonly messages: number;
  readonly subscribers: number;
  readonly delivered: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly disordered: number;
  /** Messages a second, from the first to the last at the slowest subscriber. */
  readonly rate_per_s: number | null;
  readonly mean_ms: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

function trafficResult(heard: readonly Heard[], expected: number): TrafficResult {
  const sum = (of: (each: Heard) => number): number =>
    heard.reduce((total, each) => total + of(each), 0);
  const times = timesOf(heard.flatMap(({ latenciesMs }) => latenciesMs));
  const slowest = Math.max(...heard.map(({ firstMs, lastMs }) => lastMs - firstMs));
  return {
    messages: expected,
    subscribers: heard.length,
    delivered: sum(({ delivered }) => delivered),
    lost: sum(({ delivered }) => Math.max(0, expected - delivered)),
    duplicates: sum(({ duplicates }) => duplicates),
    disordered: sum(({ disordered }) => disordered),
    rate_per_s: slowest === 0 ? null : hundredths(((expected - 1) * 1000) / slowest),
    ...{ mean_ms: times.mean, p50_ms: times.p50, p95_ms: times.p95, p99_ms: times.p99 },
    max_ms: times.max,
  };
}

/** Cuts one member off and lets it back, again and again: how long until it knows, and until all is well again. */
export async function cutOffs(
  group: Served,
  trials: number,
  progress: (text: string) => void,
): Promise<CutOffs> {
  const members = tabsOf(group);
  const [lone, tab] = members.at(-1)!;
  const others = members.slice(0, -1);
  const alarms = new Alarms(members);
  await alarms.look(undefined);
  const [detected, recovered]: [number[], number[]] = [[], []];
  const beginMs = performance.now();
  for (let trial = 0; trial < trials && performance.now() - beginMs < PARTITIONS_MS_MAX; trial++) {
    // Not in step with the heartbeats.
    await new Promise((resolve) => setTimeout(resolve, 300 + ((trial * 37) % 200)));
    await alarms.look(undefined);
    const cutMs = await cut(tab, others, lone, true);
    const alone = await eventsUntil(tab, (events) => events.some(isMinority));
    detected.push(alone.find(isMinority)!.atMs - cutMs);
    await others[0]![1].evaluate(
      (n) => window.parleyPubSub.publish('bench/partition', n, false),
      trial,
    );
    const healMs = await cut(tab, others, lone, false);
    const isMerged = ({ kind }: Happened): boolean => kind === 'merged';
    const merged = await eventsUntil(
      tab,
      (events) => events.filter(isMerged).length >= others.length,
    );
    recovered.push(Math.max(...merged.filter(isMerged).map(({ atMs }) => atMs)) - healMs);
    await alarms.look(lone);
    progress(
      `${trial + 1} of ${trials}: noticed after ${hundredths(detected.at(-1)!)} ms, whole again after ${hundredths(recovered.at(-1)!)} ms`,
    );
  }
  const watchedMs = performance.now() - beginMs;
  return { detected, recovered, falseAlarms: alarms.count, watchedMs };
}

/** What came of cuts. */
export interface CutOffs {
  /** Milliseconds of each. */
  readonly detected: readonly number[];
  readonly recovered: readonly number[];
  readonly falseAlarms: number;
  readonly watchedMs: number;
}

/** The same as it is printed. */
export interface PartitionResult {
  readonly trials: number;
  readonly detect_ms: Times;
  readonly recover_ms: Times;
  readonly false_alarms: number;
  /** Seconds for which false alarms were counted. */
  readonly watched_s: number;
}

/** Puts together what was measured on one group, or on several side by side. */
export function partitionResult(all: readonly CutOffs[]): PartitionResult {
  const detected = all.flatMap((each) => each.detected);
  const sum = (of: (each: CutOffs) => number): number =>
    all.reduce((total, each) => total + of(each), 0);
  return {
    ...{ trials: detected.length, detect_ms: timesOf(detected) },
    recover_ms: timesOf(all.flatMap((each) => each.recovered)),
    false_alarms: sum(({ falseAlarms }) => falseAlarms),
    watched_s: Math.round(sum(({ watchedMs }) => watchedMs) / 1000),
  };
}

/** Members that were taken for gone by somebody to whom they were linked all the time. */
export class Alarms {
  readonly #members: readonly Member[];
  count = 0;

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /**
   * Counts what came since it looked last.
   *
   * @param lone who was really cut off meanwhile, so that it and the others missed one another; undefined when nobody was
   */
  async look(lone: NodeId | undefined): Promise<void> {
    for (const [id, tab] of this.#members) {
      const events = await takeEvents(tab);
      if (id === lone) continue;
      this.count += events.filter((event) => isMissing(event, lone)).length;
    }
  }
}

/** Whether somebody is missed who was not cut off. */
function isMissing({ kind, detail }: Happened, lone: NodeId | undefined): boolean {
  if (kind !== 'member') return false;
  const { node, is } = detail as { readonly node: NodeId; readonly is: string };
  return is === 'unreachable' && node !== lone;
}

const isMinority = ({ kind, detail }: Happened): boolean =>
  kind === 'partition' && (detail as { readonly side: string }).side === 'minority';

/** Nothing gets through either way, or everything does again; when, on the clock of the tabs. */
async function cut(
  tab: Page,
  others: readonly Member[],
  lone: NodeId,
  isCut: boolean,
): Promise<number> {
  const ids = isCut ? others.map(([id]) => id) : [];
  const times = await Promise.all([
    tab.evaluate((nodes) => window.parleyPubSub.cut(nodes), ids),
    ...others.map(([, other]) =>
      other.evaluate((nodes) => window.parleyPubSub.cut(nodes), isCut ? [lone] : []),
    ),
  ]);
  return Math.max(...times);
}

function takeEvents(tab: Page): Promise<readonly Happened[]> {
  return tab.evaluate(() => window.parleyPubSub.events());
}

async function eventsUntil(
  tab: Page,
  isEnough: (events: readonly Happened[]) => boolean,
): Promise<readonly Happened[]> {
  const deadlineMs = performance.now() + LINGER_MS;
  const events: Happened[] = [];
  while (performance.now() < deadlineMs) {
    events.push(...(await takeEvents(tab)));
    if (isEnough(events)) return events;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('nothing happened in time: the members do not find one another again');
}
