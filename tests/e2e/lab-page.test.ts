/** The built page in a browser: what is done by hand to a real run, searches, what is kept, and what the page may not do. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';
import { buildPage } from '../../src/cli/page/build-page.ts';
import { openBrowser } from '../../src/cli/live/browser.ts';
import { teachAClass } from '../support/class-story.ts';
import { test, testThoroughly } from '../support/often.ts';
import { Folder } from './cli-process.ts';

/** Compressed bytes of everything that index.html names: script, what it imports at once, and styles. */
const FIRST_LOAD_MAX = 90 * 1024;

let browser: Browser;
let server: SignalingServer;
let root: string;

beforeAll(async () => {
  root = await buildPage({}, () => {});
  server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot: root });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

/** A page, and what it says that it should not; nothing of it may ask another host for anything. */
async function open(
  hash: string,
  context?: BrowserContext,
): Promise<{ page: Page; heard: string[] }> {
  const own = context ?? (await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  if (context === undefined) onTestFinished(() => own.close());
  const page = await own.newPage();
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(message.text());
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && hostname !== 'localhost') {
      heard.push(request.url());
    }
  });
  await page.goto(`http://localhost:${server.port}/${hash}`);
  return { page, heard };
}

test('the first load is small: editor, YAML, WebRTC, rooms and the simulator come when they are needed', () => {
  const page = readFileSync(path.join(root, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(2);
  const texts = files.map((file) => readFileSync(path.join(root, file)));
  const sizes = texts.map((text, index) => [files[index], gzipSync(text).length] as const);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, gzipSync(page).length);
  expect(total, JSON.stringify(sizes, undefined, 1)).toBeLessThan(FIRST_LOAD_MAX);
  const all = texts.map(String).join('');
  // Words that stand in those libraries alone.
  for (const library of ['cm-content', 'YAMLParseError', 'RTCPeerConnection', 'forceSimulation']) {
    expect(all.includes(library), library).toBe(false);
  }
});

/** Goes on, one event at a time, until something is on its way. */
async function stepUntilFlying(page: Page): Promise<void> {
  const flights = page.locator('parley-stage .flight');
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowRight');
      return flights.count();
    })
    .toBeGreaterThan(0);
}

test('an election plays at once; a line cuts it, a fork leaves its ghost, and both stand side by side', async () => {
  const { page, heard } = await open('#/lab/raft');
  const time = () => page.locator('parley-transport-bar .time').innerText();
  await page.locator('parley-stage .node').first().waitFor();
  const before = await time();
  await expect.poll(time).not.toBe(before);
  await page.keyboard.press('Space');
  // At rest, what is on its way is named.
  await stepUntilFlying(page);
  const stage = (await page.locator('parley-stage svg.figures').boundingBox())!;
  const at = (x: number, y: number) =>
    [stage.x + stage.width * x, stage.y + stage.height * y] as const;
  await page.mouse.move(...at(0.5, 0.02));
  await page.mouse.down();
  await page.mouse.move(...at(0.52, 0.5), { steps: 4 });
  await page.mouse.move(...at(0.56, 0.98), { steps: 4 });
  await page.mouse.up();
  const done = page.getByRole('region', { name: 'What you did' });
  await done.getByText('cut off from').waitFor();
  await page.getByRole('button', { name: /^Heal: / }).press('Enter');
  await expect.poll(() => page.getByRole('button', { name: /^Heal: / }).count()).toBe(0);
  await page.keyboard.press('f');
  await done.getByText('another future').waitFor();
  await page.keyboard.press('c');
  await page.getByText(/events are the same/).waitFor();
  expect(await page.locator('parley-compare parley-spacetime').count()).toBe(2);
  await page.getByRole('button', { name: 'Go there' }).click();
  await page.getByRole('tab', { name: 'Space-time' }).click();
  // Both futures may be silent for a while.
  for (let i = 0; i < 9; i++) await page.keyboard.press('s');
  const ghosts = () => page.locator('parley-spacetime').evaluate(ghostsDrawn);
  await expect.poll(ghosts).toBeGreaterThan(0);
  expect(heard).toEqual([]);
});

