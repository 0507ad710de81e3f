/**
 * Topics beside those of others, in one run: three tabs of one Chromium over WebRTC, one of which publishes, with Parley, with js-libp2p's
 * gossipsub and with Trystero, each in a browser of its own, one after the other. The same code offers the load and takes the times: messages are
 * published when they are due whatever the system does, how long one took counts from then, and each subscriber confirms each message.
 * js-libp2p and Trystero are installed for the occasion when PARLEY_BENCH_FIELD=1 allows it. PARLEY_BENCH_ROUNDS: three unless given.
 */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { measureTraffic, type Member, type TrafficResult } from '../src/cli/pubsub/bench.ts';
import { Group } from '../src/cli/pubsub/group.ts';
import { bundle, installGuests, printFailure, type Guest } from './field-guests.ts';
import { median, printFigures, type Figure } from './table.ts';

const ROUNDS = Number(process.env['PARLEY_BENCH_ROUNDS'] ?? 3);
const MEMBERS = ['n1', 'n2', 'n3'];
const MESSAGE_BYTES = 100;

/** What is offered: its name, how many, and how many a second. */
const LOADS = [
  { name: '50, 50 ms apart', messages: 50, rate: 20 },
  { name: '10 000 at 1 000/s', messages: 10_000, rate: 1000 },
  { name: '10 000 at 5 000/s', messages: 10_000, rate: 5000 },
];

/** Who has not come through all of it by then has failed. */
const TIMEOUT_MS = 90_000;

/** Three members that have found one another. */
interface Trio {
  readonly members: readonly Member[];
  close(): Promise<void>;
}

interface Subject {
  readonly name: string;
  start(): Promise<Trio>;
}

/** Runs and prints. */
export async function bench(): Promise<void> {
  const isAllowed = process.env['PARLEY_BENCH_FIELD'] === '1';
  if (!isAllowed) console.log('  js-libp2p, Trystero: only with PARLEY_BENCH_FIELD=1');
  const guests = isAllowed ? await installGuests(printFailure) : [];
  try {
    const subjects: Subject[] = [
      { name: PARLEY, start: () => startParley('beside') },
      { name: `${PARLEY}, stored behind`, start: () => startParley('behind') },
    ];
    for (const guest of guests) {
      const scripts = await Promise.all([
        bundle(guest.script, guest.modules),
        bundle('topics-field-page.ts'),
      ]);
      subjects.push({ name: guest.name, start: () => startGuests(guest, scripts) });
    }
    await measure(subjects);
  } finally {
    for (const guest of guests) await guest.close();
  }
}

const PARLEY = 'Parley';

async function measure(subjects: readonly Subject[]): Promise<void> {
  const measured = LOADS.map(() => new Map<string, TrafficResult[]>());
  for (let round = 0; round < ROUNDS; round++) {
    // Nobody is always the first, nor always in the wake of the same one.
    for (let i = 0; i < subjects.length; i++) {
      const subject = subjects[(round + i) % subjects.length]!;
      try {
        await measureOnce(subject, (load, result) => {
          const results = measured[load]!;
          results.set(subject.name, [...(results.get(subject.name) ?? []), result]);
        });
      } catch (error) {
        printFailure(`${subject.name}, round ${round + 1} of ${ROUNDS}`, error);
      }
    }
  }
  const names = subjects.map(({ name }) => name);
  for (const [at, { name, messages }] of LOADS.entries()) {
    console.log(`  ${name}, ${MESSAGE_BYTES} B, two subscribers: ${messages * 2} deliveries`);
    printFigures(KINDS.flatMap((kind) => figures(kind, names, measured[at]!)));
  }
}

async function measureOnce(
  subject: Subject,
  take: (load: number, result: TrafficResult) => void,
): Promise<void> {
  const trio = await inTime(subject.start(), 'does not start');
  try {
    for (const [at, { messages, rate }] of LOADS.entries()) {
      const load = { what: 'latency', messages, rate, bytes: MESSAGE_BYTES } as const;
      take(at, await inTime(measureTraffic(trio.members, load), 'does not come through'));
    }
  } finally {
    await trio.close();
  }
}

/** Signed, encrypted and stored, as `createPubSub({ room })` does it. */
async function startParley(stores: 'beside' | 'behind'): Promise<Trio> {
  const dir = mkdtempSync(path.join(tmpdir(), 'parley-bench-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    const group = await Group.start({ dir, members: MEMBERS.length, storage: 'relaxed', stores });
    return {
      members: [...group.tabs],
      async close() {
        await group.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startGuests(guest: Guest, scripts: readonly string[]): Promise<Trio> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('no browser found: run `npm test` once');
  // For its address alone: pages need one to be trusted with keys.
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: browserFlags(),
  });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  try {
    const context = await browser.newContext();
    const room = `topics-${randomBytes(4).toString('hex')}`;
    const members: Member[] = [];
    const addresses: string[] = [];
    for (const id of MEMBERS) {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.port}/health`);
      for (const content of scripts) await page.addScriptTag({ content, type: 'module' });
      await page.waitForFunction('window.topicGuestTab !== undefined');
      const place = [guest.name, guest.address, room] as const;
      const start = page.evaluate((given) => window.topicGuestTab!.start(...given), place);
      addresses.push(await inTime(start, 'is not let in by its relay'));
      const meet = page.evaluate(
        (others) => window.topicGuestTab!.meet(others).then(() => {}),
        addresses.slice(0, -1),
      );
      await inTime(meet, 'does not connect');
      members.push([id, page]);
    }
    return { members, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function inTime<T>(work: Promise<T>, problem: string): Promise<T> {
  const ended = new AbortController();
  const { signal } = ended;
  const late = wait(TIMEOUT_MS, undefined, { signal }).then(() => {
    throw new Error(`${problem} within ${TIMEOUT_MS / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    ended.abort();
  }
}

interface Kind {
  readonly name: string;
  readonly unit: string;
  readonly of: (result: TrafficResult) => number;
  /** How the rounds are summed up; by the one in the middle unless given. */
  readonly total?: true;
}

const KINDS: readonly Kind[] = [
  { name: 'mean', unit: 'ms', of: ({ mean_ms }) => mean_ms },
  { name: 'p50', unit: 'ms', of: ({ p50_ms }) => p50_ms },
  { name: 'p99', unit: 'ms', of: ({ p99_ms }) => p99_ms },
  { name: 'delivered to each', unit: 'messages/s', of: ({ rate_per_s }) => rate_per_s ?? NaN },
  { name: 'lost, all rounds', unit: 'deliveries', of: ({ lost }) => lost, total: true },
  { name: 'twice, all rounds', unit: 'deliveries', of: (of) => of.duplicates, total: true },
  { name: 'out of order, all rounds', unit: 'deliveries', of: (of) => of.disordered, total: true },
];

function figures(
  { name: kind, unit, of, total }: Kind,
  names: readonly string[],
  measured: ReadonlyMap<string, readonly TrafficResult[]>,
): readonly Figure[] {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const valueOf = (name: string): number => {
    const values = (measured.get(name) ?? []).map(of);
    return total === true ? sum(values) : median(values);
  };
  return names
    .filter((name) => measured.has(name))
    .map((name) => ({
      ...{ name: `${kind}, ${name}`, value: valueOf(name), unit },
      ...(total === true || name === PARLEY || !measured.has(PARLEY)
        ? {}
        : { against: { name: PARLEY, value: valueOf(PARLEY) } }),
    }));
}
