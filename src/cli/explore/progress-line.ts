/** One line on a terminal that says how far a sweep is, and is written over. */

import type { SweepProgress } from '../../lab/explore/sweep.ts';

/** Letters of the bar. */
const BAR_LENGTH = 24;

/** Terminals need not be told more often. */
const EVERY_MS = 100;

/** Shows nothing where nobody looks. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #count: number;
  readonly #beganMs = performance.now();
  #shownMs = -Infinity;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream, count: number) {
    this.#stream = stream;
    this.#count = count;
  }

  show({ seeds, failing, toShrink }: SweepProgress): void {
    const now = performance.now();
    if (this.#stream.isTTY !== true || (now - this.#shownMs < EVERY_MS && toShrink === 0)) return;
    this.#shownMs = now;
    this.#isShown = true;
    const full = Math.round((BAR_LENGTH * seeds) / this.#count);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_LENGTH - full);
    const seconds = Math.round((now - this.#beganMs) / 1000);
    const found = failing === 0 ? '' : ` · ${failing} failing`;
    const shrinking = toShrink === 0 ? '' : ` · making ${toShrink} smaller`;
    const text = `${bar} ${seeds}/${this.#count} seeds${found}${shrinking} · ${seconds} s`;
    this.#stream.write(
      `\r\u001b[K${text.slice(0, Math.max(20, (this.#stream.columns ?? 80) - 1))}`,
    );
  }

  clear(): void {
    if (this.#isShown) this.#stream.write('\r\u001b[K');
    this.#isShown = false;
  }
}
