/**
 * The stage of the built page while it plays: frames a second, and what one of them takes of the processor, with 20 nodes and 2 000 messages
 * a second, and with hundreds of nodes; beside it a page on which one dot moves, and one with canvases as large as the lab's and one
 * arrow on each: less than that no picture takes on this machine. The script of the space-time diagram over all of the run.
 */

import type { Page } from 'playwright';
import { openBrowser } from '../src/cli/live/browser.ts';
import { buildPage } from '../src/cli/page/build-page.ts';
import { startSignalingServer } from '../signaling-server/server.ts';
import { tracedCosts } from './frame-costs.ts';
import { printFigures, type Figure } from './table.ts';

/** What is played. */
interface Scene {
  readonly name: string;
  readonly nodes: number;
  /** Of the viewer's time. */
  readonly messagesPerSecond: number;
}

const SCENES: readonly Scene[] = [
  { name: '20 nodes', nodes: 20, messagesPerSecond: 2000 },
  { name: '300 nodes', nodes: 300, messagesPerSecond: 500 },
  // Six seconds of it are fifty thousand events.
  { name: '20 nodes', nodes: 20, messagesPerSecond: 4166 },
];

const SECONDS = 4;

/** Prints what was measured. */
export async function bench(): Promise<void> {
  const staticRoot = await buildPage({}, (text) => console.error(text));
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot });
  const browser = await openBrowser();
  try {
    const blank = async (): Promise<Page> => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`http://localhost:${server.port}/health`);
      return page;
    };
    const nothing = await blank();
    await nothing.evaluate(prepareDot);
    const dot = await measured(nothing, 'a dot alone', playDot);
    printFigures(dot.figures);
    await nothing.close();
    let least: Measured | undefined;
    for (const scene of SCENES) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`http://localhost:${server.port}/#/lab/echo`);
      await page.locator('parley-stage .node').first().waitFor();
      await page.evaluate(prepare, { ...scene, seconds: SECONDS });
      // The layout of many nodes is loaded, and made once.
      await page.waitForTimeout(1500);
      if (least === undefined) {
        const bare = await blank();
        await bare.evaluate(prepareCanvases, await page.evaluate(canvasesOf));
        least = await measured(bare, 'the same canvases, an arrow on each', playCanvases);
        printFigures(least.figures);
        await bare.close();
      }
      const name = `${scene.name}, ${scene.messagesPerSecond} messages/s`;
      const { figures, frames, mainMs } = await measured(page, name, play);
      figures.push({
        name: `${name}: frames beside the canvases’`,
        ...{ value: frames / least.frames, unit: '×' },
      });
      figures.push({
        name: `${name}: main thread beside the canvases’`,
        ...{ value: mainMs / least.mainMs, unit: '×' },
      });
      for (const deed of DEEDS) {
        const { median, most } = await page.evaluate(diagramMs, deed);
        const what = `${name}: script of the diagram, ${deed}`;
        figures.push({ name: what, value: median, unit: 'ms' });
        figures.push({ name: `${what}, one of twenty at least`, value: most, unit: 'ms' });
      }
      printFigures(figures);
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What is done to the diagram while its script is measured. */
const DEEDS = ['seeking', 'moving', 'zooming', 'the light cone', 'new events'] as const;

interface Measured {
  readonly frames: number;
  /** Processor time of the page's thread, a frame. */
  readonly mainMs: number;
  readonly figures: Figure[];
}

/** Traces a page while it plays. */
async function measured(
  page: Page,
  name: string,
  act: (seconds: number) => Promise<number>,
): Promise<Measured> {
  const session = await page.context().newCDPSession(page);
  const { result: frames, costs } = await tracedCosts(session, () => page.evaluate(act, SECONDS));
  const figures: Figure[] = [
    { name: `${name}: frames`, value: frames / SECONDS, unit: 'frames/s' },
    ...Object.entries(costs).map(([kind, ms]) => ({
      ...{ name: `${name}: ${kind}`, value: ms / frames, unit: 'ms a frame' },
    })),
  ];
  const { script, style, layout, paint, canvas, rest } = costs;
  const mainMs = (script + style + layout + paint + canvas + rest) / frames;
  figures.push({ name: `${name}: main thread in all`, value: mainMs, unit: 'ms a frame' });
  return { frames, mainMs, figures };
}

/** In the page: where its canvases are, through all shadow trees: left, top, width and height. */
function canvasesOf(): (readonly [number, number, number, number])[] {
  const found: (readonly [number, number, number, number])[] = [];
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot !== null) look(element.shadowRoot);
      if (element.localName !== 'canvas') continue;
      const { x, y, width, height } = element.getBoundingClientRect();
      found.push([x, y, width, height]);
    }
  };
  look(document);
  return found;
}

/** In a page of nothing: puts canvases into it. */
function prepareCanvases(places: readonly (readonly [number, number, number, number])[]): void {
  document.body.innerHTML = '';
  for (const [x, y, width, height] of places) {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: Math.round(width), height: Math.round(height) });
    canvas.style.cssText = `position: fixed; left: ${x}px; top: ${y}px`;
    document.body.append(canvas);
  }
}