testThoroughly(
  'a counterexample is found, played and saved as a page that needs nothing',
  async () => {
    const { page, heard } = await open('#/lab/bracha');
    await page.getByText('Break it', { exact: true }).click();
    await page.getByRole('switch').first().check();
    await page.getByRole('button', { name: 'Set up where it shows' }).click();
    await page.getByRole('button', { name: 'Find me a counterexample' }).click();
    await page.getByLabel('Runs at most').fill('300');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('button', { name: 'Play the shortest' }).click({ timeout: 60_000 });
    await page.getByText('It is the same, event by event.').waitFor();
    expect(page.url()).toContain('#/run/1.');
    await page.getByRole('button', { name: 'Share' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as one HTML file' }).click(),
    ]);
    const folder = new Folder();
    onTestFinished(() => folder.remove());
    const file = path.join(folder.path, download.suggestedFilename());
    await download.saveAs(file);
    const offline = await browser.newContext({ offline: true });
    onTestFinished(() => offline.close());
    const saved = await offline.newPage();
    await saved.goto(pathToFileURL(file).href);
    await saved.getByText('violation').first().waitFor();
    await saved.locator('parley-stage .node').first().waitFor();
    expect(heard).toEqual([]);
  },
);

testThoroughly('workers of a page are held, cut one way, and killed', async () => {
  const { page, heard } = await open('#/lab/cyclon?place=workers');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('parley-stage .node').first().waitFor();
  await page.getByRole('button', { name: 'Hold deliveries' }).click();
  await page.getByRole('button', { name: 'Let deliveries come' }).click();
  await page.locator('parley-stage .node').first().click();
  await page.getByRole('button', { name: 'Nobody hears it' }).click();
  await page.getByRole('button', { name: /^Heal: .* cannot be heard by/ }).waitFor();
  await page.keyboard.press('h');
  await expect.poll(() => page.getByRole('button', { name: /^Heal: / }).count()).toBe(0);
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByPlaceholder(/Filter/).fill('killed');
  await page.getByText('a director killed it').first().waitFor();
  expect(heard).toEqual([]);
});

test('nothing in the page makes code of text, and the server says so as well', async () => {
  const { page } = await open('');
  // Later than the call, which comes from outside of the page and may do what it likes.
  const outcome = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        setTimeout(() => {
          try {
            // oxlint-disable-next-line no-implied-eval -- it is what the policy must forbid
            resolve(String(new Function('return 1')()));
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      }),
  );
  expect(outcome).toBe('EvalError');
  const { headers } = await fetch(`http://localhost:${server.port}/`);
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.get('content-security-policy')).not.toContain('unsafe-eval');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
});

test('once it was here, the page works without a network', async () => {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const { page } = await open('', context);
  const kept = () =>
    page.evaluate(async () => {
      const files = ((await (await fetch('files.json')).json()) as { page: string[] }).page;
      return files.length - (await (await caches.open('parley')).keys()).length;
    });
  await expect.poll(kept, { timeout: 60_000, interval: 500 }).toBe(0);
  await page.close();
  await context.setOffline(true);
  const { page: offline } = await open('#/lab/echo', context);
  await offline.getByRole('tab', { name: 'Results' }).click();
  await offline
    .getByText(/nodes ended as they should/)
    .first()
    .waitFor();
});

test('live deliveries are held back, and single messages grabbed: one arrives, one never does', async () => {
  const { page, heard } = await open('#/lab/swim?place=workers');
  // On a busy machine all that follows takes longer than a run has unless one says so.
  await page.getByLabel('Time limit, s').fill('600');
  await page.getByLabel('Time limit, s').press('Tab');
  await page.getByRole('button', { name: 'Run' }).first().click();
  const count = (kind: string) =>
    page.evaluate((wanted) => {
      const events = document.querySelector('parley-app')!.model!.run?.events ?? [];
      return events.filter((event) => event.kind === wanted).length;
    }, kind);
  // All know each other: from then on it is probes that are held, and not the barriers before them.
  await expect.poll(() => count('deliver'), { timeout: 20_000 }).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Hold deliveries' }).click();
  const next = page.locator('parley-acts li button');
  await next.nth(2).waitFor();
  // What was delivered before the hold may still be on its way from the workers to the page.
  let before = -1;
  let quietFor = 0;
  const looksQuietFor = async () =>
    (quietFor = before === (before = await count('deliver')) ? quietFor + 1 : 0);
  await expect.poll(looksQuietFor, { interval: 300 }).toBeGreaterThan(4);
  // The latest of the list: what was sent first may have arrived already where the page does not know it yet.
  await next.last().click();
  await expect.poll(() => count('deliver')).toBe(before + 1);
  await page.locator('parley-stage .flight').first().press('Enter');
  await page.locator('parley-acts').getByRole('button', { name: 'Drop' }).click();
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByText('it was taken out by hand').first().waitFor();
  expect(await count('deliver')).toBe(before + 1);
  await page.getByRole('button', { name: 'Let deliveries come' }).click();
  await expect.poll(() => count('deliver')).toBeGreaterThan(before + 3);
  expect(heard).toEqual([]);
});

