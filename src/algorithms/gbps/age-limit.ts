/** Which ages are among the oldest: a count or a selection, because nobody needs the order. */

/** Where the oldest of some descriptors begin. */
export interface AgeLimit {
  /** Everything older than this is among them. */
  readonly age: number;
  /** And of those that are exactly as old so many. */
  readonly taken: number;
}

/** Up to this age counting is quicker than selecting; hardly anybody in a living network is older. */
const COUNTED_AGES = 256;
/** How many have an age, whatever it is; all zero whenever nobody counts. */
const counts = new Int32Array(65_536);

/** The limit of the `n` oldest of the first `size` ages, which it may reorder. */
export function findAgeLimit(ages: Uint16Array, size: number, n: number): AgeLimit {
  let oldest = 0;
  for (let i = 0; i < size; i++) {
    const age = ages[i]!;
    counts[age]!++;
    oldest = Math.max(oldest, age);
  }
  if (oldest >= COUNTED_AGES) {
    for (let i = 0; i < size; i++) counts[ages[i]!] = 0;
    return selectAgeLimit(ages, size, n);
  }
  let age = oldest;
  let taken = n;
  while (taken > counts[age]!) taken -= counts[age--]!;
  for (let i = 0; i <= oldest; i++) counts[i] = 0;
  return { age, taken };
}

function selectAgeLimit(ages: Uint16Array, size: number, n: number): AgeLimit {
  const age = nthGreatest(ages, size, n);
  let older = 0;
  for (let i = 0; i < size; i++) if (ages[i]! > age) older++;
  return { age, taken: n - older };
}

/** The `n`-th greatest of the first `size` values, which it reorders (Hoare's selection). */
function nthGreatest(values: Uint16Array, size: number, n: number): number {
  const wanted = n - 1;
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! > pivot) i++;
      while (values[j]! < pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i] = values[j]!;
      values[j] = value;
      i++;
      j--;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted]!;
}
