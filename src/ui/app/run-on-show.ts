/** The run on show: another one takes its place and ends it, and who cares hears when it is over. */

import type { Run } from '../../lab/run.ts';
import type { Viewer } from '../stage/viewer.ts';

/** Shows one run after the other. */
export class RunOnShow {
  readonly #viewer: Viewer;
  readonly #ended: (run: Run) => void;
  readonly #changed: () => void;
  #unsubscribe: (() => void) | undefined;

  /**
   * @param ended is told of a run that has come to its end while it was on show
   * @param changed is told of everything that happens to the run
   */
  constructor(viewer: Viewer, ended: (run: Run) => void, changed: () => void) {
    this.#viewer = viewer;
    this.#ended = ended;
    this.#changed = changed;
  }

  /** True while a run is being prepared or goes on. */
  get isBusy(): boolean {
    const { run } = this.#viewer;
    return run !== undefined && run.phase !== 'ended';
  }

  /** Shows a run, or nothing. */
  show(run: Run | undefined): void {
    this.#unsubscribe?.();
    // A room's run is not ours to end: whoever leaves the room departs from it.
    const left = this.#viewer.run;
    if (this.isBusy && left?.place !== 'room') left?.stop();
    this.#viewer.show(run);
    let isTold = run === undefined || run.phase === 'ended';
    this.#unsubscribe = run?.subscribe(() => {
      if (run.phase === 'ended' && !isTold) {
        isTold = true;
        this.#ended(run);
      }
      this.#changed();
    });
    this.#changed();
  }
}
