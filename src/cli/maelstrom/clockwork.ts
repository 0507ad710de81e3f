/**
 * How the time of processes and the time of the simulation go together (docs/decisions/0024).
 *
 * Virtual: while any process works, virtual time stands still; when all sleep, it goes to the next event. Where somebody may be waiting for a
 * timer of his own, it does not jump there but passes no faster than real time: while the load is young, as soon as a node has spoken
 * unasked, while an operation waits and nothing is on its way, and at the end until all have been silent for a while. Real: virtual time
 * is real time.
 */

import type { NodeId } from '../../core/id.ts';
import type { RunView } from '../../maelstrom/run.ts';
import type { Outside } from '../../runtime/simulated-world.ts';
import { macrotask } from '../../runtime/platform.ts';
import { canTellStillness, isAsleep } from './stillness.ts';

/** What has to be known of a process to go with its time. */
export interface TimedProcess {
  readonly id: NodeId;
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** It was told something, and has not said anything since it was started. */
  readonly isStarting: boolean;
  /** Everything that was written to it is in its pipe. */
  readonly hasTakenAll: boolean;
  /** Bytes read from it so far. */
  readonly bytesRead: number;
}

/** How time passes, and how long anybody is waited for. */
export interface ClockworkOptions {
  readonly isReal: boolean;
  /** Real milliseconds during which it is seen whether nodes speak unasked: at the beginning of the load, and of silence at the end. */
  readonly watchMs: number;
  /** Real milliseconds that a process may work on what it was given, or take to start. */
  readonly patienceMs: number;
}

/** What has been assumed of the processes, for the report. */
export interface TimeReport {
  readonly time: 'virtual' | 'real';
  /** The first node that spoke without having been told anything, and when; undefined when none did. */
  readonly unasked: { readonly node: NodeId; readonly ms: number } | undefined;
  /** Virtual milliseconds that passed no faster than real ones. */
  readonly paced_ms: number;
  /** Real milliseconds in which nodes were given the chance to speak unasked. */
  readonly watched_ms: number;
  /** In one sentence. */
  readonly assumption: string;
}

/** Where nobody can tell whether a process sleeps: it does when it has been silent for so long. */
const SILENCE_MS = 20;

/** Lines at one moment of virtual time; more are a conversation without end. */
const LINES_AT_ONCE_MAX = 50_000;

/** Between two looks at whether time still has to pass slowly. */
const LOOK_MS = 100;

/** Polls of a process that works before the machine is left to it. */
const EAGER_POLLS = 20;

/** The time of one run. */
export class Clockwork implements Outside {
  readonly #options: ClockworkOptions;
  readonly #processes = new Map<NodeId, TimedProcess>();
  /** Who has been given something since all slept. */
  readonly #touched = new Set<TimedProcess>();
  /** Who has written something since it was seen asleep. */
  readonly #stirred = new Set<TimedProcess>();
  readonly #arrivals: (() => void)[] = [];
  #view: RunView | undefined;
  #wake: (() => void) | undefined;
  #lastActivityMs = performance.now();
  #linesAtOnce = 0;
  #phase: 'starting' | 'load' | 'recovery' | 'over' = 'starting';
  #phaseBeganMs = 0;
  /** Real and virtual time at which the one began to follow the other. */
  #anchor: { readonly realMs: number; readonly virtualMs: number } | undefined;
  #unasked: { readonly node: NodeId; readonly ms: number } | undefined;
  #nowMs = 0;
  #pacedMs = 0;
  #watchedMs = 0;
  #isPacing = false;
  /** Who spoke first while nobody had been told anything. */
  #speaker: NodeId | undefined;

  constructor(options: ClockworkOptions) {
    this.#options = options;
  }

  /** The run whose time this is. */
  attach(view: RunView): void {
    this.#view = view;
  }

  began(): void {
    this.#enter('load');
  }

  recovering(): void {
    this.#enter('recovery');
  }

  /** The run is over: nobody is waited for any more. */
  over(): void {
    this.#enter('over');
    this.#wake?.();
  }

  /** A process that takes part from now on, in the place of the one before it. */
  joined(process: TimedProcess): void {
    const before = this.#processes.get(process.id);
    if (before !== undefined) this.#slept(before);
    this.#processes.set(process.id, process);
  }

