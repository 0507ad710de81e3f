/** A run of the lab as one page: everything that happened in it, with the seed and the nodes. */

import type { TraceHeader } from '../../runtime/trace-file.ts';
import { traceLine } from '../../runtime/trace-file.ts';
import { filedEvent } from '../shown-event.ts';
import type { Run } from '../run.ts';
import type { TraceExport } from './trace-export.ts';

/**
 * The page.
 *
 * @param exportOf how a page is written, given its title and what it says of the run
 * @throws {TooLongToExport} when the run is longer than a page can show
 */
export function runPage(
  { algorithm, seed, nodes, events, archive }: Run,
  title: string,
  exportOf: (title: string, facts: Partial<TraceHeader>) => TraceExport,
): string {
  if (archive !== undefined) {
    throw new Error('The run is too long for one page: save its trace, and show parts of that.');
  }
  const ids = nodes.map(({ id }) => id);
  const page = exportOf(`${title} · Parley`, { algorithm, seed, nodes: ids });
  const parts = [page.begin()];
  for (const [index, event] of events.entries()) {
    const line = traceLine(filedEvent(event)).trimEnd();
    // Clocks are for other formats: this one has the diagram.
    parts.push(page.event({ event, line, number: index + 1, clock: () => ({}) }));
  }
  parts.push(page.end());
  return parts.join('');
}
