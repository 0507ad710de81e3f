/**
 * Large overlays in a page: a worker, the one that the lab has, runs the cycle engine while its page looks on. Cycles a second by the
 * page's clock, and by the processor time of the page's process, which other programs do not slow down.
 */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { CDPSession, Page } from 'playwright';
import { openBrowser } from '../src/cli/live/browser.ts';
import type { OverlayOptions } from '../src/lab/overlay/overlay-spec.ts';
import type { FromOverlay } from '../src/lab/overlay/run-overlay-order.ts';
import { startSignalingServer } from '../signaling-server/server.ts';
import { median, printFigures, type Figure } from './table.ts';

/** Cycles before the first that counts: the engine is compiled in them. */
const WARM_CYCLES = 5;
const ROUNDS = 3;
/** A round is so many milliseconds at least, and so many cycles. */
const ROUND_MS = 1000;
const ROUND_CYCLES = 5;

/** What the page knows of its worker; `stillMs` is the longest that the page has stood still. */
interface Seen {
  readonly cycle: number;
  readonly now: number;
  readonly stillMs: number;
  readonly problem?: string;
}

type OverlayWindow = typeof globalThis & { overlay: Seen & { end(): void } };

/** Runs and prints. */
export async function bench(): Promise<void> {
  const code = await bundled('../src/lab/overlay/overlay-worker.ts');
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  const browser = await openBrowser();
  const session = await browser.newBrowserCDPSession();
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.port}/health`);
    const figures: Figure[] = [];
    for (const [name, options] of [
      ['gbps, swapper, 10⁵ nodes, views of 30', { nodes: 100_000 }],
      ['gbps, healer', { nodes: 100_000, heal: 15, swap: 0 }],
      ['gbps, blind', { nodes: 100_000, heal: 0, swap: 0 }],
      ['gbps, swapper, 10⁴ nodes', {}],
      ['basalt, 10³ nodes, views of 100', { sampler: 'basalt', nodes: 1000, viewSize: 100 }],
    ] satisfies readonly (readonly [string, OverlayOptions])[]) {
      await page.evaluate(start, { code, options });
      const { wall, processor, stillMs } = await rounds(page, session);
      figures.push(
        { name, value: processor, unit: 'cycles in a second of the processor' },
        { name: `${name}: by the clock`, value: wall, unit: 'cycles/s' },
        { name: `${name}: the page stood still at most`, value: stillMs, unit: 'ms' },
      );
    }
    printFigures(figures);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    ...{ bundle: true, format: 'iife', write: false, target: 'es2023', minify: true },
  });
  return outputFiles[0]!.text;
}

/** In the page: the network begins, and goes on until it is ended. */
function start({
  code,
  options,
}: {
  readonly code: string;
  readonly options: OverlayOptions;
}): void {
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  let [lookedMs, stillMs] = [performance.now(), 0];
  const ticking = setInterval(() => {
    stillMs = Math.max(stillMs, performance.now() - lookedMs);
    lookedMs = performance.now();
  }, 4);
  const end = () => {
    worker.terminate();
    clearInterval(ticking);
  };
  const see = (seen: Pick<Seen, 'cycle' | 'problem'>) =>
    Object.assign(globalThis, { overlay: { now: performance.now(), stillMs, ...seen, end } });
  see({ cycle: 0 });
  worker.onerror = ({ message }) => see({ cycle: 0, problem: message });
  worker.onmessage = ({ data }: MessageEvent<FromOverlay>) => {
    if (data.kind === 'problem') see({ cycle: 0, problem: data.text });
    if (data.kind === 'cycle') see({ cycle: data.cycle });
  };
  const order = { options: { ...options, cycles: 1_000_000 }, every: 1_000_000 };
  worker.postMessage({ kind: 'run', ...order });
}

async function rounds(page: Page, session: CDPSession) {
  let from = await seenAfter(page, session, { cycle: WARM_CYCLES, now: 0 });
  const wall: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const target = { cycle: from.cycle + ROUND_CYCLES, now: from.now + ROUND_MS };
    const to = await seenAfter(page, session, target);
    wall.push(((to.cycle - from.cycle) / (to.now - from.now)) * 1000);
    processor.push((to.cycle - from.cycle) / (to.seconds - from.seconds));
    from = to;
  }
  await page.evaluate(() => (globalThis as OverlayWindow).overlay.end());
  return { wall: median(wall), processor: median(processor), stillMs: from.stillMs };
}

/** Waits for this cycle and this moment; what the page has seen then, and the seconds of the processor that its process has used. */
async function seenAfter(page: Page, session: CDPSession, least: Pick<Seen, 'cycle' | 'now'>) {
  const handle = await page.waitForFunction(
    ({ cycle, now }) => {
      const { overlay } = globalThis as OverlayWindow;
      const isThere = overlay.cycle >= cycle && overlay.now >= now;
      return isThere || overlay.problem !== undefined ? { ...overlay, end: undefined } : undefined;
    },
    least,
    { polling: 20, timeout: 300_000 },
  );
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const seen = (await handle.jsonValue()) as Seen;
  if (seen.problem !== undefined) throw new Error(seen.problem);
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return { ...seen, seconds: renderers.reduce((sum, { cpuTime }) => sum + cpuTime, 0) };
}