/** What led to an event and what came of it is lit, the rest is dim: in a simulation and over live nodes. */
test.each([
  ['a simulation', '#/lab/bracha'],
  ['live workers', '#/lab/bracha?place=workers'],
])('the light cone of an event, in %s', async (_where, hash) => {
  const { page, heard } = await open(hash);
  if (hash.includes('workers')) await page.getByRole('button', { name: 'Run' }).first().click();
  await page.getByRole('tab', { name: 'Results' }).click();
  const ended = page.getByText(/nodes ended as they should/).first();
  await ended.waitFor();
  await page.getByRole('tab', { name: 'Space-time' }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  const diagram = page.locator('parley-spacetime');
  const inView = async (): Promise<string[]> => {
    const seen = await diagram.evaluate(shades);
    // On a busy machine live nodes end long after the last message: then a longer time is shown.
    if (seen.length === 0) await page.keyboard.press('s');
    return seen;
  };
  await expect.poll(inView).toEqual(['plain']);
  const { x, y } = (await diagram.boundingBox())!;
  const at = await diagram.evaluate(arrivalDrawn);
  await page.mouse.click(x + at.x, y + at.y);
  await page.getByText('led to it').waitFor();
  await page.getByText('the rest is concurrent').waitFor();
  await expect.poll(() => diagram.evaluate(shades)).toEqual(['dim', 'lit']);
  // The keyboard has the same: from the selected event on, along its node.
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('1');
  await page.getByText('led to it').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByText('led to it').count()).toBe(0);
  expect(heard).toEqual([]);
});

