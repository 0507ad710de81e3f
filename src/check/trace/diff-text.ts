/** The difference of two traces as a text of a dozen lines. */

import { brief, describeEvent, visible } from './describe-event.ts';
import type { PastEvent } from './recent-past.ts';
import type { DiffSide, TraceDifference } from './trace-diff.ts';

/** The text, a string a line. `names` say what A and B are. */
export function diffText(
  { same, a, b, causes }: TraceDifference,
  names: { readonly a: string; readonly b: string },
): string[] {
  const first = same === 0 ? 'the very first event differs' : `${same} events are the same`;
  return [
    `${first}; here they part:`,
    ...sideText('A', visible(names.a), a),
    ...sideText('B', visible(names.b), b),
    ...causes.map((cause, at) => `${at === 0 ? 'likely cause' : 'and'}: ${cause}`),
  ];
}

function sideText(letter: string, name: string, { record, before, left }: DiffSide): string[] {
  if (record === undefined) return [`  ${letter}  ${name} has ended`];
  const more = left === 1 ? 'its last event' : `${left - 1} more behind it`;
  return [
    `  ${letter}  ${name}, line ${record.number} (${more})`,
    ...before.map((past) => `       ${eventText(past)}`),
    `     ▸ ${eventText(record)}${bodyText(record)}`,
  ];
}

/** What a message says: where two messages differ, it is often in there. */
function bodyText({ event }: PastEvent): string {
  return event.kind === 'send' ? `: ${visible(brief(event.body))}` : '';
}

function eventText({ event, number }: PastEvent): string {
  const time = event.time.toFixed(3).padStart(10);
  return `${String(number).padStart(7)} ${time} ms  ${visible(event.node)} ${describeEvent(event)}`;
}
