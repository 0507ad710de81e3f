/** Small simulations behind the cards of the home page, one after the other, each at most once, as long as somebody looks at the cards. */

import type { ChapterEntry, LabService } from '../../lab/lab-service.ts';
import { Recording } from '../../lab/playback.ts';
import type { RunNode } from '../../lab/run.ts';
import { Scene } from '../stage/scene.ts';
import { Viewer } from '../stage/viewer.ts';
import { setupOf } from '../app/setup.ts';

/** What a card draws. */
export interface ThumbnailRun {
  readonly nodes: readonly RunNode[];
  readonly recording: Recording;
  readonly scene: Scene;
}

/** A picture that takes longer is not drawn. */
const PATIENCE_MS = 4000;

const done = new Map<string, Promise<ThumbnailRun | undefined>>();
let queue: Promise<unknown> = Promise.resolve();

/**
 * Simulates a chapter as it is configured. Undefined when that does not work in good time.
 *
 * @param unwanted aborted when nobody looks any more: what is not over then makes room for what is looked at, and is begun again another time
 */
export function thumbnailRun(
  service: LabService,
  chapter: ChapterEntry,
  unwanted: AbortSignal,
): Promise<ThumbnailRun | undefined> {
  const known = done.get(chapter.name);
  if (known !== undefined) return known;
  const run = queue.then(() => simulate(service, chapter, unwanted)).catch(() => undefined);
  done.set(chapter.name, run);
  queue = run;
  return run;
}

function simulate(
  service: LabService,
  chapter: ChapterEntry,
  unwanted: AbortSignal,
): Promise<ThumbnailRun | undefined> | undefined {
  if (unwanted.aborted) {
    done.delete(chapter.name);
    return undefined;
  }
  const { config, seed, latencyMs, format } = setupOf(chapter);
  const run = service.simulate({
    ...{ algorithm: chapter.name, config, seed, latencyMs, format, timeoutSeconds: 5 },
    isAside: true,
  });
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unsubscribe();
      unwanted.removeEventListener('abort', finish);
      if (run.phase !== 'ended') run.stop();
      if (unwanted.aborted) done.delete(chapter.name);
      if (unwanted.aborted || run.events.length === 0) return resolve(undefined);
      const viewer = new Viewer();
      viewer.show(run);
      viewer.goTo(busiestStep(viewer.recording));
      const { recording } = viewer;
      const scene = new Scene(viewer, chapter);
      const draw = () => resolve({ nodes: run.nodes, recording, scene });
      // Without its looks a picture is a picture, too.
      service
        .looksOf(chapter.name)
        .then((looks) => scene.lookThrough(looks))
        .then(draw, draw);
    };
    const timer = setTimeout(finish, PATIENCE_MS);
    unwanted.addEventListener('abort', finish);
    const unsubscribe = run.subscribe(() => {
      if (run.phase === 'ended') finish();
    });
    if (run.phase === 'ended') finish();
  });
}

/** A moment at which many messages are on their way. */
function busiestStep(recording: Recording): number {
  let best = { count: -1, step: recording.length };
  for (let part = 1; part < 24; part++) {
    const time = (recording.endTime * part) / 24;
    const count = [...recording.flightsBetween(time, time)].length;
    if (count > best.count) best = { count, step: recording.stepAt(time) };
  }
  return best.step;
}
