/** Which links the stage draws. */

import { expect, test } from 'vitest';
import type { NodePicture } from '../../../src/core/chapter.ts';
import type { ChapterEntry, ChapterLooks } from '../../../src/lab/lab-service.ts';
import { Scene } from '../../../src/ui/stage/scene.ts';
import { Viewer } from '../../../src/ui/stage/viewer.ts';
import { FakeRun } from '../../browser/ui/fake-lab.ts';

/** The scene at the end of a run of two nodes that are each other's neighbours; n1 speaks, n2 listens. */
function scene(view?: (state: { readonly speaks: boolean }) => NodePicture): Scene {
  const viewer = new Viewer(() => 0);
  const run = new FakeRun('simulated');
  viewer.show(run);
  run.end();
  viewer.goTo(100);
  const found = new Scene(viewer, { messageTypes: [] } as unknown as ChapterEntry);
  if (view !== undefined) found.lookThrough({ view: view as NonNullable<ChapterLooks['view']> });
  return found;
}

test('those of the configuration, where the chapter says nothing of its own', () => {
  const both = [{ from: 'n1', to: 'n2', directed: false }];
  expect(scene().links).toEqual(both);
  expect(scene(() => ({ role: 'talker' })).links).toEqual(both);
});

test('those that the nodes know now, as arrows where only one of two knows the other', () => {
  const oneWay = scene(({ speaks }) => ({ edges: speaks ? ['n2'] : [] }));
  expect(oneWay.links).toEqual([{ from: 'n1', to: 'n2', directed: true }]);
  const mutual = scene(({ speaks }) => ({ edges: [speaks ? 'n2' : 'n1', 'nobody'] }));
  expect(mutual.links).toEqual([{ from: 'n1', to: 'n2', directed: false }]);
  expect(mutual.links).toBe(mutual.links);
});
