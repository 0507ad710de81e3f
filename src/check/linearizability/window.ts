/**
 * Draws the operations round the one that broke a history, a line each, as text:
 *
 *     0  ├ write 1 ┤
 *     3       ├ read → 2 ┤      ✗ at no moment
 *     5  ├ cas 1 to 2 ╌╌╌╌╌╌╌╌  no answer
 *
 * Time runs to the right, by the order of the events; what stands between bars did not happen at the same time.
 */

import type { Operation } from '../history.ts';
import type { Model } from '../models/model.ts';
import { shortened } from '../text.ts';
import type { LinearizabilityVerdict } from './linearizability.ts';

/** The drawing of an illegal verdict; undefined for others. */
export function drawVerdict(
  { culprit, orders }: LinearizabilityVerdict,
  operations: readonly Operation[],
  model: Model,
): string | undefined {
  const [part] = orders;
  if (culprit === undefined || part === undefined) return undefined;
  const actionOf = ({ f, input, output }: Operation): unknown =>
    model.action({ f, input, output }, null);
  const isOwn = (operation: Operation) => {
    const action = actionOf(operation);
    if (action === undefined || part.objects.length === 0) return part.objects.length === 0;
    return (model.objects?.(action) ?? []).some((object) => part.objects.includes(object));
  };
  const describe = (operation: Operation) => {
    const action = actionOf(operation);
    return action === undefined ? operation.f : model.describe(action);
  };
  return drawWindow({ culprit, operations: operations.filter(isOwn), order: part.order, describe });
}

/** What is drawn. */
export interface Window {
  readonly culprit: Operation;
  /** All operations of the history on the same objects. */
  readonly operations: readonly Operation[];
  /** The order that was found before the culprit; its last operations are drawn with their places in it. */
  readonly order: readonly Operation[];
  /** An operation in a few words. */
  readonly describe: (operation: Operation) => string;
}

/** Lines drawn at most; the nearest to the culprit are kept. */
const LINES_MAX = 14;

/** Operations before the culprit that are drawn even when they had returned. */
const BEFORE_MAX = 3;

const LABEL_LENGTH_MAX = 28;

/** The drawing, without a newline at the end. */
export function drawWindow(window: Window): string {
  const shownOperations = chosen(window);
  const labels = new Map(
    shownOperations.map((one) => [one, shortened(window.describe(one), LABEL_LENGTH_MAX)]),
  );
  const { columns, end } = layout(shownOperations, labels);
  const names = shownOperations.map(({ process }) => String(process));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const places = new Map(window.order.map((operation, at) => [operation.index, at + 1]));
  const lines = shownOperations.map((operation, at) => {
    const bar = barOf(operation, labels.get(operation)!, columns, end);
    const place = places.get(operation.index);
    const note =
      operation.index === window.culprit.index
        ? '✗ at no moment'
        : [place === undefined ? '' : `#${place}`, noteOf(operation)].join(' ').trim();
    return `${names[at]!.padStart(nameWidth)}  ${bar.padEnd(end + 1)}  ${note}`.trimEnd();
  });
  return lines.join('\n');
}

/** The culprit, what ran at the same time, and what took effect last before it; in the order of the calls. */
function chosen({ culprit, operations, order }: Window): Operation[] {
  const runsWithIt = operations.filter(
    (one) => one.invoked < culprit.returned && one.returned > culprit.invoked,
  );
  const before = order.filter((one) => one.returned < culprit.invoked).slice(-BEFORE_MAX);
  const distance = (one: Operation) => Math.abs(one.invoked - culprit.invoked);
  const kept = runsWithIt
    .toSorted((a, b) => distance(a) - distance(b) || a.index - b.index)
    .slice(0, LINES_MAX - before.length);
  return [...new Set([...before, ...kept])].toSorted((a, b) => a.invoked - b.invoked);
}

/** Columns for the events of the operations: in order, and so far apart that the labels fit. */
function layout(
  operations: readonly Operation[],
  labels: ReadonlyMap<Operation, string>,
): { readonly columns: ReadonlyMap<number, number>; readonly end: number } {
  const returns = new Map(operations.map((one) => [one.returned, one]));
  const events = operations
    .flatMap(({ invoked, returned }) => (returned === Infinity ? [invoked] : [invoked, returned]))
    .toSorted((a, b) => a - b);
  const columns = new Map<number, number>();
  let column = -1;
  for (const event of events) {
    column++;
    const ended = returns.get(event);
    if (ended !== undefined) {
      const width = labels.get(ended)!.length + 3;
      column = Math.max(column, columns.get(ended.invoked)! + width);
    }
    columns.set(event, column);
  }
  const open = operations.filter(({ returned }) => returned === Infinity);
  const ends = open.map((one) => columns.get(one.invoked)! + labels.get(one)!.length + 4);
  return { columns, end: Math.max(column, ...ends) };
}

function barOf(
  { invoked, returned }: Operation,
  label: string,
  columns: ReadonlyMap<number, number>,
  end: number,
): string {
  const start = columns.get(invoked)!;
  const left = `${' '.repeat(start)}├ ${label} `;
  if (returned === Infinity) return left.padEnd(end + 1, '╌');
  return `${left.padEnd(columns.get(returned)!, '─')}┤`;
}

function noteOf({ outcome }: Operation): string {
  return outcome === 'ok' ? '' : outcome === 'fail' ? 'failed' : 'no answer';
}
