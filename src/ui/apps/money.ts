/** Money as people write it, and as the log has it: whole cents. */

/** What a field for money accepts. */
export const MONEY_PATTERN = String.raw`\d{1,10}([.,]\d{1,2})?`;

/** What is wrong with what is none. */
export const MONEY_PROBLEM = 'Write an amount like 12 or 12.50, without a sign.';

/** Cents of `12`, `12.5` or `12,50`. The caller has looked at the pattern. */
export function centsOf(text: string): number {
  const [whole = '0', part = ''] = text.replace(',', '.').split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** `12.50`. */
export function money(cents: number): string {
  const sign = cents < 0 ? '−' : '';
  const positive = Math.abs(cents);
  return `${sign}${Math.floor(positive / 100)}.${String(positive % 100).padStart(2, '0')}`;
}
