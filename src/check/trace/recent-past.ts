/** The last events of every node and the messages under way: what one wants to see before an event, in bounded memory. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { InFlight } from './in-flight.ts';
import type { TraceRecord } from './trace-record.ts';

/** Events kept of each node. */
const KEPT = 3;

/** An event of the past. Bodies are not kept. */
export interface PastEvent {
  readonly event: TraceEvent;
  readonly number: number;
}

/** Takes the events of a trace one after the other. */
export class RecentPast {
  readonly #nodes = new Map<NodeId, PastEvent[]>();
  readonly #inFlight = new InFlight<PastEvent>();

  /** Takes the next event. */
  take({ event, number }: TraceRecord): void {
    let own = this.#nodes.get(event.node);
    if (own === undefined) this.#nodes.set(event.node, (own = []));
    own.push({ event, number });
    if (own.length > KEPT) own.shift();
    if (event.kind === 'send') {
      this.#inFlight.send(event, { event: { ...event, body: null }, number });
    } else if (event.kind === 'deliver' || event.kind === 'drop') this.#inFlight.arrive(event);
  }

  /** What the next event follows directly: the last events of its node and, for an arrival, the sending; in their order. */
  before(event: TraceEvent): readonly PastEvent[] {
    const past = [...(this.#nodes.get(event.node) ?? [])];
    if (event.kind === 'deliver' || event.kind === 'drop') {
      const { departure } = this.#inFlight.arrive(event);
      const sending = departure?.note;
      if (sending !== undefined && !past.some(({ number }) => number === sending.number)) {
        past.push(sending);
      }
    }
    return past.sort((a, b) => a.number - b.number);
  }
}
