/** Percentiles of any number of values in little memory: values are counted in classes less than a fifth of one per cent wide. */

/** Bits of a number's fraction that tell classes apart: 512 classes between a power of two and the next. */
const FRACTION_BITS = 9;

/** What a histogram says. */
export interface Quantiles {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts values that are not negative. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  readonly #float = new Float64Array(1);
  readonly #words = new Uint32Array(this.#float.buffer);
  #count = 0;
  #min = Infinity;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a value; one below zero counts as zero. */
  add(value: number): void {
    const positive = Math.max(0, value);
    const name = this.#classOf(positive);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#count++;
    this.#min = Math.min(this.#min, positive);
    this.#max = Math.max(this.#max, positive);
  }

  /** Adds everything that another one has counted. */
  merge(other: Histogram): void {
    for (const [name, count] of other.#counts) {
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    }
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** The percentiles; undefined when there was nothing to count. */
  quantiles(): Quantiles | undefined {
    if (this.#count === 0) return undefined;
    const classes = [...this.#counts].sort(([a], [b]) => a - b);
    const at = (part: number) => this.#valueAt(classes, part);
    const [p50, p90, p99] = [at(0.5), at(0.9), at(0.99)];
    return { count: this.#count, min: this.#min, p50, p90, p99, max: this.#max };
  }

  /** The first value that is not below `part` of all (the nearest rank), by the lower end of its class. */
  #valueAt(classes: readonly (readonly [number, number])[], part: number): number {
    let left = Math.ceil(this.#count * part);
    for (const [name, count] of classes) {
      left -= count;
      if (left <= 0) return Math.min(this.#max, Math.max(this.#min, this.#lowest(name)));
    }
    return this.#max;
  }

  /** The upper bits of the number as IEEE 754 writes it: exponent and the beginning of the fraction. They sort as numbers do. */
  #classOf(value: number): number {
    this.#float[0] = value;
    return this.#words[HIGH]! >>> (20 - FRACTION_BITS);
  }

  #lowest(name: number): number {
    this.#words[HIGH] = name << (20 - FRACTION_BITS);
    this.#words[1 - HIGH] = 0;
    return this.#float[0]!;
  }
}

/** Which half of a number holds its upper bits: engines run on both kinds of machines. */
const HIGH = new Uint32Array(new Float64Array([1]).buffer)[1] === 0 ? 0 : 1;
