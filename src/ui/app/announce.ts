/**
 * What a screen reader is told without asking: that a run began, how it ended and what one did to it; while it plays, who leads and what
 * breaks; and when one goes from event to event, each of them. No more: whoever wants all reads the table of events.
 */

import { describeIntervention } from '../../lab/intervention.ts';
import { nodeAt } from '../../lab/picture.ts';
import type { Recording } from '../../lab/playback.ts';
import type { Run } from '../../lab/run.ts';
import { sentence } from '../inspect/describe.ts';
import { plural, printCount } from '../kit/print-number.ts';
import type { Scene } from '../stage/scene.ts';
import type { Branches } from './branches.ts';
import { outcomeOf } from './last-runs.ts';

/** More events than this pass in a frame only when one jumps: then none of them is news. */
const PASSED_MAX = 200;

/** What is announced of. */
export interface Announced {
  readonly run: Run | undefined;
  readonly branches: Branches;
  readonly scene: Scene;
}

/** Turns what a run looks like into announcements. */
export class Announcer {
  #run: Run | undefined;
  #told: 'nothing' | 'start' | 'end' = 'nothing';
  #done: readonly string[] = [];
  #recording: Recording | undefined;
  #step = 0;

  /** The sentence to say now; undefined when there is no news. */
  hear({ run, branches, scene }: Announced): string | undefined {
    const passed = this.#passed(scene);
    return this.#ofRun(run, branches) ?? passed;
  }

  #ofRun(run: Run | undefined, branches: Branches): string | undefined {
    if (run !== this.#run) {
      this.#run = run;
      this.#told = 'nothing';
    }
    if (run === undefined || this.#told === 'end') return undefined;
    if (run.phase === 'ended') {
      this.#told = 'end';
      const verdict = run.result?.ok === true ? 'The run has ended' : 'The run has failed';
      return `${this.#deed(branches)}${verdict}: ${outcomeOf(run)}.`;
    }
    if (run.phase === 'running' && this.#told === 'nothing') {
      this.#told = 'start';
      return `The run has begun with ${plural(run.nodes.length, 'node')}.`;
    }
    return undefined;
  }

  /** What the branch that has just run differs in from the one before. */
  #deed(branches: Branches): string {
    const before = this.#done;
    this.#done = branches.done.map(describeIntervention);
    const fresh = this.#done.filter((words) => !before.includes(words));
    if (fresh.length > 0) return `Your branch: ${fresh.join(', ')}. `;
    return this.#done.length < before.length ? 'Taken back. ' : '';
  }

  /** What the cursor passed on its way, as far as somebody wants to know that. */
  #passed(scene: Scene): string | undefined {
    const { recording, cursor, moving } = scene.viewer;
    const from = this.#step;
    this.#step = cursor.step;
    if (recording !== this.#recording) {
      this.#recording = recording;
      return undefined;
    }
    if (cursor.step === from || cursor.step === 0) return undefined;
    const last = cursor.step - 1;
    if (!moving) {
      // Between two events one has pulled the slider of time, which speaks for itself.
      if (recording.events[last]?.time !== cursor.time) return undefined;
      return `Event ${printCount(recording.numberOf(cursor.step))}: ${sentence(recording, last)}`;
    }
    if (cursor.step - from > PASSED_MAX) return undefined;
    for (let index = last; index >= from; index--) {
      const news = newsOf(scene, index);
      if (news !== undefined) return news;
    }
    return undefined;
  }
}

/** Who leads from this event on, or what breaks with it. */
function newsOf(scene: Scene, index: number): string | undefined {
  const { recording } = scene.viewer;
  const event = recording.events[index];
  if (event?.kind === 'violation') return sentence(recording, index);
  if (event?.kind !== 'state' || event.path.includes('.')) return undefined;
  const { role, look } = scene.node(event.node);
  // The shape of those who lead, by whatever name.
  if (role === undefined || look.shape !== 'double') return undefined;
  const moment = nodeAt(recording, event.node, index + 1).states[0];
  const previous = moment?.previous;
  const before = previous === undefined ? undefined : scene.picture(moment, previous)?.role;
  const isNew = before !== role && scene.picture(moment)?.role === role;
  return isNew ? `${event.node} is now ${role}` : undefined;
}
