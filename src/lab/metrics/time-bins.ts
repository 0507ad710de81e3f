/** Equal stretches of a run's time. They grow wider as the run grows longer, so that there are never many of them. */

/** Bins of a run: enough for a smooth line, few enough to draw sixty times a second. */
export const BINS_MAX = 160;

/** The first width, in milliseconds; it doubles as often as need be. */
const FIRST_BIN_MS = 0.25;

/** What counts per bin: it is told when two neighbours become one. */
export interface Binned {
  /** Joins bins 0 and 1, 2 and 3, and so on. */
  halve(): void;
}

/** The bins that all series of a run share. */
export class TimeBins {
  readonly #series: Binned[] = [];
  #widthMs = FIRST_BIN_MS;
  #count = 0;

  /** Milliseconds that one bin is wide. */
  get widthMs(): number {
    return this.#widthMs;
  }

  /** Bins up to the last event. */
  get count(): number {
    return this.#count;
  }

  /** From now on this series is halved with the others. */
  add<S extends Binned>(series: S): S {
    this.#series.push(series);
    return series;
  }

  /** The bin of a moment, counted from 0. What happened before the beginning belongs to the first. */
  at(timeMs: number): number {
    const time = Math.max(timeMs, 0);
    while (time >= this.#widthMs * BINS_MAX) {
      this.#widthMs *= 2;
      this.#count = Math.ceil(this.#count / 2);
      for (const series of this.#series) series.halve();
    }
    const bin = Math.floor(time / this.#widthMs);
    this.#count = Math.max(this.#count, bin + 1);
    return bin;
  }
}

/** A number per bin, added up. */
export class SumSeries implements Binned {
  readonly #sums: number[] = [];

  add(bin: number, amount: number): void {
    this.#sums[bin] = (this.#sums[bin] ?? 0) + amount;
  }

  /** The sum of a bin. */
  at(bin: number): number {
    return this.#sums[bin] ?? 0;
  }

  halve(): void {
    const half = Math.ceil(this.#sums.length / 2);
    for (let bin = 0; bin < half; bin++) {
      this.#sums[bin] = this.at(2 * bin) + this.at(2 * bin + 1);
    }
    this.#sums.length = half;
  }
}

/** The last value of each bin; where nothing was said, the value before it still holds. */
export class LastSeries implements Binned {
  readonly #values: (number | undefined)[] = [];

  set(bin: number, value: number): void {
    this.#values[bin] = value;
  }

  /** The values up to bin `count`, null before the first. */
  upTo(count: number): (number | null)[] {
    let last: number | null = null;
    return Array.from({ length: count }, (_, bin) => (last = this.#values[bin] ?? last));
  }

  halve(): void {
    const half = Math.ceil(this.#values.length / 2);
    for (let bin = 0; bin < half; bin++) {
      this.#values[bin] = this.#values[2 * bin + 1] ?? this.#values[2 * bin];
    }
    this.#values.length = half;
  }
}
