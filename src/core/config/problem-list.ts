/** Collects what is wrong in one text. */

import { LineCounter } from 'yaml';
import { ConfigError, PROBLEMS_MAX, type ConfigProblem } from './config-error.ts';

/** Start and end in the text, as offsets in UTF-16 units; the end is exclusive. */
export type TextRange = readonly [start: number, end: number];

/** Collects the problems of one text. The same problem at the same place, met through several aliases, is one. */
export class ProblemList {
  readonly #file: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #seen = new Set<string>();
  readonly #listed: { readonly start: number; readonly problem: ConfigProblem }[] = [];
  #errors = 0;
  #unlisted = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#lines.addNewLine(0);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.#lines.addNewLine(at + 1);
    }
  }

  /** Adds a problem; `suggest` is asked only when it is listed. */
  add(
    severity: ConfigProblem['severity'],
    range: TextRange,
    message: string,
    suggest?: () => string | undefined,
  ): void {
    const name = `${range[0]} ${message}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    if (severity === 'error') this.#errors++;
    if (this.#listed.length >= PROBLEMS_MAX) {
      this.#unlisted++;
      return;
    }
    const suggestion = suggest?.();
    const problem = {
      severity,
      message,
      file: this.#file,
      ...this.#place(range),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
    this.#listed.push({ start: range[0], problem });
  }

  /** True when an error is among what was found. */
  get failed(): boolean {
    return this.#errors > 0;
  }

  /** Different errors so far. */
  get errors(): number {
    return this.#errors;
  }

  /** Adds an error. */
  error(range: TextRange, message: string, suggest?: () => string | undefined): void {
    this.add('error', range, message, suggest);
  }

  /**
   * The warnings, in the order of the text.
   * @throws {ConfigError} with everything found, when there is an error among it
   */
  finish(): readonly ConfigProblem[] {
    const problems = this.#listed
      .toSorted((a, b) => a.start - b.start)
      .map(({ problem }) => problem);
    if (this.#errors > 0) throw new ConfigError(problems, this.#unlisted);
    return problems;
  }

  #place(range: TextRange) {
    // The parser reports the end of an empty part as -1.
    const start = Math.min(Math.max(range[0], 0), this.#text.length);
    const from = this.#lines.linePos(start);
    // A block's range runs to the next line with content; its underline ends with its last letter.
    let last = Math.max(start, Math.min(range[1], this.#text.length));
    while (last > start && /\s/.test(this.#text[last - 1]!)) last--;
    const to = this.#lines.linePos(last);
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  }
}
