/** The probability of failure over the time of a run, as a line of bars and a table of where it changed. */

import type { Moment } from '../../runtime/explore/inevitable.ts';
import type { Colours } from '../colours.ts';

const BARS = '▁▂▃▄▅▆▇█';

/** A change by less is told by the bars alone. */
const CHANGE_MIN = 0.1;

/** For a terminal. */
export function momentLines(moments: readonly Moment[], colours: Colours): string[] {
  const [first] = moments;
  const last = moments.at(-1);
  if (first === undefined || last === undefined) return [];
  const bars = moments.map(({ probability }) => BARS[Math.round(probability * (BARS.length - 1))]!);
  const told = moments.filter(({ probability }, at) => {
    const before = moments[at - 1]?.probability;
    return before === undefined || Math.abs(probability - before) >= CHANGE_MIN;
  });
  const isCertain = last.probability === 1;
  const doubted = moments.findLastIndex(({ probability }) => probability < 1);
  const since = moments[doubted + 1];
  const conclusion =
    isCertain && since !== undefined
      ? `from ${since.virtual_ms} ms on every continuation fails`
      : 'no moment is seen from which every continuation fails';
  return [
    `  When it became inevitable (${first.runs} continuations from each of ${moments.length} moments):`,
    `    ${colours.yellow(bars.join(''))}  ${first.virtual_ms} – ${last.virtual_ms} ms`,
    ...told.map(({ virtual_ms, probability }) => {
      return `    ${`${virtual_ms} ms`.padStart(14)}  ${`${Math.round(probability * 100)}%`.padStart(5)}`;
    }),
    `    ${conclusion}`,
  ];
}
