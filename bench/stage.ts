/**
 * The stage of the built page while it plays: frames a second, and the script that one of them takes, with 20 nodes and 2 000 messages a
 * second, and with hundreds of nodes.
 */

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
    for (const scene of SCENES) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`http://localhost:${server.port}/#/lab/echo`);
      await page.locator('parley-stage .node').first().waitFor();
      await page.evaluate(prepare, { ...scene, seconds: SECONDS });
      // The layout of many nodes is loaded, and made once.
      await page.waitForTimeout(1500);
      const session = await page.context().newCDPSession(page);
      const { result: frames, costs } = await tracedCosts(session, () =>
        page.evaluate(play, SECONDS),
      );
      const name = `${scene.name}, ${scene.messagesPerSecond} messages/s`;
      const figures: Figure[] = [
        { name: `${name}: frames`, value: frames / SECONDS, unit: 'frames/s' },
        ...Object.entries(costs).map(([kind, ms]) => ({
          ...{ name: `${name}: ${kind}`, value: ms / frames, unit: 'ms a frame' },
        })),
      ];
      figures.push({
        name: `${name}: script of the diagram, a picture`,
        value: await page.evaluate(diagramMs),
        unit: 'ms',
      });
      printFigures(figures);
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
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

/** In the page: the script of one picture of the space-time diagram, all over the run; the median. */
async function diagramMs(): Promise<number> {
  const app = document.querySelector('parley-app') as unknown as { model: Model };
  const within = (root: Element, tag: string) => root.shadowRoot!.querySelector(tag)!;
  const lab = within(app as unknown as Element, 'parley-lab');
  const diagram = within(within(lab, 'parley-views'), 'parley-spacetime') as unknown as {
    requestUpdate(): void;
    readonly updateComplete: Promise<boolean>;
  };
  const taken: number[] = [];
  for (let i = 0; i < 200; i++) {
    app.model.viewer.seek((i * 6000) / 200);
    // All others have drawn then.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const beganMs = performance.now();
    diagram.requestUpdate();
    await diagram.updateComplete;
    taken.push(performance.now() - beganMs);
  }
  return taken.toSorted((a, b) => a - b)[100]!;
}

/** As much of the page's model as this needs. */
interface Model {
  readonly viewer: {
    show(run: unknown): void;
    setSpeed(speed: number): void;
    seek(time: number): void;
    play(): void;
  };
}
