/** The tiles of the space-time diagram: however they came about, in the end the picture is the one that is drawn at once. */

import { expect, onTestFinished, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { Scene } from '../../../src/ui/stage/scene.ts';
import { Viewer } from '../../../src/ui/stage/viewer.ts';
import { ParleySpacetime } from '../../../src/ui/timeline/parley-spacetime.ts';
import { CHAPTER, FakeRun } from './fake-lab.ts';
import { settle } from './open-app.ts';

/** Four nodes that never rest. */
function busyTrace(messages: number): TraceEvent[] {
  const events: object[] = [];
  for (let i = 0; i < messages; i++) {
    const [from, to] = [`n${(i % 4) + 1}`, `n${((i * 3 + 1) % 4) + 1}`];
    const message = { message: `${from}#${i}`, path: 'talk', type: `kind${i % 3}`, role: 'cast' };
    const base = { ...message, bytes: 10, sequence: i };
    events.push({ ...base, time: i, node: from, kind: 'send', to, body: {} });
    events.push({ ...base, time: i + 100, node: to, kind: 'deliver', from });
  }
  return (events as TraceEvent[]).toSorted((a, b) => a.time - b.time);
}

async function openDiagram(viewer: Viewer): Promise<ParleySpacetime> {
  const diagram = new ParleySpacetime();
  Object.assign(diagram.style, { position: 'fixed', inset: '0 auto auto 0' });
  Object.assign(diagram.style, { width: '900px', height: '220px' });
  diagram.scene = new Scene(viewer, CHAPTER, () => undefined);
  document.body.append(diagram);
  onTestFinished(() => diagram.remove());
  await settle();
  return diagram;
}

function pixels(diagram: ParleySpacetime): Uint8ClampedArray {
  const canvas = diagram.renderRoot.querySelector('canvas')!;
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
}

/** Pixels that are clearly others; copies of canvases may differ by a rounding. */
function differing(some: Uint8ClampedArray, others: Uint8ClampedArray): number {
  expect(some).toHaveLength(others.length);
  return some.reduce((sum, one, at) => sum + Number(Math.abs(one - others[at]!) > 24), 0);
}

/** The same picture when all of it is drawn at once, as it is when the diagram gets another height. */
async function atOnce(diagram: ParleySpacetime): Promise<Uint8ClampedArray> {
  for (const height of ['260px', '220px']) {
    const { height: canvasHeight } = diagram.size;
    diagram.style.height = height;
    await expect.poll(() => diagram.size.height).not.toBe(canvasHeight);
    await expect.poll(() => diagram.isWhole).toBe(true);
  }
  return pixels(diagram);
}

test('zooms, moves, light cones and new events leave the picture that is drawn at once', async () => {
  const viewer = new Viewer();
  const all = busyTrace(6000);
  const run = new FakeRun('simulated', 1, all.slice(0, 9000));
  viewer.show(run);
  viewer.seek(2000);
  const diagram = await openDiagram(viewer);
  const steps: (() => void)[] = [
    () => diagram.zoomBy(1),
    () => diagram.zoomBy(-1),
    () => diagram.panBy(0.4),
    () => viewer.selectEvent(4000),
    () => viewer.selectEvent(4100),
    () => viewer.select(undefined),
    () => run.append(all.slice(9000)),
  ];
  for (const step of steps) {
    const before = pixels(diagram);
    step();
    // In the very next picture something stands everywhere, whether or not all of it is drawn.
    diagram.requestUpdate();
    await diagram.updateComplete;
    const inked = (data: Uint8ClampedArray) =>
      data.reduce((sum, one, at) => sum + Number(at % 4 === 3 && one > 0), 0);
    expect(inked(pixels(diagram))).toBeGreaterThan(inked(before) / 3);
    await expect.poll(() => diagram.isWhole).toBe(true);
    const shown = pixels(diagram);
    expect(differing(shown, await atOnce(diagram))).toBeLessThan(shown.length / 2000);
  }
});

test('where one looks, events that come are drawn, and messages that were on their way arrive', async () => {
  const viewer = new Viewer();
  // So few that none is left out: with another part of them all is drawn anew anyway.
  const all = busyTrace(300);
  const run = new FakeRun('simulated', 1, all.slice(0, 400));
  viewer.show(run);
  viewer.goTo(300);
  const diagram = await openDiagram(viewer);
  // The scale is the reader's: as long as the diagram chooses it, it grows with the run.
  diagram.zoomBy(1);
  await settle();
  await expect.poll(() => diagram.isWhole).toBe(true);
  const before = pixels(diagram);
  run.append(all.slice(400));
  await settle();
  await expect.poll(() => diagram.isWhole).toBe(true);
  const shown = pixels(diagram);
  expect(differing(shown, before)).toBeGreaterThan(shown.length / 2000);
  expect(differing(shown, await atOnce(diagram))).toBeLessThan(shown.length / 2000);
});