/** In a page of nothing: draws each canvas anew with each frame, and counts them. */
async function playCanvases(seconds: number): Promise<number> {
  const pens = [...document.querySelectorAll('canvas')].map((one) => one.getContext('2d')!);
  let frames = 0;
  const endMs = performance.now() + seconds * 1000;
  await new Promise<void>((resolve) => {
    const frame = () => {
      frames++;
      for (const pen of pens) {
        pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
        pen.beginPath();
        const x = frames % pen.canvas.width;
        pen.moveTo(x + 8, 40);
        pen.lineTo(x - 5, 45);
        pen.lineTo(x - 5, 35);
        pen.fill();
      }
      if (performance.now() < endMs) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  return frames;
}

/** In a page of nothing: puts a dot into it. */
function prepareDot(): void {
  document.body.innerHTML = '<div style="position: fixed; width: 8px; height: 8px"></div>';
  document.querySelector('div')!.style.background = 'green';
}

/** In a page of nothing: moves the dot, and counts frames. */
async function playDot(seconds: number): Promise<number> {
  const dot = document.querySelector('div')!;
  let frames = 0;
  const endMs = performance.now() + seconds * 1000;
  await new Promise<void>((resolve) => {
    const frame = () => {
      frames++;
      dot.style.transform = `translateX(${frames % 600}px)`;
      if (performance.now() < endMs) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  return frames;
}

/** In the page: shows a run that was made up. */
function prepare({
  nodes,
  messagesPerSecond,
  seconds,
}: Scene & { readonly seconds: number }): void {
  const { model } = document.querySelector('parley-app') as unknown as { model: Model };
  const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  // A second of the run is a second of the viewer, and a message travels for 100 ms of it.
  const events: object[] = ids.map((node) => ({
    ...{ time: 0, node, sequence: 1, kind: 'status', status: 'running' },
  }));
  const count = messagesPerSecond * (seconds + 2);
  for (let i = 0; i < count; i++) {
    const [from, to] = [ids[i % nodes]!, ids[(i * 7 + 3) % nodes]!];
    const message = { message: `${from}#${i}`, path: 'echo', type: `kind${i % 4}`, role: 'cast' };
    const sentAt = (i * 1000) / messagesPerSecond;
    const base = { ...message, bytes: 100, sequence: i + 2 };
    events.push({ ...base, time: sentAt, node: from, kind: 'send', to, body: {} });
    events.push({ ...base, time: sentAt + 100, node: to, kind: 'deliver', from });
  }
  events.sort((a, b) => (a as { time: number }).time - (b as { time: number }).time);
  const neighboursOf = (at: number) => [1, 2, 5].map((step) => ids[(at + step) % nodes]!);
  const run = {
    ...{ place: 'simulated', algorithm: 'echo', seed: 1, phase: 'ended', events, waitingFor: [] },
    nodes: ids.map((id, at) => ({ id, neighbours: neighboursOf(at), settings: {} })),
    subscribe: () => () => {},
    stop: () => {},
  };
  model.viewer.show(run);
  model.viewer.setSpeed(1000);
  model.viewer.seek(300);
}

/** In the page: plays, and counts frames. */
async function play(seconds: number): Promise<number> {
  const { model } = document.querySelector('parley-app') as unknown as { model: Model };
  model.viewer.play();
  let frames = 0;
  const endMs = performance.now() + seconds * 1000;
  await new Promise<void>((resolve) => {
    const frame = () => {
      frames++;
      if (performance.now() < endMs) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  return frames;
}

/** In the page: the script of one picture of the space-time diagram while something is done to it; the median, and the longest but ten. */
async function diagramMs(
  deed: string,
): Promise<{ readonly median: number; readonly most: number }> {
  const app = document.querySelector('parley-app') as unknown as { model: Model };
  const within = (root: Element, tag: string) => root.shadowRoot!.querySelector(tag)!;
  const lab = within(app as unknown as Element, 'parley-lab');
  const diagram = within(within(lab, 'parley-views'), 'parley-spacetime') as unknown as {
    zoomBy(direction: 1 | -1): void;
    panBy(part: number): void;
    requestUpdate(): void;
    performUpdate(): void;
  };
  const { viewer } = app.model;
  const all = [...viewer.recording.events];
  const half = all.length >> 1;
  const live: { events: object[] } & Record<string, unknown> = {
    ...{ ...viewer.run, place: 'workers', phase: 'running', events: all.slice(0, half) },
    subscribe: (listener: () => void) => ((live['tell'] = listener), () => {}),
  };
  if (deed === 'new events') viewer.show(live);
  else viewer.select(undefined);
  viewer.seek(3000);
  if (deed === 'new events') viewer.follow();
  const act = (i: number) => {
    if (deed === 'seeking') viewer.seek(i * 30);
    else if (deed === 'moving') diagram.panBy(i < 100 ? 0.05 : -0.05);
    else if (deed === 'zooming') diagram.zoomBy(i % 16 < 8 ? 1 : -1);
    else if (deed === 'the light cone') viewer.selectEvent(100 + i * 20);
    else {
      live.events.push(...all.slice(half + i * 50, half + (i + 1) * 50));
      (live['tell'] as () => void)();
    }
  };
  const taken: number[] = [];
  for (let i = 0; i < 200; i++) {
    const beganMs = performance.now();
    act(i);
    diagram.requestUpdate();
    diagram.performUpdate();
    taken.push(performance.now() - beganMs);
    // All others draw then.
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  taken.sort((a, b) => a - b);
  return { median: taken[100]!, most: taken[189]! };
}

/** As much of the page's model as this needs. */
interface Model {
  readonly viewer: {
    readonly run: object;
    readonly recording: { readonly events: readonly object[] };
    show(run: unknown): void;
    follow(): void;
    select(selection: undefined): void;
    selectEvent(index: number): void;
    setSpeed(speed: number): void;
    seek(time: number): void;
    play(): void;
  };
}
