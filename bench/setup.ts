/**
 * Setting a connection up: from nothing until its three channels are open at both ends, both of them in one page, one after the other. Each
 * transport stands beside bare RTCPeerConnections in the same page, in turns; and what each of them adds to a page.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { launch } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { LINK_KINDS } from '../src/net/rtc/transport.ts';
import { startSignalingServer } from '../signaling-server/server.ts';
import type { Subject } from './setup-page.ts';
import { median, printFigures, type Figure } from './table.ts';

const SUBJECTS: readonly Subject[] = ['raw', ...LINK_KINDS, 'restart'];

/** Connections of each kind in a round. Each round has a page of its own: closed ones count until they are collected, and Chromium makes 500. */
const CONNECTIONS = 40;

/** Firefox takes ten times as long. */
const ROUNDS = { chromium: 10, firefox: 3 };

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
  const script = (await bundle('bench/setup-page.ts', false)).text;
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  try {
    const browser = await chromium.launch({
      executablePath: found.executablePath,
      args: browserFlags(),
    });
    await measure('Chromium', script, server.port, ROUNDS.chromium, () => browser.newPage());
    await browser.close();
    const firefox = findFirefox();
    if (firefox === undefined) console.log('  Firefox: there is no firefox-esr here');
    else {
      const fox = await launch({ browser: 'firefox', executablePath: firefox, headless: true });
      await measure('Firefox', script, server.port, ROUNDS.firefox, () => fox.newPage());
      await fox.close();
    }
  } finally {
    await server.close();
  }
  await printSizes();
}

async function measure(
  browser: string,
  script: string,
  port: number,
  rounds: number,
  newPage: () => Promise<BenchPage>,
): Promise<void> {
  const times = new Map<Subject, number[]>(SUBJECTS.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    const page = await newPage();
    await page.goto(`http://127.0.0.1:${port}/health`);
    await page.addScriptTag({ content: script, type: 'module' });
    await page.waitForFunction('window.setupBench !== undefined');
    // Nobody is always the first, nor always in the wake of the same one.
    for (const subject of [
      ...SUBJECTS.slice(round % SUBJECTS.length),
      ...SUBJECTS.slice(0, round % SUBJECTS.length),
    ]) {
      const expression = `setupBench('${subject}', ${CONNECTIONS}, ${port})`;
      times.get(subject)!.push(...((await page.evaluate(expression)) as number[]));
    }
    await page.close();
  }
  const raw = times.get('raw')!;
  printFigures(
    [...times].flatMap(([subject, all]): Figure[] => {
      const name = `${browser}, ${NAMES[subject]}`;
      return [
        {
          name: `${name}, median`,
          value: median(all),
          unit: 'ms',
          against: { name: 'raw', value: median(raw) },
        },
        {
          name: `${name}, p99`,
          value: percentile99(all),
          unit: 'ms',
          against: { name: 'raw', value: percentile99(raw) },
        },
      ];
    }),
  );
}

const NAMES: Readonly<Record<Subject, string>> = {
  raw: 'raw',
  'simple-peer': 'simple-peer',
  peerjs: 'PeerJS',
  native: 'native',
  restart: 'native, a new way described on a connection that is up',
};

/** What each transport adds to a page that has none, its library included. */
async function printSizes(): Promise<void> {
  const sizes = await Promise.all(
    LINK_KINDS.map(async (kind) => ({ kind, ...(await bundle(`src/net/rtc/${kind}.ts`, true)) })),
  );
  printFigures(
    sizes.flatMap(({ kind, bytes, zippedBytes }): Figure[] => [
      { name: `${NAMES[kind]}, minified`, value: bytes / 1000, unit: 'kB' },
      { name: `${NAMES[kind]}, minified and gzipped`, value: zippedBytes / 1000, unit: 'kB' },
    ]),
  );
}

/** One script of a file and all that it imports. */
export async function bundle(entry: string, minify: boolean) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../${entry}`, import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    minify,
    alias: { 'simple-peer': 'simple-peer/simplepeer.min.js' },
    define: { global: 'globalThis' },
  });
  const { text, contents } = outputFiles[0]!;
  return { text, bytes: contents.length, zippedBytes: gzipSync(contents).length };
}

/** What all but one in a hundred stay below. */
export function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)]!;
}

/** Where firefox-esr is, if it is installed. */
export function findFirefox(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'firefox-esr'))
    .find(existsSync);
}
