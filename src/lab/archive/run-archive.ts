/**
 * The part of a long run that no longer fits into memory: stretches of its events, on disk, and in memory only what the strip of time
 * draws of them.
 */

import type { TraceEvent } from '../../core/trace.ts';
import { openStretchStore, type StretchStore } from './stretch-store.ts';

/** Events kept on disk; beyond that the oldest stretches are forgotten. About five gigabytes at most. */
const EVENTS_ON_DISK_MAX = 12_000_000;

/** Events that wait to be written: a disk that is so far behind does not catch up. */
const EVENTS_WAITING_MAX = 1_500_000;

/** Parts in which the density of a stretch is remembered. */
const BINS = 64;

/** Violations of a stretch whose times are remembered. */
const VIOLATIONS_MAX = 20;

/** Events of a run, with what came before them. */
export interface EventWindow {
  /** The first {@link carried} of them are from before: what every node was and held when the window begins. */
  readonly events: readonly TraceEvent[];
  readonly carried: number;
  /** How many events of the run came before the window's own. */
  readonly before: number;
}

/** What is known of a stretch without reading it. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly before: number;
  readonly count: number;
  readonly carried: number;
  /** Events in each of equal parts of its time. */
  readonly density: readonly number[];
  readonly violationsMs: readonly number[];
  /** It was forgotten, or could not be written. */
  isLost: boolean;
}

/** The stretches of one run, in their order. */
export class RunArchive {
  readonly stretches: Stretch[] = [];
  readonly #open: () => Promise<StretchStore>;
  readonly #waiting = new Map<number, readonly TraceEvent[]>();
  #store: Promise<StretchStore> | undefined;
  #work: Promise<void> = Promise.resolve();
  #waitingCount = 0;
  #keptCount = 0;
  #oldest = 0;

  /** @param open where stretches are kept; a database of the browser unless given */
  constructor(open: () => Promise<StretchStore> = openStretchStore) {
    this.#open = open;
  }

  /** Takes a stretch over. False when the disk does not keep pace: then this stretch is lost. */
  add(window: EventWindow): boolean {
    const number = this.stretches.length;
    const stretch = describe(window);
    this.stretches.push(stretch);
    if (this.#waitingCount + stretch.count > EVENTS_WAITING_MAX) {
      stretch.isLost = true;
      return false;
    }
    this.#waiting.set(number, window.events);
    this.#waitingCount += stretch.count;
    this.#work = this.#work.then(() => this.#write(number, stretch, window.events));
    return true;
  }

  /** The events of a stretch. @throws by rejection, when they are lost */
  async read(number: number): Promise<EventWindow> {
    const { isLost, carried, before } = this.stretches[number]!;
    if (isLost) throw new Error('This part of the run was too long ago: it is no longer kept.');
    const events = this.#waiting.get(number) ?? (await (await this.#openStore()).get(number));
    return { events, carried, before };
  }

  /** The stretch that shows a moment; undefined when that is later than all. */
  at(timeMs: number): number | undefined {
    const found = this.stretches.findIndex(({ toMs }) => timeMs <= toMs);
    return found < 0 ? undefined : found;
  }

  /** The stretch that follows the events of the run up to `count`; undefined when those in memory do. */
  after(count: number): number | undefined {
    const found = this.stretches.findIndex((stretch) => stretch.before >= count);
    return found < 0 ? undefined : found;
  }

  /** The last stretch that begins before that. */
  earlier(count: number): number | undefined {
    const found = this.stretches.findLastIndex((stretch) => stretch.before < count);
    return found < 0 ? undefined : found;
  }

  /** When everything that was taken over is written. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Deletes it all. */
  async close(): Promise<void> {
    await this.#work;
    await (await this.#store)?.close();
  }

  async #write(number: number, stretch: Stretch, events: readonly TraceEvent[]): Promise<void> {
    try {
      const store = await this.#openStore();
      await store.put(number, events);
      this.#keptCount += stretch.count;
      for (; this.#keptCount > EVENTS_ON_DISK_MAX; this.#oldest++) {
        const oldest = this.stretches[this.#oldest]!;
        if (oldest.isLost) continue;
        oldest.isLost = true;
        this.#keptCount -= oldest.count;
        await store.forget(this.#oldest);
      }
    } catch {
      // No database, or no room in it: the run goes on, and this part of it cannot be seen again.
      stretch.isLost = true;
    }
    this.#waiting.delete(number);
    this.#waitingCount -= stretch.count;
  }

  #openStore(): Promise<StretchStore> {
    this.#store ??= this.#open();
    return this.#store;
  }
}

function describe({ events, carried, before }: EventWindow): Stretch {
  const count = events.length - carried;
  const fromMs = events[carried]?.time ?? 0;
  const toMs = events.at(-1)?.time ?? 0;
  const density = Array.from({ length: BINS }, () => 0);
  const violationsMs: number[] = [];
  const scale = toMs > fromMs ? BINS / (toMs - fromMs) : 0;
  for (let index = carried; index < events.length; index++) {
    const { kind, time } = events[index]!;
    density[Math.min(BINS - 1, Math.floor((time - fromMs) * scale))]!++;
    if (kind === 'violation' && violationsMs.length < VIOLATIONS_MAX) violationsMs.push(time);
  }
  return { fromMs, toMs, before, count, carried, density, violationsMs, isLost: false };
}
