/** Where a text ceases to be JSON (RFC 8259): engines word it differently, and some say nothing of the place. */

/** A value in progress. */
type Level = 'list' | 'map';

/** What a token is; also, as a sum, what may come next. */
const NOTHING = 0;
const VALUE = 1;
const KEY = 2;
const COLON = 4;
const COMMA = 8;
const END_LIST = 16;
const END_MAP = 32;

const MARKS: Readonly<Record<string, number>> = {
  '[': VALUE,
  '{': VALUE,
  ']': END_LIST,
  '}': END_MAP,
  ':': COLON,
  ',': COMMA,
};

/** A number or a word, and the beginning of one. */
const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const BEGINNING = /^(?:-?\d*\.?\d*[eE]?[+-]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/;

/** Longer than any number or word that makes sense. */
const SCALAR_LENGTH_MAX = 400;

/**
 * The place of the first token that does not fit, or the length of the text when it is only unfinished; undefined for a text that is JSON.
 */
export function whereJsonEnds(text: string): number | undefined {
  const levels: Level[] = [];
  let expected = VALUE;
  for (let at = 0; ;) {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
    if (at === text.length) {
      return levels.length === 0 && expected === NOTHING ? undefined : text.length;
    }
    const token = tokenAt(text, at);
    const fitting = token.kind & expected;
    if (fitting === 0) return token.isCut ? text.length : at;
    if (token.isCut) return text.length;
    expected = after(fitting, text[at]!, levels);
    at = token.end;
  }
}

/** A token; `kind` is nothing when it is none, `isCut` when it may have been going on. */
interface Token {
  readonly kind: number;
  readonly end: number;
  readonly isCut: boolean;
}

function tokenAt(text: string, start: number): Token {
  const mark = MARKS[text[start]!];
  if (mark !== undefined) return { kind: mark, end: start + 1, isCut: false };
  if (text[start] === '"') return textAt(text, start);
  let end = start;
  while (end < text.length && end - start < SCALAR_LENGTH_MAX && /[-+.\w]/.test(text[end]!)) end++;
  const scalar = text.slice(start, end);
  if (SCALAR.test(scalar)) return { kind: VALUE, end, isCut: false };
  return { kind: NOTHING, end, isCut: end === text.length && BEGINNING.test(scalar) };
}

function textAt(text: string, start: number): Token {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') return { kind: VALUE | KEY, end: at + 1, isCut: false };
    if (character < ' ') return { kind: NOTHING, end: at, isCut: false };
    if (character !== '\\') continue;
    const escape = text.slice(at + 1, at + 6);
    const isWhole = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(escape);
    const isBegun =
      at + 1 + escape.length === text.length && /^(?:u[0-9a-fA-F]{0,3})?$/.test(escape);
    if (!isWhole && !isBegun) return { kind: NOTHING, end: at, isCut: false };
    at++;
  }
  return { kind: VALUE | KEY, end: text.length, isCut: true };
}

/** What may come after a token that fitted. */
function after(fitted: number, mark: string, levels: Level[]): number {
  switch (fitted) {
    case KEY:
      return COLON;
    case COLON:
      return VALUE;
    case COMMA:
      return levels.at(-1) === 'map' ? KEY : VALUE;
    case VALUE:
      if (mark !== '[' && mark !== '{') return afterValue(levels.at(-1));
      levels.push(mark === '[' ? 'list' : 'map');
      return mark === '[' ? VALUE | END_LIST : KEY | END_MAP;
    default:
      levels.pop();
      return afterValue(levels.at(-1));
  }
}

function afterValue(level: Level | undefined): number {
  if (level === undefined) return NOTHING;
  return level === 'map' ? COMMA | END_MAP : COMMA | END_LIST;
}
