/** Amounts at the axes and in the legends of charts: short, for there is little room. */

/** An amount, e.g. `0.4`, `12`, `3.1k`, `2M`; a dash where there is none. */
export function printAmount(amount: number | null | undefined): string {
  if (amount === undefined || amount === null) return '–';
  const size = Math.abs(amount);
  if (size >= 999_950) return `${short(amount / 1_000_000)}M`;
  if (size >= 1000) return `${short(amount / 1000)}k`;
  return short(amount);
}

function short(amount: number): string {
  const digits = Math.abs(amount) >= 100 ? 0 : Math.abs(amount) >= 10 ? 1 : 2;
  return String(Number(amount.toFixed(digits)));
}
