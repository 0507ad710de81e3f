/**
 * What a durable write costs: each store in a worker, in Chromium and Firefox, beside bare transactions of IndexedDB in the same run. Group
 * commit shows where many writes are under way.
 */

import { chromium } from 'playwright';
import { launch } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { bundle, findFirefox, percentile99 } from './setup.ts';
import type { StorageFigures, StoreName } from './storage-worker.ts';
import { median, printFigures, type Figure } from './table.ts';

const NAMES: readonly StoreName[] = [
  'raw strict',
  'strict',
  'raw relaxed',
  'relaxed',
  'opfs',
  'memory',
];

/** As much of a page as the bench needs. */
interface BenchPage {
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('no browser found: run `npm test` once');
  const script = (await bundle('bench/storage-worker.ts', false)).text;
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  try {
    const { executablePath } = found;
    const browser = await chromium.launch({ executablePath, args: browserFlags() });
    await measure('Chromium', script, server.port, await browser.newPage());
    await browser.close();
    const firefox = findFirefox();
    if (firefox === undefined) console.log('  Firefox: there is no firefox-esr here');
    else {
      const fox = await launch({ browser: 'firefox', executablePath: firefox, headless: true });
      await measure('Firefox', script, server.port, await fox.newPage());
      await fox.close();
    }
  } finally {
    await server.close();
  }
}

async function measure(browser: string, script: string, port: number, page: BenchPage) {
  await page.goto(`http://127.0.0.1:${port}/health`);
  const figures = new Map<StoreName, StorageFigures>();
  for (const name of NAMES) {
    const result = (await page.evaluate(`new Promise((resolve) => {
      const source = new Blob([${JSON.stringify(script)}], { type: 'text/javascript' });
      const worker = new Worker(URL.createObjectURL(source), { type: 'module' });
      worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
      worker.onerror = ({ message }) => resolve(message);
      worker.postMessage(${JSON.stringify(name)});
    })`)) as StorageFigures | string | undefined;
    if (typeof result === 'object') figures.set(name, result);
    else console.log(`  ${browser}, ${name}: ${result ?? 'not offered'}`);
  }
  printFigures([...figures].flatMap(([name, found]) => linesOf(browser, name, found, figures)));
  await page.close();
}

function linesOf(
  browser: string,
  name: StoreName,
  found: StorageFigures,
  all: ReadonlyMap<StoreName, StorageFigures>,
): Figure[] {
  const other = name === 'relaxed' ? 'raw relaxed' : 'raw strict';
  const bare = all.get(other);
  const line = (what: string, unit: string, value: (of: StorageFigures) => number): Figure => ({
    name: `${browser}, ${name}, ${what}`,
    value: value(found),
    unit,
    ...(bare === undefined || bare === found
      ? {}
      : { against: { name: other, value: value(bare) } }),
  });
  return [
    line('one write, median', 'ms', ({ oneByOneMs }) => median(oneByOneMs)),
    line('one write, p99', 'ms', ({ oneByOneMs }) => percentile99(oneByOneMs)),
    line('64 under way', 'writes/s', ({ together }) => together),
    line('100 a write', 'records/s', ({ inHundreds }) => inHundreds),
  ];
}
