/** The whole of a run, however long it is: what is on disk, then what is in memory. */

import type { TraceEvent } from '../../core/trace.ts';
import type { Run } from '../run.ts';

/** Its events, stretch by stretch; parts that are lost are left out. */
export async function* allEvents(run: Run): AsyncGenerator<readonly TraceEvent[]> {
  const { archive } = run;
  let next = 0;
  for (const [number, stretch] of (archive?.stretches ?? []).entries()) {
    if (stretch.isLost) continue;
    const { events, carried, before } = await archive!.read(number);
    next = before + events.length - carried;
    yield events.slice(carried);
  }
  // While the disk was read, more may have moved there.
  const { events, carried = 0, before = 0 } = run;
  yield events.slice(carried + Math.max(0, next - before));
}
