/** Prints figures: what was measured, how much, and the ratio to what it is compared with. */

/** One line of a bench. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** E.g. `messages/s` or `ms`. */
  readonly unit: string;
  /** What it is compared with. */
  readonly against?: { readonly name: string; readonly value: number };
}

/** Prints a table to the terminal. */
export function printFigures(figures: readonly Figure[]): void {
  const width = Math.max(...figures.map(({ name }) => name.length));
  for (const { name, value, unit, against } of figures) {
    const text = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(3);
    const ratio =
      against === undefined ? '' : `   ${(value / against.value).toFixed(2)} × ${against.name}`;
    console.log(`  ${name.padEnd(width)}  ${text.padStart(10)} ${unit}${ratio}`);
  }
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
