/**
 * The one cursor and the one selection of the lab. Every panel is a view of them; nothing else moves them.
 *
 * A finished simulation is played from its beginning at a chosen speed. A live run is followed until somebody scrubs back.
 */

import type { NodeId } from '../../core/id.ts';
import type { MessageId } from '../../core/trace.ts';
import { countBefore, Recording, type Cursor, type Flight } from '../../lab/playback.ts';
import type { Run, RunNode } from '../../lab/run.ts';
import { beginning, FRAME_MS_MAX, passingMs, STILL_MS } from './passing-time.ts';
import { PictureBefore } from './picture-before.ts';
import { runDensity, StretchReader, windowOf } from './stretches.ts';
import { chooseSpeed, nextSpeed } from './speed.ts';

/** What the inspector shows and every panel marks. */
export type Selection =
  | { readonly kind: 'node'; readonly node: NodeId }
  | { readonly kind: 'message'; readonly message: MessageId; readonly to: NodeId }
  | { readonly kind: 'event'; readonly index: number };

/** Cursor and selection over one run. */
export class Viewer {
  /** Play step by step, with rests instead of motion. */
  discrete = false;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #run: Run | undefined;
  #unsubscribe: (() => void) | undefined;
  #recording = new Recording();
  #cursor: Cursor = { time: 0, step: 0 };
  #selection: Selection | undefined;
  #playing = false;
  #following = false;
  #speed: number | undefined;
  #lastTick: number | undefined;
  /** The picture is to begin with the first message. */
  #skipsWait = false;
  readonly #before = new PictureBefore();
  #heardAt = 0;
  readonly #stretches = new StretchReader(() => this.#emit());

  /** @param now real milliseconds, of any origin */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The run on show. */
  get run(): Run | undefined {
    return this.#run;
  }

  /** Its events, indexed; while it {@link isCatchingUp} those of the run before. */
  get recording(): Recording {
    return this.#before.shown?.recording ?? this.#recording;
  }

  /** Now. */
  get cursor(): Cursor {
    return this.#before.shown?.cursor ?? this.#cursor;
  }

