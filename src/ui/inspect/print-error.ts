/** What an error of a node says to people: its text, and the places in the algorithm at which it came about. */

/** Places that are told: the innermost say most. */
const PLACES_MAX = 3;
const FRAME = /^\s*at (?:async )?(?:(.+?) \()?([^()]*?):(\d+):\d+\)?$/;

/** An error without what only the makers of Parley could read. */
export interface PrintedError {
  readonly text: string;
  /** E.g. `Echo.call, echo.ts line 99`; the innermost first. Empty where none is in the algorithm's own code. */
  readonly places: readonly string[];
}

/** Reads an error with its stack, as a node's result has it. */
export function printError(error: string): PrintedError {
  const lines = error.split('\n');
  const first = lines.findIndex((line) => FRAME.test(line));
  const words = first === -1 ? lines : lines.slice(0, first);
  const [text = '', repeated = ''] = words;
  // A stack begins with what the text has said already.
  const said = words.length === 2 && repeated.includes(text.split(': ').at(-1)!) ? [text] : words;
  const places = lines.flatMap((line) => {
    const [, name, file = '', number] = FRAME.exec(line) ?? [];
    if (!/(^|\/)src\/algorithms\//.test(file)) return [];
    const place = `${file.split('/').at(-1)} line ${number}`;
    return [name === undefined || name === 'eval' ? place : `${name}, ${place}`];
  });
  return { text: said.join('\n'), places: places.slice(0, PLACES_MAX) };
}
