/**
 * From the first press on the first page to a run on the stage: until the first frame with the five nodes of Raft, and the first in which a
 * message has been sent. In a browser that has just loaded the page, and in one whose reader looked at it for two seconds.
 */

import type { Browser } from 'playwright';
import { startSignalingServer } from '../signaling-server/server.ts';
import { buildPage } from '../src/cli/page/build-page.ts';
import { openBrowser } from '../src/cli/live/browser.ts';
import { median, printFigures, type Figure } from './table.ts';

const ROUNDS = 5;
const READERS = [
  { name: 'pressed at once', restMs: 0 },
  { name: 'pressed after two seconds', restMs: 2000 },
] as const;

/** Milliseconds after the press. */
interface Times {
  readonly nodes: number;
  readonly message: number;
}

/** Prints what was measured. */
export async function bench(): Promise<void> {
  const staticRoot = await buildPage({}, (text) => console.error(text));
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot });
  const browser = await openBrowser();
  try {
    const figures: Figure[] = [];
    for (const { name, restMs } of READERS) {
      const rounds: Times[] = [];
      for (let i = 0; i < ROUNDS; i++) rounds.push(await measure(browser, server.port, restMs));
      for (const what of ['nodes', 'message'] as const) {
        const times = rounds.map((round) => round[what]);
        const value = median(times);
        figures.push({ name: `${name}: first frame with ${what}`, value, unit: 'ms' });
        figures.push({
          name: `${name}: the same, at worst`,
          value: Math.max(...times),
          unit: 'ms',
        });
      }
    }
    printFigures(figures);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** One visit, with a browser's storage and cache of its own. */
async function measure(browser: Browser, port: number, restMs: number): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(`http://localhost:${port}/`);
    const link = page.getByRole('link', { name: 'Watch Raft' });
    await link.waitFor();
    if (restMs > 0) await page.waitForTimeout(restMs);
    const times = page.evaluate(watch);
    await link.click();
    return await times;
  } finally {
    await context.close();
  }
}

/** In the page: when, after the next click, there are nodes on the stage, and when a message is on its way or was. */
function watch(): Promise<Times> {
  return new Promise((resolve) => {
    document.addEventListener(
      'click',
      () => {
        const began = performance.now();
        let nodes: number | undefined;
        const look = (): void => {
          const app = document.querySelector('parley-app');
          const lab = app?.shadowRoot?.querySelector('parley-lab');
          const stage = lab?.shadowRoot?.querySelector('parley-stage');
          const drawn = stage?.shadowRoot?.querySelectorAll('.node').length ?? 0;
          if (drawn >= 5) nodes ??= performance.now() - began;
          const viewer = app?.model?.viewer;
          const sent = viewer?.recording.events.findIndex(({ kind }) => kind === 'send') ?? -1;
          if (nodes === undefined || sent < 0 || viewer!.cursor.step <= sent) {
            requestAnimationFrame(look);
            return;
          }
          const message = performance.now() - began;
          resolve({ nodes, message });
        };
        // A frame is looked at by the next one: by then it has been painted.
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  });
}
