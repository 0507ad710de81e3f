/** What every judge of a history answers: whether it is right, what is wrong with it, and the reason in words. */

import type { ValueMap } from '../core/value.ts';
import { listed } from './text.ts';

/** `unknown` when the history does not show it, or the budget was used up. */
export type Validity = boolean | 'unknown';

/** One thing that is wrong. */
export interface Anomaly {
  /** Its name in the field, e.g. `lost` or `G-single`. */
  readonly kind: string;
  /** One or more lines that name processes, keys and values. */
  readonly detail: string;
  /** The operations that show it, by their index in the history. */
  readonly operations: readonly number[];
}

/** The answer of a judge. */
export interface Verdict {
  readonly valid: Validity;
  /** Examples, at most {@link EXAMPLES_MAX} of each kind. */
  readonly anomalies: readonly Anomaly[];
  /** How often each kind was found. */
  readonly counts: Readonly<Record<string, number>>;
  /** One sentence. */
  readonly explanation: string;
  /** What was measured on the way: counts, latencies. */
  readonly facts: ValueMap;
}

/** Examples kept of each kind of anomaly: nobody reads more, and a hostile history could have millions. */
export const EXAMPLES_MAX = 16;

/** Collects anomalies; the same history gives the same verdict, to the letter. */
export class Findings {
  readonly #examples: Anomaly[] = [];
  readonly #counts = new Map<string, number>();

  /** Notes one; `detail` is asked for only when it will be kept. */
  add(kind: string, operations: readonly number[], detail: () => string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= EXAMPLES_MAX) this.#examples.push({ kind, detail: detail(), operations });
  }

  /** How often this kind was found. */
  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** The kinds found, in the order of their first appearance. */
  get kinds(): readonly string[] {
    return [...this.#counts.keys()];
  }

  /**
   * The verdict: invalid when an anomaly was found that is not in `harmless`.
   *
   * @param fine the sentence when there is nothing to say against the history
   * @param unknown why nothing can be said, if so
   */
  verdict(
    fine: string,
    {
      facts = {},
      unknown,
      harmless = NONE,
    }: { facts?: ValueMap; unknown?: string | undefined; harmless?: ReadonlySet<string> } = {},
  ): Verdict {
    const serious = this.kinds.filter((kind) => !harmless.has(kind));
    const valid = serious.length > 0 ? false : unknown === undefined ? true : 'unknown';
    return {
      valid,
      anomalies: this.#examples,
      counts: Object.fromEntries(this.#counts),
      explanation: valid === true ? fine : valid === false ? this.#summary(serious) : unknown!,
      facts,
    };
  }

  #summary(kinds: readonly string[]): string {
    const first = this.#examples.find(({ kind }) => kind === kinds[0])!;
    const total = listed(kinds.map((kind) => `${this.count(kind)} ${kind}`));
    return `${total}; the first: ${first.detail.split('\n')[0]}`;
  }
}

const NONE: ReadonlySet<string> = new Set();
