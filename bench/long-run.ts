/**
 * An hour of a live run with 2 000 messages a second, fed as fast as it goes: what the page holds in memory and on disk, and scrubbing
 * through it. Then what an event of a live run costs the page's thread, when 2 000 messages a second come from a worker as they happen.
 */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openBrowser } from '../src/cli/live/browser.ts';
import { startSignalingServer } from '../signaling-server/server.ts';
import { tracedCosts } from './frame-costs.ts';
import { printFigures, type Figure } from './table.ts';

/** Minutes of the run between two looks at the heap. */
const STEP_MINUTES = 2;
const MESSAGES_A_MINUTE = 2000 * 60;

/** Minutes of the run; the whole hour takes about ten. */
const MINUTES = Number(process.env['PARLEY_BENCH_MINUTES'] ?? 10);

/** Seconds in which an event's cost is measured. */
const COST_SECONDS = 8;

interface LongRun {
  runLive(messagesPerSecond: number, seconds: number): Promise<number>;
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
    const disk = () =>
      page.evaluate(async () => ((await navigator.storage.estimate()).usage ?? 0) / 1e6);
    const figures: Figure[] = [{ name: 'heap, before', value: await heap(), unit: 'MB' }];
    let longest = 0;
    for (let minute = STEP_MINUTES; minute <= MINUTES; minute += STEP_MINUTES) {
      const stood = await page.evaluate(
        (messages) => (window as unknown as { longRun: LongRun }).longRun.feed(messages),
        STEP_MINUTES * MESSAGES_A_MINUTE,
      );
      longest = Math.max(longest, stood);
      const [inMemory, onDisk] = [await heap(), await disk()];
      console.error(
        `${minute} minutes: ${inMemory.toFixed(1)} MB, ${onDisk.toFixed(0)} MB on disk`,
      );
      const after = `after ${minute} minutes of the run`;
      figures.push({ name: `heap, ${after}`, value: inMemory, unit: 'MB' });
      figures.push({ name: `on disk, ${after}`, value: onDisk, unit: 'MB' });
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
    const eventUs = async (rate: number) => {
      const { result, costs } = await tracedCosts(session, () =>
        page.evaluate(
          ([messages, seconds]) =>
            (window as unknown as { longRun: LongRun }).longRun.runLive(messages, seconds),
          [rate, COST_SECONDS] as const,
        ),
      );
      return ((costs.script + costs.rest) * 1000) / result;
    };
    figures.push({
      name: 'page’s thread for an event of 2 000 live messages a second',
      ...{ value: await eventUs(2000), unit: 'µs' },
    });
    printFigures(figures);
  } finally {
    await browser.close();
    await server.close();
  }
}
