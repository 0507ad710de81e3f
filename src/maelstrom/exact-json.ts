/**
 * JSON whose whole numbers stay what they are. Programs in other languages write 64-bit ids, and two of them that differ in the last digits
 * would be one number here. Such a number becomes a marked text, which is written as the number again.
 */

/** No JSON text that means a text begins so. */
const MARK = '\u0001int:';

/** Fewer digits are always exact. */
const LONG_NUMBER = /\d{16}/;

/** Texts and numbers of a JSON document; what is in a text is no number. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const MARKED = /"\\u0001int:(-?\d+)"/g;

/** As JSON.parse, but for whole numbers that would lose digits. */
export function parseExact(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as unknown;
  const marked = text.replace(TOKENS, (token) => {
    if (!/^-?\d{16,}$/.test(token) || Number.isSafeInteger(Number(token))) return token;
    return JSON.stringify(MARK + token);
  });
  return JSON.parse(marked) as unknown;
}

/** As JSON.stringify, but for what {@link parseExact} marked. */
export function stringifyExact(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(String.raw`\u0001int:`) ? text.replace(MARKED, '$1') : text;
}