  /** Its nodes, as far as they are known. */
  get nodes(): readonly RunNode[] {
    const nodes = this.#run?.nodes ?? [];
    return nodes.length === 0 ? (this.#before.shown?.nodes ?? nodes) : nodes;
  }

  /** True while a run that was made anew has not come to the moment that is to be shown: until then the one before is seen. */
  get isCatchingUp(): boolean {
    return this.#before.shown !== undefined;
  }

  /** How much of a run that {@link isCatchingUp} is there, of what has to be before it is shown: 0 to 1. */
  get caughtUp(): number {
    return Math.min(1, this.#recording.endTime / Math.max(this.#before.wantedMs ?? 0, 1));
  }

  /** The time that one looks at: where the cursor stands, or is to stand as soon as the run has come so far. */
  get lookedAtMs(): number {
    return this.#before.wantedMs ?? this.#cursor.time;
  }

  /** What is selected. */
  get selection(): Selection | undefined {
    return this.#selection;
  }

  /** True while the recording plays. */
  get playing(): boolean {
    return this.#playing;
  }

  /** True while the cursor stays at the newest event of a live run. */
  get following(): boolean {
    return this.#following;
  }

  /** True when the run goes on and its present can be followed. */
  get live(): boolean {
    return (
      this.#run !== undefined && this.#run.place !== 'simulated' && this.#run.phase !== 'ended'
    );
  }

  /** True when nothing will be added. */
  get ended(): boolean {
    // A run ends before its subscribers are told: until then, its last events are not here.
    return this.#run?.phase === 'ended' && this.#recording.length === this.#run.events.length;
  }

  /** True while what is shown is being read from disk. */
  get isReading(): boolean {
    return this.#stretches.isReading;
  }

  /** Why a part of the run cannot be shown. */
  get problem(): string | undefined {
    return this.#stretches.problem;
  }

  /** How much happened in each of `count` equal parts of the run. */
  density(count: number): readonly number[] {
    const run = this.isCatchingUp ? undefined : this.#run;
    return runDensity(run, this.recording, count, this.endTime);
  }

  /** True when time passes on the screen: then somebody must call {@link tick} with each frame. */
  get moving(): boolean {
    return this.#playing || (this.#following && this.#run?.phase === 'running');
  }

  /** Milliseconds of the run per second of the viewer. */
  get speed(): number {
    return this.#speed ?? chooseSpeed(this.#recording.typicalJourney(), this.#recording.endTime);
  }

  /** The last moment that can be shown. */
  get endTime(): number {
    const newest = this.#run?.events.at(-1)?.time ?? 0;
    return Math.max(
      ...[this.#recording.endTime, this.recording.endTime, newest],
      this.#following ? this.#cursor.time : 0,
    );
  }

  /** Shows another run from its beginning, or its present when it is live. A selected node stays selected. */
  show(run: Run | undefined): void {
    this.#unsubscribe?.();
    const { recording, cursor, nodes } = this;
    this.#before.keep({ recording, cursor, nodes });
    this.#run = run;
    this.#stretches.cancel();
    this.#recording = this.#newest();
    this.#cursor = { time: 0, step: 0 };
    this.#playing = false;
    this.#following = this.live;
    this.#speed = undefined;
    this.#lastTick = undefined;
    this.#skipsWait = false;
    if (this.#selection?.kind !== 'node') this.#selection = undefined;
    this.#unsubscribe = run?.subscribe(() => this.#hear());
    this.#hear();
  }

  /** Starts playing; from the beginning when the cursor stands at the end. */
  play(): void {
    if (this.#run === undefined || (this.ended && this.#recording.length === 0)) return;
    this.#before.forget();
    if (this.ended && this.#cursor.step >= this.#recording.length) {
      if (this.#recording.before > 0) this.#read(this.#run.archive?.at(0), 0);
      else this.#move(0, 0);
    }
    this.#playing = true;
    this.#following = false;
    this.#lastTick = undefined;
    this.#emit();
  }

  /** Starts playing shortly before the first message: until then the nodes only wait. */
  playFromFirstMessage(): void {
    this.play();
    this.#skipsWait = true;
    this.#skipWait();
  }

  /** Holds the picture; the run itself goes on. */
  pause(): void {
    if (!this.#playing && !this.#following) return;
    this.#playing = false;
    this.#following = false;
    this.#emit();
  }

  /** Play or hold. */
  toggle(): void {
    if (this.#playing || this.#following) this.pause();
    else this.play();
  }

  /** Back to the present of a live run. */
  follow(): void {
    this.#stretches.cancel();
    this.#playing = false;
    this.#following = this.live;
    this.#toNewest();
    this.#move(this.#recording.endTime, this.#recording.length);
    this.#emit();
  }

  /** Moves to a time as soon as the run has come so far; until then the picture of the run before stays. */
  holdAt(time: number): void {
    this.#before.waitFor(time);
    this.#hear();
  }

  /** Moves to a time; what happens at that very time has happened. */
  seek(time: number): void {
    const clamped = Math.min(Math.max(time, 0), this.endTime);
    this.#before.forget();
    this.#following = false;
    if (this.#isElsewhere(clamped)) return this.#read(this.#run?.archive?.at(clamped), clamped);
    this.#stretches.cancel();
    const here = Math.min(clamped, this.#recording.endTime);
    this.#move(here, this.#recording.stepAt(here));
    this.#emit();
  }

  /** Moves to the moment after `step` events, and holds there. */
  goTo(step: number): void {
    const clamped = Math.min(Math.max(step, 0), this.#recording.length);
    this.#before.forget();
    this.#stretches.cancel();
    this.#playing = false;
    this.#following = false;
    this.#move(this.#recording.events[clamped - 1]?.time ?? 0, clamped);
    this.#emit();
  }

  /** Before everything. */
  toStart(): void {
    if (this.recording.before > 0) this.seek(0);
    else this.goTo(0);
  }

  /** After everything. */
  toEnd(): void {
    if (this.recording.endTime < this.endTime) this.seek(this.endTime);
    else this.goTo(this.recording.length);
  }

  /** Moves to the moment at which something broke, or to the end when nothing did. */
  goToFailure(): void {
    const [first] = this.#recording.violations;
    this.goTo(first === undefined ? this.#recording.length : first + 1);
  }

  /** Moves by events. */
  stepBy(count: number): void {
    const { recording, cursor } = this;
    // Beyond the edge of what is shown, the neighbouring stretch follows.
    if (count > 0 && cursor.step >= recording.length && recording.endTime < this.endTime) {
      const next = this.#run?.archive?.after(recording.numberOf(recording.length));
      return this.#read(next, recording.endTime);
    }
    if (count < 0 && recording.before > 0 && cursor.step <= recording.carried) {
      return this.#read(this.#run?.archive?.earlier(recording.before), recording.startTime);
    }
    this.goTo(this.cursor.step + count);
  }

  /** Moves to the next or previous event of a node. */
  stepAt(node: NodeId, direction: 1 | -1): void {
    const all = this.#recording.track(node)?.all ?? [];
    const { step } = this.#cursor;
    const position =
      direction === 1 ? countBefore(all, step) : countBefore(all, Math.max(step - 1, 0)) - 1;
    const index = all[position];
    if (index !== undefined) this.goTo(index + 1);
  }

  /** Sets the speed, in milliseconds of the run per second. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#emit();
  }

  /** One notch faster or slower. */
  changeSpeed(direction: 1 | -1): void {
    this.setSpeed(nextSpeed(this.speed, direction));
  }

  /** Selects something in every panel. */
  select(selection: Selection | undefined): void {
    this.#selection = selection;
    this.#emit();
  }

  /** True for the message that is selected, on its way to the receiver for which it is. */
  isSelected({ message, to }: Flight): boolean {
    const { selection } = this;
    return selection?.kind === 'message' && selection.message === message && selection.to === to;
  }

  /** Selects a message on its way. */
  selectFlight({ message, to }: Flight): void {
    this.select({ kind: 'message', message, to });
  }

  /** Selects an event and moves to the moment after it. */
  selectEvent(index: number): void {
    this.#selection = { kind: 'event', index };
    this.goTo(index + 1);
  }

  /** Lets time pass up to `now`; to be called with each frame while {@link moving}. */
  tick(now: number): void {
    if (this.#following) return this.#followTo(now);
    if (!this.#playing || this.isReading) return;
    const elapsed = this.#lastTick === undefined ? 0 : now - this.#lastTick;
    if (this.discrete) {
      if (this.#lastTick !== undefined && elapsed < STILL_MS) return;
      this.#lastTick = now;
      this.#advanceTo(this.#recording.events[this.#cursor.step]?.time ?? this.#recording.endTime);
    } else {
      this.#lastTick = now;
      const realMs = Math.min(elapsed, FRAME_MS_MAX);
      const passing = passingMs(this.#recording, this.#cursor, this.speed, realMs);
      this.#advanceTo(this.#cursor.time + passing);
    }
    this.#emit();
  }

  /** Something beside the run changed how it is to be drawn. */
  refresh(): void {
    this.#emit();
  }

  /** Calls `listener` after each change; returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Moves on to where the run begins to be worth seeing, as soon as that is known; whoever moves by hand meanwhile is where they wanted to be. */
  #skipWait(): void {
    const time = this.#skipsWait ? beginning(this.#recording, this.speed) : undefined;
    if (time === undefined) return;
    this.#skipsWait = false;
    if (this.#playing && time > this.#cursor.time) this.#move(time, this.#recording.stepAt(time));
  }

  #advanceTo(time: number): void {
    const end = this.#recording.endTime;
    const step = this.#recording.stepAt(time);
    const violation = this.#recording.violations.find((index) => index >= this.#cursor.step);
    if (violation !== undefined && violation < step) {
      // Stop on the guilty event, not after it.
      this.#playing = false;
      this.#move(this.#recording.events[violation]!.time, violation + 1);
      return;
    }
    this.#move(Math.min(time, end), step);
    if (time < end) return;
    if (this.ended) this.#playing = false;
    else if (this.#isElsewhere(time)) {
      this.#read(this.#run?.archive?.after(this.#recording.numberOf(this.#recording.length)), time);
    }
  }

  /** The newest events of the run, which grow. */
  #newest(): Recording {
    return new Recording(this.#run === undefined ? {} : windowOf(this.#run));
  }

  #toNewest(): void {
    if (this.#run === undefined || this.#recording.events === this.#run.events) return;
    const recording = this.#newest();
    recording.extend(this.#run.events);
    this.#turnTo(recording);
  }

  /** True for a moment that is in none of the events that are in memory and shown. */
  #isElsewhere(time: number): boolean {
    if (this.#run?.archive === undefined) return false;
    return time < this.#recording.startTime || time > this.#recording.endTime;
  }

  /** Shows another part of the run: a stretch from disk, or the newest. */
  #read(stretch: number | undefined, time: number): void {
    this.#stretches.read(this.#run!, stretch, (recording) => {
      if (recording === undefined) this.#toNewest();
      else this.#turnTo(recording);
      const here = Math.min(Math.max(time, this.#recording.startTime), this.#recording.endTime);
      this.#move(here, this.#recording.stepAt(here));
      this.#lastTick = undefined;
      this.#emit();
    });
    this.#emit();
  }

  #turnTo(recording: Recording): void {
    this.#recording = recording;
    // Its index was one of the events before.
    if (this.#selection?.kind === 'event') this.#selection = undefined;
  }

  #followTo(now: number): void {
    const since = this.#run?.phase === 'running' ? now - this.#heardAt : 0;
    const time = this.#recording.endTime + Math.max(since, 0);
    this.#move(Math.max(time, this.#cursor.time), this.#recording.length);
    this.#emit();
  }

  #hear(): void {
    if (this.#run !== undefined) this.#hearEvents(this.#run);
    this.#heardAt = this.#now();
    this.#skipWait();
    const { wantedMs } = this.#before;
    if (wantedMs !== undefined && (this.ended || this.#recording.endTime >= wantedMs)) {
      this.seek(wantedMs);
    }
    if (this.#following) {
      const { endTime, length } = this.#recording;
      // The present never runs backwards, unless the run is over and its last event is known.
      const time = this.ended ? endTime : Math.max(endTime, this.#cursor.time);
      this.#move(time, length);
      if (this.ended) this.#following = false;
    }
    this.#emit();
  }

  #hearEvents(run: Run): void {
    const isShown = this.#recording.events === run.events || run.archive === undefined;
    if (isShown) this.#recording.extend(run.events);
    // Older events have moved to disk: whoever follows goes with the newest, whoever looks at a moment keeps it.
    else if (this.#following || this.#recording.length === 0) this.#toNewest();
  }

  #move(time: number, step: number): void {
    this.#cursor = { time, step };
  }

  #emit(): void {
    for (const listener of this.#listeners) listener();
  }
}
