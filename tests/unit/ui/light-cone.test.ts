/** What led to an event, what came of it, and what has nothing to do with it. */

import { expect, test } from 'vitest';
import { Scene } from '../../../src/ui/stage/scene.ts';
import { Viewer } from '../../../src/ui/stage/viewer.ts';
import { ConeMaker, placeIn } from '../../../src/ui/timeline/light-cone.ts';
import { FakeRun, trace } from '../../browser/ui/fake-lab.ts';

function opened() {
  const viewer = new Viewer(() => 0);
  const run = new FakeRun('room', 1, trace());
  viewer.show(run);
  return { viewer, run, scene: new Scene(viewer, undefined), cones: new ConeMaker() };
}

/** Every event by where it lies. */
function lying({ viewer, scene, cones }: ReturnType<typeof opened>): Record<string, number[]> {
  const cone = cones.coneOf(scene)!;
  const places: Record<string, number[]> = { past: [], future: [], concurrent: [] };
  for (const [index, { node }] of viewer.recording.events.entries()) {
    if (index !== cone.index) places[placeIn(cone, index, node)]!.push(index);
  }
  return places;
}

test('a message carries the past of its sender, and its answer what came of it', () => {
  const all = opened();
  // n2 receives hello: what n1 did until it sent it led there, and what n1 does after the answer came of it.
  all.viewer.selectEvent(5);
  expect(lying(all)).toEqual({
    past: [0, 1, 2, 3, 4],
    future: [6, 7, 8, 9, 10, 11, 12],
    concurrent: [],
  });
  // n1 takes note of the answer: n2's end was neither before nor after it.
  all.viewer.selectEvent(9);
  expect(lying(all)).toMatchObject({ future: [10, 11], concurrent: [12] });
  // A node stands for its last event, and a message for its arrival.
  all.viewer.select({ kind: 'message', message: 'n2#1', to: 'n1' });
  expect(all.cones.coneOf(all.scene)!.index).toBe(8);
});

test('what comes later belongs to the future as soon as it is known; while time passes there is no cone', () => {
  const all = opened();
  all.viewer.selectEvent(9);
  const before = all.cones.coneOf(all.scene);
  expect(all.cones.coneOf(all.scene)).toBe(before);
  const hello = { message: 'n1#2', path: 'talk', type: 'hello', role: 'cast', bytes: 1 } as const;
  all.run.append([
    { time: 40, node: 'n1', sequence: 8, kind: 'send', to: 'n2', body: {}, ...hello },
    { time: 50, node: 'n2', sequence: 7, kind: 'deliver', from: 'n1', ...hello },
  ]);
  expect(lying(all)).toMatchObject({ future: [10, 11, 13, 14], concurrent: [12] });
  all.viewer.play();
  expect(all.cones.coneOf(all.scene)).toBeUndefined();
});
