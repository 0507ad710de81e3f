/** Which age is the limit of the oldest: a selection, because nobody needs the order. */

/** The `n`-th greatest of the first `size` values, which it reorders (Hoare's selection). */
export function nthGreatest(values: Uint16Array, size: number, n: number): number {
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
