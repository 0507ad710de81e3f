/** An hour of a live run with 2 000 messages a second, fed as fast as it goes: what the page holds in memory, and scrubbing through it. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openBrowser } from '../src/cli/live/browser.ts';
import { startSignalingServer } from '../signaling-server/server.ts';
import { printFigures, type Figure } from './table.ts';

/** Minutes of the run between two looks at the heap. */
const STEP_MINUTES = 2;
const MESSAGES_A_MINUTE = 2000 * 60;

/** Minutes of the run; the whole hour takes about ten. */
const MINUTES = Number(process.env['PARLEY_BENCH_MINUTES'] ?? 10);

interface LongRun {
  feed(messages: number): Promise<number>;
  look(part: number): Promise<{ readonly ms: number; readonly isRight: boolean }>;
  follow(): void;
  events(): number;
}

/** Prints what was measured. */
export async function bench(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('long-run-page.ts', import.meta.url))],
    ...{ bundle: true, format: 'esm', write: false, target: 'es2023' },
  });
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.port}/health`);
    await page.addScriptTag({ content: outputFiles[0]!.text, type: 'module' });
    await page.waitForFunction('window.longRun !== undefined');
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
    };
    const figures: Figure[] = [{ name: 'heap, before', value: await heap(), unit: 'MB' }];
    let longest = 0;
    for (let minute = STEP_MINUTES; minute <= MINUTES; minute += STEP_MINUTES) {
      const stood = await page.evaluate(
        (messages) => (window as unknown as { longRun: LongRun }).longRun.feed(messages),
        STEP_MINUTES * MESSAGES_A_MINUTE,
      );
      longest = Math.max(longest, stood);
      console.error(`${minute} minutes: ${(await heap()).toFixed(1)} MB`);
      figures.push({
        name: `heap, after ${minute} minutes of the run`,
        value: await heap(),
        unit: 'MB',
      });
    }
    figures.push({ name: 'the page stood still at most', value: longest, unit: 'ms' });
    for (const part of [0.001, 0.5, 0.9]) {
      const { ms, isRight } = await page.evaluate(
        (at) => (window as unknown as { longRun: LongRun }).longRun.look(at),
        part,
      );
      if (!isRight) throw new Error(`the picture at ${part} of the run is another moment's`);
      figures.push({ name: `to a moment at ${part} of the run`, value: ms, unit: 'ms' });
    }
    figures.push({ name: 'heap, while looking back', value: await heap(), unit: 'MB' });
    printFigures(figures);
  } finally {
    await browser.close();
    await server.close();
  }
}
