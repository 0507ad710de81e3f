/**
 * Raft among three workers of one page in Chromium, each with its own database: how long a command takes, how many there are in a second, and
 * what they cost, beside one transaction of the same worker. Between the workers there is a broadcast channel, so this is the cost of
 * agreement and storage; what WebRTC adds is in live.ts.
 */

import { chromium } from 'playwright';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import type { BenchStorage, RaftFigures } from './raft-worker.ts';
import { bundle, percentile99 } from './setup.ts';
import { median, printFigures } from './table.ts';

const STORAGES: readonly BenchStorage[] = ['strict', 'relaxed', 'memory'];

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('no browser found: run `npm test` once');
  const script = (await bundle('bench/raft-worker.ts', false)).text;
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const { executablePath } = found;
  const browser = await chromium.launch({ executablePath, args: browserFlags() });
  try {
    for (const storage of STORAGES) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.port}/health`);
      const figures = await page.evaluate<RaftFigures>(`new Promise((resolve, reject) => {
        const source = new Blob([${JSON.stringify(script)}], { type: 'text/javascript' });
        const address = URL.createObjectURL(source);
        for (const id of ['n1', 'n2', 'n3']) {
          const worker = new Worker(address, { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage({ id, run: 'bench ${storage}', storage: '${storage}' });
        }
      })`);
      print(storage, figures);
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

function print(storage: BenchStorage, found: RaftFigures): void {
  const { commitMs, writeMs, pipelined, reads, messagesPerCommit } = found;
  const line = (what: string, value: number, unit: string, against?: number) => ({
    name: `${storage}, ${what}`,
    value,
    unit,
    ...(against === undefined ? {} : { against: { name: 'one transaction', value: against } }),
  });
  printFigures([
    line('one command, median', median(commitMs), 'ms', median(writeMs)),
    line('one command, p99', percentile99(commitMs), 'ms', percentile99(writeMs)),
    line('256 under way', pipelined, 'commands/s'),
    line('256 under way, messages of the leader', messagesPerCommit, 'a command'),
    line('256 reads under way', reads, 'reads/s'),
  ]);
}
