/** The times at which something of a plan is going on: one after the other, drawn as they are needed. */

import { sample } from '../../core/faults/distribution.ts';
import type { Schedule } from '../../core/faults/plan.ts';
import { sampleExponential } from '../../core/math.ts';
import { Random } from '../../core/random.ts';

/** One time. */
export interface Episode {
  /** From 0, in the order of time. */
  readonly number: number;
  readonly fromMs: number;
  /** It is over then. Infinity: never. */
  readonly toMs: number;
}

/** All times of one schedule. They follow from the seed alone, so that every member of a live run has the same. */
export class Episodes {
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #healMs: number;
  /** Of the next one. */
  #number = 0;
  #endedMs = 0;
  #current: Episode | undefined;

  /** @param name of the random stream */
  constructor(schedule: Schedule, seed: number, name: string, healMs: number) {
    this.#schedule = schedule;
    this.#random = Random.stream(seed, `faults/${name}`);
    this.#healMs = healMs;
  }

  /** The episode that goes on at `nowMs`. Times that are asked for do not go back. */
  at(nowMs: number): Episode | undefined {
    if (this.#number === 0) this.#current = this.next();
    while (this.#current !== undefined && this.#current.toMs <= nowMs) this.#current = this.next();
    return this.#current !== undefined && this.#current.fromMs <= nowMs ? this.#current : undefined;
  }

  /** The next one; undefined when there is none. Use either this or {@link at}. */
  next(): Episode | undefined {
    const schedule = this.#schedule;
    let fromMs = 0;
    let lastsMs = Infinity;
    if (schedule.kind === 'often') {
      fromMs = this.#endedMs + schedule.everyMs * sampleExponential(this.#random);
      lastsMs = sample(schedule.forMs, this.#random);
    } else {
      if (this.#number > 0) return undefined;
      if (schedule.kind === 'once') {
        fromMs = schedule.atMs;
        if (schedule.forMs !== undefined) lastsMs = sample(schedule.forMs, this.#random);
      }
    }
    if (fromMs >= this.#healMs) return undefined;
    this.#endedMs = Math.min(wholeMicroseconds(fromMs + lastsMs), this.#healMs);
    return { number: this.#number++, fromMs: wholeMicroseconds(fromMs), toMs: this.#endedMs };
  }
}

/** As all times of a simulation: what ends at a time is over for whoever wakes at that time. */
function wholeMicroseconds(timeMs: number): number {
  return Math.round(timeMs * 1000) / 1000;
}
