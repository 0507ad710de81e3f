/**
 * Delta debugging (Zeller and Hildebrandt, 2002, ddmin): a list is made smaller as long as a test of what is left still says yes.
 * The result is minimal in that no single item can be left out, if the test was allowed to run so often.
 */

/** Says whether a shorter list will do; undefined when it was asked too often, and nothing more may be tried. */
export type Test<T> = (items: readonly T[]) => Promise<boolean | undefined>;

/** A shorter list for which `test` says yes; the list itself is known to do. */
export async function minimize<T>(all: readonly T[], test: Test<T>): Promise<readonly T[]> {
  if (all.length === 0) return all;
  const withoutAll = await test([]);
  if (withoutAll !== false) return withoutAll === true ? [] : all;
  let items = all;
  let parts = 2;
  while (items.length >= 2) {
    const found = await firstThatDoes(cuts(items, parts), test);
    if (found === undefined) return items;
    if (found !== false) {
      items = found;
      // What was left out may be a part of one of the others' halves now.
      parts = Math.max(parts - 1, 2);
    } else if (parts >= items.length) return items;
    else parts = Math.min(parts * 2, items.length);
  }
  return items;
}

/** The list without one of its parts, for each of them, the last first: what came late explains least. */
function* cuts<T>(items: readonly T[], parts: number): Generator<readonly T[]> {
  for (let part = parts - 1; part >= 0; part--) {
    const from = Math.floor((items.length * part) / parts);
    const to = Math.floor((items.length * (part + 1)) / parts);
    yield [...items.slice(0, from), ...items.slice(to)];
  }
}

async function firstThatDoes<T>(
  candidates: Iterable<readonly T[]>,
  test: Test<T>,
): Promise<readonly T[] | false | undefined> {
  for (const candidate of candidates) {
    const verdict = await test(candidate);
    if (verdict === undefined) return undefined;
    if (verdict) return candidate;
  }
  return false;
}
