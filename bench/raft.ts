/**
 * Raft among three tabs of one Chromium over WebRTC, as `createRaft({ room })` makes it: how long a command takes, how many there are in a second
 * and what they cost. Beside it stands the least that it could take, measured by the same tabs in turns: one round trip in which everybody makes
 * one transaction. Then what the machine does alone.
 */

import { chromium, type Browser, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { coreCommits } from './raft-core.ts';
import type { BenchStorage } from './raft-page.ts';
import { bundle, percentile99 } from './setup.ts';
import { median, printFigures, type Figure } from './table.ts';

const STORAGES: readonly BenchStorage[] = ['strict', 'relaxed', 'memory'];

/** Commands one by one, in rounds: in between the bare exchange has its turn. */
const ROUNDS = 5;
const ONE_BY_ONE = 100;

const PIPELINED = 20_000;

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('no browser found: run `npm test` once');
  const script = (await bundle('bench/raft-page.ts', false)).text;
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const { executablePath } = found;
  const browser = await chromium.launch({ executablePath, args: browserFlags() });
  try {
    for (const storage of STORAGES) {
      await measure(browser, `http://127.0.0.1:${server.port}/health`, script, storage);
    }
  } finally {
    await browser.close();
    await server.close();
  }
  printFigures(
    [1, 64].map((batch) => ({
      name: `the machine alone, ${batch} together`,
      value: coreCommits(PIPELINED, batch),
      unit: 'commits/s',
    })),
  );
}

async function measure(
  browser: Browser,
  address: string,
  script: string,
  storage: BenchStorage,
): Promise<void> {
  const context = await browser.newContext();
  const pages = await Promise.all(
    [1, 2, 3].map(async () => {
      const page = await context.newPage();
      await page.goto(address);
      await page.addScriptTag({ content: script, type: 'module' });
      await page.waitForFunction('window.raftBench !== undefined');
      return page;
    }),
  );
  const job = { room: `BENCH-${storage}`, storage };
  const start = ({ room, storage: kind }: typeof job) => window.raftBench.start(room, kind);
  await Promise.all(pages.map((page) => page.evaluate(start, job)));
  const leader = await leaderOf(pages);
  const oneByOne = (count: number) =>
    leader.evaluate((given) => window.raftBench.oneByOne(given), count);
  const bare = (count: number) => leader.evaluate((given) => window.raftBench.bare(given), count);
  await oneByOne(ONE_BY_ONE);
  await bare(ONE_BY_ONE);
  const [bareMs, commitMs]: [number[], number[]] = [[], []];
  let messages = 0;
  for (let round = 0; round < ROUNDS; round++) {
    bareMs.push(...(await bare(ONE_BY_ONE)));
    const found = await oneByOne(ONE_BY_ONE);
    commitMs.push(...found.ms);
    messages += found.messages / ROUNDS;
  }
  const figures: Figure[] = [
    against(storage, 'one command, median', median(commitMs), median(bareMs)),
    against(storage, 'one command, p99', percentile99(commitMs), percentile99(bareMs)),
    { name: 'one command, messages of the leader', value: messages, unit: 'a command' },
  ];
  for (const underWay of [256, 1024]) {
    const value = await leader.evaluate(
      ([count, lanes]) => window.raftBench.pipelined(count!, lanes!),
      [PIPELINED, underWay],
    );
    figures.push({ name: `${underWay} under way`, value, unit: 'commands/s' });
  }
  for (const by of ['index', 'lease'] as const) {
    const value = await leader.evaluate(
      ({ count, kind }) => window.raftBench.reads(count, 256, kind),
      { count: PIPELINED, kind: by },
    );
    figures.push({ name: `256 reads under way, by ${by}`, value, unit: 'reads/s' });
  }
  const [heir] = pages.filter((page) => page !== leader) as [Page, Page];
  await leader.close();
  const next = await heir.evaluate(() => window.raftBench.next());
  figures.push({ name: 'the leader’s tab is gone, until the next', value: next, unit: 'ms' });
  printFigures(figures.map((figure) => ({ ...figure, name: `${storage}, ${figure.name}` })));
  await context.close();
}

async function leaderOf(pages: readonly Page[]): Promise<Page> {
  for (;;) {
    for (const page of pages) {
      if (await page.evaluate(() => window.raftBench.isLeading())) return page;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function against(storage: BenchStorage, name: string, value: number, bareMs: number): Figure {
  const least = storage === 'memory' ? 'a round trip' : 'a round trip and a transaction';
  return { name, value, unit: 'ms', against: { name: least, value: bareMs } };
}
