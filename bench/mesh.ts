/** A full mesh of 20 nodes in one page: until every connection is open, and until every one of them has proven who is at its ends. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { median, printFigures } from './table.ts';

const NODES = 20;
const ROUNDS = 5;

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('no browser found: run `npm test` once');
  const script = await pageScript();
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: browserFlags(),
  });
  const bare: number[] = [];
  const proven: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [withProofs, times] of [
        [false, bare],
        [true, proven],
      ] as const) {
        // A page for each: closed connections count until they are collected.
        const page = await browser.newPage();
        await page.goto(`http://localhost:${server.port}/health`);
        await page.addScriptTag({ content: script, type: 'module' });
        await page.waitForFunction('window.meshBench !== undefined');
        times.push(await page.evaluate(`meshBench(${NODES}, ${withProofs})`));
        await page.close();
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
  const value = median(bare);
  printFigures([
    { name: `${NODES} nodes, every connection open`, value, unit: 'ms' },
    {
      name: `${NODES} nodes, every identity proven`,
      value: median(proven),
      unit: 'ms',
      against: { name: 'bare', value },
    },
  ]);
}

async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('mesh-page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    alias: { 'simple-peer': 'simple-peer/simplepeer.min.js' },
    define: { global: 'globalThis' },
  });
  return outputFiles[0]!.text;
}