  /** Something was written to a process. */
  touched(process: TimedProcess): void {
    this.#touched.add(process);
    this.#lastActivityMs = performance.now();
  }

  /** A process has written something, a part of a line perhaps: it works, and what it has begun to say is not over before it sleeps. */
  stirred(process: TimedProcess): void {
    this.#stirred.add(process);
    this.#lastActivityMs = performance.now();
    this.#wake?.();
  }

  /** A process has said or done something; `deliver` puts it into the simulation. */
  arrived(node: NodeId, deliver: () => void): void {
    this.#lastActivityMs = performance.now();
    if (this.#isPacing && this.#touched.size === 0) this.#speaker ??= node;
    this.#arrivals.push(deliver);
    this.#wake?.();
  }

  takeIn(): void {
    for (const deliver of this.#arrivals.splice(0)) deliver();
  }

  advance(nowMs: number, nextMs: number): Promise<number> | number {
    if (this.#phase === 'over') return nextMs;
    this.#nowMs = nowMs;
    if (nextMs <= nowMs && this.#arrivals.length === 0) return nextMs;
    return this.#options.isReal ? this.#followReal(nowMs, nextMs) : this.#settle(nowMs, nextMs);
  }

  report(): TimeReport {
    const { isReal } = this.#options;
    return {
      time: isReal ? 'real' : 'virtual',
      unasked: this.#unasked,
      paced_ms: Math.round(this.#pacedMs),
      watched_ms: Math.round(this.#watchedMs),
      assumption: this.#assumption(),
    };
  }

  #assumption(): string {
    if (this.#options.isReal) return 'virtual time is real time; nothing is assumed of the nodes';
    const watched = `${(this.#watchedMs / 1000).toFixed(1)} s`;
    if (this.#unasked !== undefined) {
      const { node, ms } = this.#unasked;
      return (
        `${node} was the first to speak unasked, at ${ms} ms: the nodes have timers, so from there ` +
        `time passed no faster than real time (their timers run fast by what the nodes took to work)`
      );
    }
    return `no node spoke unasked in the ${watched} that it was given to: the nodes are taken to act only when they are told something`;
  }

  #enter(phase: 'load' | 'recovery' | 'over'): void {
    this.#phase = phase;
    this.#phaseBeganMs = this.#nowMs;
    this.#lastActivityMs = performance.now();
  }

  // Virtual.

  async #settle(nowMs: number, nextMs: number): Promise<number> {
    await this.#untilStill();
    if (this.#arrivals.length > 0) {
      this.#linesAtOnce += this.#arrivals.length;
      if (this.#linesAtOnce > LINES_AT_ONCE_MAX) {
        this.#view?.fail(
          `the nodes talk without end at ${nowMs} ms: more than ${LINES_AT_ONCE_MAX} messages, and no time passes`,
        );
      }
      return nowMs;
    }
    if (await this.#holdForStarting()) return nowMs;
    if (!this.#mustPace()) {
      this.#anchor = undefined;
      this.#linesAtOnce = 0;
      return nextMs;
    }
    const reachedMs = await this.#pace(nowMs, nextMs);
    if (reachedMs > nowMs) this.#linesAtOnce = 0;
    return reachedMs;
  }

  async #untilStill(): Promise<void> {
    const beganMs = performance.now();
    for (let polls = 0; this.#working.length > 0 && this.#phase !== 'over'; polls++) {
      const before = this.#bytesRead();
      const still = this.#working.filter((process) => this.#isStill(process));
      // Two turns of the event loop: whatever was written before all slept has been read after them.
      await macrotask();
      await macrotask();
      const isSilent = this.#bytesRead() === before;
      if (isSilent) for (const process of still) this.#slept(process);
      if (this.#working.length === 0) return;
      if (performance.now() - beganMs > this.#options.patienceMs) {
        const names = this.#working.map(({ id }) => id).join(', ');
        this.#view?.fail(
          `${names} did not come to rest within ${this.#options.patienceMs / 1000} s of real time`,
        );
        this.#touched.clear();
        this.#stirred.clear();
      } else if (polls > EAGER_POLLS) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  get #working(): readonly TimedProcess[] {
    return [...new Set([...this.#touched, ...this.#stirred])];
  }

  #slept(process: TimedProcess): void {
    this.#touched.delete(process);
    this.#stirred.delete(process);
  }

  #isStill(process: TimedProcess): boolean {
    if (!process.hasTakenAll) return false;
    if (process.pid === undefined) return true;
    return canTellStillness
      ? isAsleep(process.pid)
      : performance.now() - this.#lastActivityMs > SILENCE_MS;
  }

  #bytesRead(): number {
    let bytes = 0;
    for (const process of this.#working) bytes += process.bytesRead;
    return bytes;
  }

  /** Virtual time stands still while a process starts. True when there was something to wait for. */
  async #holdForStarting(): Promise<boolean> {
    const starting = () => [...this.#processes.values()].filter(({ isStarting }) => isStarting);
    if (starting().length === 0) return false;
    const untilMs = performance.now() + this.#options.patienceMs;
    while (starting().length > 0 && this.#arrivals.length === 0 && this.#phase !== 'over') {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) {
        const names = starting()
          .map(({ id }) => id)
          .join(', ');
        this.#view?.fail(
          `${names} said nothing within ${this.#options.patienceMs / 1000} s of its start`,
        );
        return true;
      }
      await this.#activity(leftMs);
    }
    this.#anchor = undefined;
    return true;
  }

  #mustPace(): boolean {
    if (this.#processes.size === 0 || this.#phase === 'over') return false;
    if (this.#unasked !== undefined) return true;
    const { watchMs } = this.#options;
    if (watchMs === 0) return false;
    if (this.#view?.isWaiting() === true) return true;
    if (this.#phase === 'load') return this.#nowMs - this.#phaseBeganMs < watchMs;
    return this.#phase === 'recovery' && performance.now() - this.#lastActivityMs < watchMs;
  }

  async #pace(nowMs: number, nextMs: number): Promise<number> {
    const anchor = (this.#anchor ??= { realMs: performance.now(), virtualMs: nowMs });
    const realOf = (virtualMs: number) => anchor.realMs + (virtualMs - anchor.virtualMs);
    const beganMs = performance.now();
    this.#isPacing = true;
    let isDue = false;
    while (!isDue && this.#arrivals.length === 0 && this.#mustPace()) {
      const leftMs = realOf(nextMs) - performance.now();
      isDue = leftMs <= 0;
      if (!isDue) await this.#activity(Math.min(leftMs, LOOK_MS));
    }
    this.#isPacing = false;
    // Nobody needs to be given time any more: virtual time jumps, and no longer goes with the real one.
    if (!isDue && this.#arrivals.length === 0) this.#anchor = undefined;
    const endedMs = performance.now();
    if (this.#unasked === undefined) this.#watchedMs += endedMs - beganMs;
    const reached = anchor.virtualMs + (endedMs - anchor.realMs);
    const reachedMs =
      this.#arrivals.length === 0 ? nextMs : Math.min(Math.max(reached, nowMs), nextMs);
    this.#pacedMs += reachedMs - nowMs;
    if (this.#speaker !== undefined) {
      this.#unasked ??= { node: this.#speaker, ms: Math.round(reachedMs) };
    }
    return reachedMs;
  }

  // Real.

  async #followReal(nowMs: number, nextMs: number): Promise<number> {
    if (await this.#holdForStarting()) return nowMs;
    const anchor = (this.#anchor ??= { realMs: performance.now(), virtualMs: nowMs });
    const virtualNow = () => anchor.virtualMs + (performance.now() - anchor.realMs);
    // The processes are heard even when we are late.
    await macrotask();
    while (this.#arrivals.length === 0 && this.#phase !== 'over') {
      const leftMs = nextMs - virtualNow();
      if (leftMs <= 0) break;
      await this.#activity(leftMs);
    }
    return Math.min(Math.max(virtualNow(), nowMs), nextMs);
  }

  /** Waits until something arrives, at most so long. */
  #activity(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, Math.max(0, forMs));
      this.#wake = end;
    });
  }
}
