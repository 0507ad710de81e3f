/** Names as people type them: the one that was probably meant, and names that are the same but for their spelling. */

import { distance } from 'fastest-levenshtein';

/**
 * The candidate that was probably meant by `name`, for “did you mean”: one that differs only in case, underscores or
 * hyphens, otherwise the one with the fewest changed letters, at most a third of them (a single one in short names).
 *
 * @returns undefined when nothing is close, and when several are equally close: of `n1`, `n2`, `n3` none is more like `n9`
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  const seen = new Set<string>();
  let found: string | undefined;
  let foundChanges = Infinity;
  for (const candidate of candidates) {
    const folded = fold(candidate);
    if (folded === wanted) return candidate;
    // The same name in another spelling (a chapter and its class) is no second candidate.
    if (seen.has(folded)) continue;
    seen.add(folded);
    const changes = changesWithin(wanted, folded);
    if (changes > foundChanges || changes === Infinity) continue;
    found = changes === foundChanges ? undefined : candidate;
    foundChanges = changes;
  }
  return found;
}

/** True when both name the same thing, written differently: `chang_roberts`, `chang-roberts` and `ChangRoberts`. */
export function sameName(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Infinity unless close. The lengths are compared first: the exact distance of two long names is costly. */
function changesWithin(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  const changesMax = Math.min(length - 1, Math.max(1, Math.floor(length / 3)));
  if (Math.abs(a.length - b.length) > changesMax) return Infinity;
  const changes = isSwap(a, b) ? 1 : distance(a, b);
  return changes <= changesMax ? changes : Infinity;
}

/** True when two neighbouring letters changed places, which fingers do more often than anything else. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
