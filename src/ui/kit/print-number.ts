/** Numbers for people. */

/** A time of a run, e.g. `418.2 ms`, `12.40 s`. */
export function printTime(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds.toFixed(milliseconds >= 1000 ? 0 : 1)} ms`;
}

/** A size, e.g. `340 B`, `2.1 KB`. */
export function printBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A count with its thousands set apart, e.g. `12 480`. */
export function printCount(count: number): string {
  // A narrow no-break space.
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A count with its noun, e.g. `1 node`, `5 nodes`. */
export function plural(count: number, noun: string): string {
  return `${printCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
