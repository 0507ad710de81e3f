/**
 * The field, side by side in one run: two peers in one page, with bare channels and with each library, sending the way its manual says to.
 * simple-peer and PeerJS are there anyway; Trystero and js-libp2p are installed for the occasion when PARLEY_BENCH_FIELD=1 allows it.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { launch } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { bundle, installGuests, printFailure } from './field-guests.ts';
import type { Amounts, Figures } from './field-page.ts';
import { median, printFigures, type Figure } from './table.ts';

const ROUNDS = 3;
const AMOUNTS: Amounts = { connections: 4, casts: 10_000, echoes: 600, frames: 400 };

/** A library that a page can load, and where its peers are introduced to each other. */
interface Subject {
  readonly name: string;
  readonly scripts: readonly string[];
  readonly address: string;
}

/** As much of a page as the bench needs. */
interface BenchPage {
  goto(url: string): Promise<unknown>;
  addScriptTag(script: { readonly content: string; readonly type: string }): Promise<unknown>;
  waitForFunction(condition: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('no browser found: run `npm test` once');
  const isAllowed = process.env['PARLEY_BENCH_FIELD'] === '1';
  if (!isAllowed) console.log('  Trystero, js-libp2p: only with PARLEY_BENCH_FIELD=1');
  const guests = isAllowed ? await installGuests(printFailure) : [];
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${server.port}`;
  try {
    const script = await bundle('field-page.ts');
    const subjects: Subject[] = ['raw', 'simple-peer', 'PeerJS'].map((name) => ({
      name,
      scripts: [script],
      address: origin,
    }));
    for (const { name, script: file, modules, address } of guests) {
      subjects.push({ name, scripts: [await bundle(file, modules), script], address });
    }
    const browser = await chromium.launch({
      executablePath: found.executablePath,
      args: browserFlags(),
    });
    await measure('Chromium', subjects, origin, () => browser.newPage());
    await browser.close();
    const firefox = findFirefox();
    if (firefox === undefined) console.log('  Firefox: there is no firefox-esr here');
    else {
      const fox = await launch({ browser: 'firefox', executablePath: firefox, headless: true });
      await measure('Firefox', subjects, origin, () => fox.newPage());
      await fox.close();
    }
  } finally {
    await server.close();
    for (const guest of guests) await guest.close();
  }
}

async function measure(
  browser: string,
  subjects: readonly Subject[],
  origin: string,
  newPage: () => Promise<BenchPage>,
): Promise<void> {
  const measured = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    // Nobody is always the first, nor always in the wake of the same one.
    for (let i = 0; i < subjects.length; i++) {
      const subject = subjects[(round + i) % subjects.length]!;
      try {
        measured.get(subject.name)!.push(await measureOnce(subject, origin, newPage));
      } catch (error) {
        printFailure(`${browser}, ${subject.name}, round ${round + 1} of ${ROUNDS}`, error);
      }
    }
  }
  const raw = measured.get('raw')!;
  if (raw.length === 0) return;
  const some = [...measured].filter(([, rounds]) => rounds.length > 0);
  printFigures(KINDS.flatMap((kind) => figures(browser, kind, some, raw)));
}

/** A page for each: what one leaves behind does not slow the next. */
async function measureOnce(
  { name, scripts, address }: Subject,
  origin: string,
  newPage: () => Promise<BenchPage>,
): Promise<Figures> {
  const page = await newPage();
  try {
    await page.goto(`${origin}/health`);
    for (const content of scripts) await page.addScriptTag({ content, type: 'module' });
    await page.waitForFunction('window.fieldBench !== undefined');
    const given = [name, address, AMOUNTS].map((value) => JSON.stringify(value));
    return (await page.evaluate(`fieldBench(${given.join(', ')})`)) as Figures;
  } finally {
    await page.close();
  }
}

interface Kind {
  readonly name: string;
  readonly unit: string;
  readonly of: (rounds: readonly Figures[]) => number;
}

const KINDS: readonly Kind[] = [
  {
    name: 'to connect, median',
    unit: 'ms',
    of: (rounds) => median(rounds.flatMap(({ connectMs }) => connectMs)),
  },
  {
    name: '200 B one way',
    unit: 'messages/s',
    of: (rounds) => median(rounds.map(({ castsPerSecond }) => castsPerSecond)),
  },
  {
    name: 'echo, median',
    unit: 'ms',
    of: (rounds) => median(rounds.map(({ echoMs }) => echoMs)),
  },
  {
    name: '16 KiB in bulk',
    unit: 'MB/s',
    of: (rounds) => median(rounds.map(({ bulkMegabytesPerSecond }) => bulkMegabytesPerSecond)),
  },
];

function figures(
  browser: string,
  { name: kind, unit, of }: Kind,
  measured: readonly (readonly [string, readonly Figures[]])[],
  raw: readonly Figures[],
): readonly Figure[] {
  return measured.map(([name, rounds]) => ({
    name: `${browser}, ${kind}, ${name}`,
    value: of(rounds),
    unit,
    ...(rounds === raw ? {} : { against: { name: 'raw', value: of(raw) } }),
  }));
}

function findFirefox(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'firefox-esr'))
    .find(existsSync);
}