testThoroughly(
  'the stage is saved as a drawing and as pixels, with everything that is on it',
  async () => {
    const { page, heard } = await open('#/lab/echo');
    await page.locator('parley-stage .node').first().waitFor();
    await page.keyboard.press('Space');
    await stepUntilFlying(page);
    const drawing = await save(page, 'SVG of the stage');
    const pixels = await save(page, 'PNG of the stage');
    const text = drawing.toString('utf8');
    for (const node of ['n1', 'n2', 'n3', 'n4']) expect(text).toContain(`>${node}</text>`);
    // It needs nothing of the page: no token, no class, and messages are in it.
    expect(text).not.toMatch(/var\(|class=/);
    const shown = await page.evaluate(
      (svg) =>
        new DOMParser().parseFromString(svg, 'image/svg+xml').querySelectorAll('path').length,
      text,
    );
    expect(shown).toBeGreaterThan(1);
    expect(text).not.toContain('parsererror');
    expect(pixels.subarray(1, 4).toString()).toBe('PNG');
    // Twice as fine as on the screen.
    expect(pixels.readUInt32BE(16)).toBeGreaterThan(1000);
    expect(heard).toEqual([]);
  },
);

test('a trace is opened from a file, a log is pasted, and what is wrong is said with its place', async () => {
  const { page, heard } = await open('#/lab/echo');
  await page.getByRole('button', { name: 'Share' }).click();
  const trace = await save(page, 'Save the events');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.evaluate(() => {
    location.hash = '#/open';
  });
  const text = page.getByLabel('Or paste it');
  const alert = page.getByRole('alert');
  await text.fill('nothing of the kind');
  await page.getByRole('button', { name: 'Show it' }).click();
  await alert.getByText('pasted text, line 1: this is neither a trace').waitFor();
  const lines = trace.toString().split('\n');
  const broken = [...lines.slice(0, 3), '{"time":', ...lines.slice(3)].join('\n');
  const choose = page.getByLabel('Choose files, or drop them here');
  await choose.setInputFiles({
    name: 'a.ndjson',
    mimeType: 'text/plain',
    buffer: Buffer.from(broken),
  });
  await alert.getByText('a.ndjson, line 4: not JSON').waitFor();
  await choose.setInputFiles({ name: 'a.ndjson', mimeType: 'text/plain', buffer: trace });
  await page
    .getByText(`${lines.length - 1} events`)
    .first()
    .waitFor();
  await page.locator('parley-stage .node').first().waitFor();
  await page.getByRole('button', { name: 'Open another' }).click();
  await text.fill(`n1 {"n1":1}\nsent <img src=x onerror=alert(1)>\nn2 {"n1":1,"n2":1}\ngot it`);
  await page.getByRole('button', { name: 'Show it' }).click();
  await page.getByText('2 nodes · 4 events · 1 message').waitFor();
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  // Nothing is known of its nodes but what they did.
  expect(await page.getByText('joining').count()).toBe(0);
  await page.getByRole('button', { name: 'Compare with' }).click();
  await text.fill(`n1 {"n1":1}\nsent <img src=x onerror=alert(1)>\nn2 {"n1":1,"n2":1}\nlost it`);
  await page.getByRole('button', { name: 'Show it' }).click();
  await page.getByText('3 events are the same').waitFor();
  const parting = await page.locator('parley-side-by-side .parting').innerText();
  expect(parting).toMatch(/pasted text \(1\): n2: “got it”; in pasted text \(2\): n2: “lost it”/);
  expect(await page.locator('parley-side-by-side parley-spacetime').count()).toBe(2);
  await page.getByText('1.0 ms · event 4').waitFor();
  expect(heard).toEqual([]);
});

testThoroughly('one press opens more tabs of a room, each a node of its own', async () => {
  const { page, heard } = await open('#/lab/echo');
  await page.getByRole('radio', { name: 'Room' }).click();
  await page.getByRole('button', { name: 'Open 3 more tabs' }).click();
  await expect.poll(() => page.locator('parley-members').getByText('present').count()).toBe(4);
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.getByRole('tab', { name: 'Results' }).click();
  await page
    .getByText(/nodes ended as they should/)
    .first()
    .waitFor();
  expect(heard).toEqual([]);
});

test('a broken link, a hostile one and a vanished room each say what is wrong', async () => {
  const { page, heard } = await open('#/run/1.abc');
  await page.getByRole('alert').getByText('damaged').waitFor();
  await page.goto(`http://localhost:${server.port}/#/run/9.abcdefghijklmnopqrst`);
  await page.getByRole('alert').getByText('newer Parley').waitFor();
  await page.goto(`http://localhost:${server.port}/#/nowhere/%E0%A4%A`);
  await page.getByText('There is no such page').waitFor();
  await page.goto(`http://localhost:${server.port}/#/room/ZZZZZZ`);
  await page
    .getByText(/no such room|nobody|There is no room/i)
    .first()
    .waitFor();
  expect(heard).toEqual([]);
});

testThoroughly('a class follows, stands still, answers and is seen', () =>
  teachAClass(browser, server, 3),
);

/** Presses a button and takes the file that comes of it. */
async function save(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path());
}

/** What is drawn of the diagram at the moment. */
interface Drawn {
  readonly drawn: {
    readonly lines: readonly { readonly emphasis: string }[];
    readonly marks: readonly { readonly x: number; readonly y: number; readonly shape: string }[];
  };
}

/** In the page: how messages of the diagram are shaded. */
function shades(diagram: Element): string[] {
  const { lines } = (diagram as unknown as Drawn).drawn;
  return [...new Set(lines.map(({ emphasis }) => emphasis))].toSorted();
}

/** In the page: a mark in the middle of the diagram. */
function arrivalDrawn(diagram: Element): { readonly x: number; readonly y: number } {
  const { marks } = (diagram as unknown as Drawn).drawn;
  return marks[Math.floor(marks.length / 2)]!;
}

/** In the page: messages of the other future in the diagram. */
function ghostsDrawn(diagram: Element): number {
  return (diagram as unknown as { readonly drawn: { readonly ghosts: readonly unknown[] } }).drawn
    .ghosts.length;
}
