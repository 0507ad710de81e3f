/**
 * Branches of a simulated run: what was done to it by hand, the runs that came of it, and the one before for comparison. The abandoned
 * future stays: one step back, and one look aside.
 */

import type { Partition } from '../../core/faults/faults.ts';
import {
  healed,
  intervene,
  interventionsIn,
  withoutIntervention,
  type Intervention,
} from '../../lab/intervention.ts';
import type { LinkedRun } from '../../lab/link/linked-run.ts';
import { partingOf, type Parting } from '../../lab/parting.ts';
import { Recording } from '../../lab/playback.ts';
import type { Run } from '../../lab/run.ts';
import type { Ghost } from '../stage/scene.ts';
import type { Viewer } from '../stage/viewer.ts';

/** What was on show before a run was made anew. */
interface LeftRun {
  readonly run: Run;
  readonly before: Run | undefined;
  /** It had come to its end; one that had not was broken off. */
  readonly isWhole: boolean;
}

/** The history of one run that was set up or opened. */
export class Branches {
  readonly #viewer: Viewer;
  /** Runs a changed run, and shows it. */
  readonly #repeat: (linked: LinkedRun) => Run;
  /** Shows a run that there is, and ends the one on show. */
  readonly #present: (run: Run) => void;
  #left: LeftRun | undefined;
  #base: Run | undefined;
  #current: Run | undefined;
  #before: Run | undefined;
  #isSwapped = false;
  #ghostWanted = true;
  #ghost: Recording | undefined;
  #ghostOf: Run | undefined;
  #parting: Parting | undefined;
  #partingOf = '';

  constructor(viewer: Viewer, repeat: (linked: LinkedRun) => Run, present: (run: Run) => void) {
    this.#viewer = viewer;
    this.#repeat = repeat;
    this.#present = present;
  }

  /** A run was set up or opened: nothing has been done to it. @param before what it is to be compared with */
  begin(run: Run | undefined, before?: Run): void {
    this.#base = run?.linked === undefined ? undefined : run;
    this.#current = this.#base;
    this.#before = this.#base === undefined ? undefined : before;
    this.#left = undefined;
  }

  /** True when something can be done to the run on show. */
  get isOpen(): boolean {
    return this.#current !== undefined && this.#viewer.run?.linked !== undefined;
  }

