/** What a screen reader is told of a run without being asked: that it began, how it ended, and what broke. No more. */

import type { Run } from '../../lab/run.ts';
import { plural } from '../kit/print-number.ts';
import { outcomeOf } from './last-runs.ts';

/** Turns what a run looks like into announcements. */
export class Announcer {
  #run: Run | undefined;
  #told: 'nothing' | 'start' | 'end' = 'nothing';

  /** The sentence to say now; undefined when there is no news. */
  hear(run: Run | undefined): string | undefined {
    if (run !== this.#run) {
      this.#run = run;
      this.#told = 'nothing';
    }
    if (run === undefined || this.#told === 'end') return undefined;
    if (run.phase === 'ended') {
      this.#told = 'end';
      const verdict = run.result?.ok === true ? 'The run has ended' : 'The run has failed';
      return `${verdict}: ${outcomeOf(run)}.`;
    }
    if (run.phase === 'running' && this.#told === 'nothing') {
      this.#told = 'start';
      return `The run has begun with ${plural(run.nodes.length, 'node')}.`;
    }
    return undefined;
  }
}
