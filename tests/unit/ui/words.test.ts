/** Where the words of nodes stand, and what they say. */

import { expect, test } from 'vitest';
import { partOf } from '../../../src/ui/stage/draw-node.ts';
import { placeWords, ringLayout } from '../../../src/ui/stage/layout.ts';
import { Scene } from '../../../src/ui/stage/scene.ts';
import { Viewer } from '../../../src/ui/stage/viewer.ts';
import { FakeRun, trace } from '../../browser/ui/fake-lab.ts';

/** A line of small type with a part in it, e.g. `departed`: pixels, from its baseline upwards and downwards. */
const WORD = { width: 58, up: 10, down: 3 };

test.each([
  [680, 510],
  [700, 380],
  [900, 600],
  [1300, 800],
])('on a ring of %i by %i words keep off the nodes', (width, height) => {
  let counted = 0;
  for (let count = 3; count <= 36; count++) {
    const layout = ringLayout(count, width, height);
    if (!layout.labelled) continue;
    counted++;
    for (const place of layout.places) {
      const { x, y, anchor } = placeWords(place, layout);
      const from = { start: 0, middle: -WORD.width / 2, end: -WORD.width }[anchor];
      const left = place.x + x + from;
      const baseline = place.y + y;
      expect(left, `${count} nodes`).toBeGreaterThanOrEqual(0);
      expect(left + WORD.width, `${count} nodes`).toBeLessThanOrEqual(width);
      for (const other of layout.places) {
        const nearX = Math.min(Math.max(other.x, left), left + WORD.width);
        const nearY = Math.min(Math.max(other.y, baseline - WORD.up), baseline + WORD.down);
        const distance = Math.hypot(other.x - nearX, other.y - nearY);
        expect(distance, `${count} nodes`).toBeGreaterThanOrEqual(layout.reach + 2);
      }
    }
  }
  expect(counted).toBeGreaterThan(6);
});

test('whoever is gone plays no part any more, and is not among those who are here', () => {
  const viewer = new Viewer(() => 0);
  const left = { time: 40, node: 'n2', sequence: 7, kind: 'status', status: 'departed' } as const;
  viewer.show(new FakeRun('room', 1, [...trace(), left]));
  const scene = new Scene(viewer, undefined);
  scene.lookThrough({ view: () => ({ role: 'member' }) });
  viewer.goTo(1000);
  expect([scene.node('n1'), scene.node('n2')].map(partOf)).toEqual(['member', 'departed']);
  expect([scene.node('n1').isGone, scene.node('n2').isGone]).toEqual([false, true]);
  viewer.seek(30);
  expect(partOf(scene.node('n2'))).toBe('member');
});