  /** What was done to the run on show, in its order. */
  get done(): readonly Intervention[] {
    const [base, shown] = [this.#base?.linked, this.#viewer.run?.linked];
    return base === undefined || shown === undefined ? [] : interventionsIn(shown, base);
  }

  /** The run before the last change. */
  get before(): Run | undefined {
    return this.#before;
  }

  /** The events of the run before, indexed; undefined when there is none. */
  get beforeRecording(): Recording | undefined {
    const before = this.#before;
    if (before === undefined) return undefined;
    if (this.#ghostOf !== before) {
      this.#ghostOf = before;
      this.#ghost = new Recording();
    }
    this.#ghost!.extend(before.events);
    return this.#ghost;
  }

  /** The future that was left, where one wants to see it behind the one on show. */
  get ghost(): Ghost | undefined {
    const { parting } = this;
    const recording = this.beforeRecording;
    if (!this.#ghostWanted || parting === undefined || recording === undefined) return undefined;
    return { recording, fromMs: parting.timeMs };
  }

  /** Shows or hides it. */
  toggleGhost(): void {
    this.#ghostWanted = !this.#ghostWanted;
    this.#viewer.refresh();
  }

  /** Where the run on show and the one before part; undefined while that is not known, or when they do not. */
  get parting(): Parting | undefined {
    const [shown, before] = [this.#viewer.run, this.#before];
    if (shown === undefined || before === undefined) return undefined;
    // They are compared event by event, which takes both of them in memory.
    if (this.isTooLong) return undefined;
    const isOver = shown.phase === 'ended' && before.phase === 'ended';
    const key = `${shown.events.length} ${before.events.length} ${isOver} ${this.#isSwapped}`;
    if (key !== this.#partingOf) {
      this.#partingOf = key;
      this.#parting = partingOf(shown.events, before.events, isOver);
    }
    return this.#parting;
  }

  /** True when a part of one of the two is on disk. */
  get isTooLong(): boolean {
    return (this.#viewer.run?.archive ?? this.#before?.archive) !== undefined;
  }

  /** A seed for another future than all before. */
  nextForkSeed(seedMax: number): number {
    const seed = this.#viewer.run?.linked?.fork?.seed ?? this.#viewer.run?.seed ?? 0;
    return seed >= seedMax ? 0 : seed + 1;
  }

  /** Virtual milliseconds, to the microsecond, at which something is done now. */
  get nowMs(): number {
    return Math.round(this.#viewer.lookedAtMs * 1000) / 1000;
  }

  /** Does something to the run at the moment that is shown. */
  intervene(done: Intervention): void {
    const linked = this.#viewer.run?.linked;
    if (linked === undefined) return;
    this.#go(intervene(linked, this.#viewer.recording, this.nowMs, done));
  }

  /** Takes back one thing, or the last. */
  undo(done: Intervention | undefined = this.done.at(-1)): void {
    const linked = this.#viewer.run?.linked;
    if (linked !== undefined && done !== undefined) this.#go(withoutIntervention(linked, done));
  }

  /** Ends a partition at the moment that is shown. */
  heal(partition: Partition): void {
    const linked = this.#viewer.run?.linked;
    if (linked !== undefined) this.#go(healed(linked, partition, this.nowMs));
  }

  /** Shows the run before instead, at the same moment, and keeps this one to come back to. */
  swap(): void {
    const [shown, before] = [this.#viewer.run, this.#before];
    if (shown === undefined || before === undefined) return;
    const { nowMs } = this;
    this.#before = shown;
    this.#current = before;
    this.#isSwapped = !this.#isSwapped;
    this.#viewer.show(before);
    this.#viewer.holdAt(nowMs);
  }

  /** True while a run is made anew whose moment has not come: then one can go back to the run that was left. */
  get mayGoBack(): boolean {
    return this.#left !== undefined && this.#viewer.isCatchingUp;
  }

  /** Breaks off what is being made anew: the run that was left is on show again, at the same moment, as if nothing had been done. */
  goBack(): void {
    const left = this.#left;
    if (left === undefined || !this.mayGoBack) return;
    const { nowMs } = this;
    const selection = this.#viewer.selection;
    this.#left = undefined;
    if (left.isWhole) this.#present(left.run);
    // It was broken off itself, for the one that is now: it comes to the same once more.
    this.#current = left.isWhole ? left.run : this.#repeat(left.run.linked!);
    this.#before = left.before;
    this.#viewer.select(selection);
    this.#viewer.holdAt(nowMs);
  }

  #go(linked: LinkedRun): void {
    const { nowMs } = this;
    const shown = this.#viewer.run;
    // Whoever does two things at once goes back to what was seen before both.
    if (shown !== undefined && !this.mayGoBack) {
      this.#left = { run: shown, before: this.#before, isWhole: shown.phase === 'ended' };
    }
    // Whoever is quick does the next thing before the last one has run: a run that is broken off is nothing to compare with.
    const before = shown?.phase === 'ended' ? shown : this.#before;
    const selection = this.#viewer.selection;
    this.#current = this.#repeat(linked);
    this.#before = before;
    this.#viewer.select(selection);
    this.#viewer.holdAt(nowMs);
  }
}

/** True when a run differs from the one before in its code, its bugs or its faults alone: then one wants to see what that changes. */
export function isVariantOf(
  { linked }: Run,
  before: Run | undefined,
  hasOtherCode: boolean,
): before is Run {
  const old = before?.linked;
  if (linked === undefined || old === undefined || before?.phase !== 'ended') return false;
  const { algorithm, seed, config } = linked;
  if (old.algorithm !== algorithm || old.seed !== seed || old.config !== config) return false;
  const parts = ({ breaks, faults, choices }: LinkedRun) =>
    JSON.stringify([breaks ?? [], faults ?? {}, choices ?? []]);
  return hasOtherCode || parts(old) !== parts(linked);
}
