/** An exported page: opened from the disk, without a network, it shows the trace and obeys nothing that stands in it. */

import { pathToFileURL } from 'node:url';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { openBrowser } from '../../src/cli/live/browser.ts';
import { traceHeaderLine, traceLine } from '../../src/runtime/trace-file.ts';
import { HOSTILE_EVENTS } from '../support/trace-records.ts';
import { test, testThoroughly } from '../support/often.ts';
import { Folder, parley, ROOT, runJson } from './cli-process.ts';

const HOSTILE_TITLE = '</title></script><script>alert(2)</script>&amp;';

let folder: Folder;
let browser: Browser;

beforeAll(async () => {
  folder = new Folder();
  browser = await openBrowser();
  const header = traceHeaderLine({ algorithm: HOSTILE_TITLE, nodes: [HOSTILE_TITLE] });
  folder.write('hostile.ndjson', header + HOSTILE_EVENTS.map(traceLine).join(''));
  const run = ['-c', path.join(ROOT, 'configs/bracha.yaml'), '-a', 'bracha', '--seed', '7'];
  const file = path.join(folder.path, 'bracha.ndjson');
  await runJson([...run, '--trace', file, '--trace-header']);
  for (const name of ['hostile', 'bracha']) {
    const words = ['trace', `${name}.ndjson`, '-o', `${name}.html`];
    // What takes long is shown on stderr, and on a busy machine everything does.
    const { status, stderr } = await parley(words, { cwd: folder.path });
    expect(status, stderr).toBe(0);
  }
});

afterAll(async () => {
  await browser.close();
  folder.remove();
});

/** Opens a page of the folder; whatever it asks of the network, says or complains about is kept. */
async function open(name: string): Promise<{ page: Page; heard: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    offline: true,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const heard: string[] = [];
  const url = pathToFileURL(path.join(folder.path, name)).href;
  page.on('request', (request) => {
    if (request.url() !== url) heard.push(`request ${request.url()}`);
  });
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('dialog', (dialog) => {
    heard.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.getByRole('table', { name: 'Events' }).waitFor();
  return { page, heard };
}

const rows = (page: Page) =>
  page.getByRole('table', { name: 'Events' }).locator('tbody tr:not(.spacer)');

describe('the page of a run', () => {
  test('draws its messages, lists its events and asks nothing of the network', async () => {
    const { page, heard } = await open('bracha.html');
    expect(await page.title()).toBe('bracha, seed 7: bracha.ndjson');
    await page.getByText('4 nodes · 114 events · 27 messages').waitFor();
    expect(await page.locator('parley-spacetime').evaluate(linesDrawn)).toHaveLength(27);
    await rows(page).filter({ hasText: 'terminated' }).first().waitFor();
    expect(heard).toEqual([]);
  });

  testThoroughly('zooms, moves and steps by the keyboard', async () => {
    const { page } = await open('bracha.html');
    const shown = () =>
      page.locator('parley-spacetime').evaluate((diagram) => {
        const { from, to } = (diagram as unknown as { readonly shownSpan: Span }).shownSpan;
        return `${from} ${to}`;
      });
    const whole = await shown();
    await page.keyboard.press('w');
    await expect.poll(shown).not.toBe(whole);
    const near = await shown();
    await page.keyboard.press('a');
    await expect.poll(shown).not.toBe(near);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByText('event 1', { exact: false }).first().waitFor();
    await page.keyboard.press('3');
    await page.getByRole('complementary', { name: 'Inspector' }).getByText('n3').first().waitFor();
  });

  test('can be used by everybody', async () => {
    const { page } = await open('bracha.html');
    await page.keyboard.press('2');
    await page.evaluate(axe.source);
    const problems = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
      );
    });
    expect(problems).toEqual([]);
  });

  testThoroughly('finds events by their words', async () => {
    const { page } = await open('bracha.html');
    await page.keyboard.press('/');
    await page.keyboard.type('n3 receives echo');
    await page.getByText('6 of 114').waitFor();
    for (const row of await rows(page).allInnerTexts())
      expect(row).toMatch(/receives\s+echo.*n3|n3\s+receives\s+echo/s);
  });

  test('tells more of an event that is clicked', async () => {
    const { page } = await open('bracha.html');
    await page.keyboard.press('Home');
    await page.keyboard.press('/');
    await page.keyboard.type('n1 sends send');
    await rows(page).first().click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByText('TestValue123').first().waitFor();
    const diagram = page.locator('parley-spacetime');
    const { at, message } = await diagram.evaluate(freePoint);
    const { x, y } = (await diagram.boundingBox())!;
    await page.mouse.click(x + at.x, y + at.y);
    for (const said of ['arrives', 'bytes', message])
      await inspector.getByText(said).first().waitFor();
  });
});

test('the page of hostile texts shows them as texts', async () => {
  const { page, heard } = await open('hostile.html');
  expect(await page.title()).toBe(`${HOSTILE_TITLE}: hostile.ndjson`);
  // It begins where it went wrong.
  await page
    .getByRole('complementary', { name: 'Inspector' })
    .getByText('alert(1)')
    .first()
    .waitFor();
  await page.keyboard.press('Home');
  const table = page.getByRole('table', { name: 'Events' });
  await table.getByText('</script><script>alert(1)</script>').first().waitFor();
  for (const node of await page.locator('parley-inspector button').all()) await node.click();
  for (let step = 0; step < HOSTILE_EVENTS.length; step++) await page.keyboard.press('ArrowRight');
  await table.getByText('{{x}} ${x}').first().waitFor();
  expect(await page.locator('script').count()).toBe(3);
  expect(await page.locator('img').count()).toBe(0);
  expect(heard).toEqual([]);
});

test('a trace that is too long for a page is refused with what to do', async () => {
  const [, , , timer] = HOSTILE_EVENTS;
  folder.write('long.ndjson', traceLine({ ...timer!, node: 'n1' }).repeat(200_001));
  const words = ['trace', 'long.ndjson', '-o', 'long.html'];
  const { status, stderr } = await parley(words, { cwd: folder.path });
  expect(stderr).toMatch(/a page shows up to 200000 events: choose a part with --node/);
  expect(status).toBe(2);
});

/** In the page: a point on a message that is as far from all others as can be. */
function freePoint(diagram: Element) {
  const { lines } = (diagram as unknown as { readonly drawn: { readonly lines: readonly Line[] } })
    .drawn;
  const pointOf = ({ x1, y1, x2, y2 }: Line, part: number) => ({
    x: x1 + (x2 - x1) * part,
    y: y1 + (y2 - y1) * part,
  });
  const parts = Array.from({ length: 41 }, (_, index) => index / 40);
  let best = { at: { x: 0, y: 0 }, message: '', room: -1 };
  for (const line of lines) {
    if (line.isLoop) continue;
    for (const part of parts.slice(8, -8)) {
      const at = pointOf(line, part);
      const distances = lines
        .filter((other) => other !== line)
        .flatMap((other) => parts.map((one) => pointOf(other, one)))
        .map(({ x, y }) => Math.hypot(x - at.x, y - at.y));
      const room = Math.min(...distances);
      if (room > best.room) best = { at, message: line.flight.message, room };
    }
  }
  return best;
}

/** In the page: where the messages of the diagram lie. */
function linesDrawn(diagram: Element): readonly Line[] {
  return (diagram as unknown as { readonly drawn: { readonly lines: readonly Line[] } }).drawn
    .lines;
}

interface Line {
  readonly flight: { readonly message: string };
  readonly isLoop: boolean;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}
