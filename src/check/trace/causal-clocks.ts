/**
 * Vector clocks of a trace, computed while its events go by (Mattern 1989, Fidge 1988): they do not travel with the messages, the
 * message ids say enough.
 *
 * An event depends on the earlier events of its node, those before a restart among them, and an arrival on its sending. The clock of
 * an event counts, for each node, the events that it depends on, itself included.
 */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { InFlight, type Arrival } from './in-flight.ts';

/**
 * What an event's vector clock says of the other nodes: counts by the place of the node, zero behind its end. The component of its
 * own node stands beside it, as the count of the stamp.
 */
export type VectorClock = Int32Array;

/** Where an event stands in the order of causes. */
export interface Stamp {
  /** Place of its node, see {@link CausalClocks.nodes}. */
  readonly place: number;
  /** How many events of its node were counted up to it. */
  readonly count: number;
  /** Belongs to the one who computes it and goes on changing: {@link kept} makes a copy. */
  readonly clock: VectorClock;
}

/** A stamp of an event that has just gone by. */
export interface Moment extends Stamp {
  /** For an arrival: what is known of its sending. */
  readonly arrival: Arrival<Sending> | undefined;
}

/** What a sending leaves for its arrival. */
export interface Sending {
  readonly place: number;
  readonly count: number;
  /** The sender's clock; one copy for all that it sends between two arrivals. */
  readonly past: VectorClock;
}

interface Process {
  readonly place: number;
  count: number;
  clock: VectorClock;
  /** A copy of the clock; undefined when something was learnt since. */
  past: VectorClock | undefined;
}

const NOTHING: VectorClock = new Int32Array(0);

/** Gives each event of a trace its clock, in one pass. Memory grows with the nodes and the messages under way, not with the events. */
export class CausalClocks {
  readonly #processes = new Map<NodeId, Process>();
  readonly #nodes: NodeId[] = [];
  readonly #inFlight: InFlight<Sending>;
  #unmatched = 0;

  /** @param inFlightMax see {@link InFlight} */
  constructor(inFlightMax?: number) {
    this.#inFlight = new InFlight(inFlightMax);
  }

  /** The nodes so far, by place: in the order of their first event. */
  get nodes(): readonly NodeId[] {
    return this.#nodes;
  }

  /** Deliveries whose sending is not known: the clocks behind them say too little. */
  get unmatched(): number {
    return this.#unmatched;
  }

  /** Sendings that were given up because too many messages were under way. */
  get forgotten(): number {
    return this.#inFlight.forgotten;
  }

  /**
   * Takes the next event.
   *
   * @param counts false for an event that is hidden: it is not counted, and still hands on what it depends on, so that the clocks of
   *   the others are those of the partial order among them
   */
  take(event: TraceEvent, counts: boolean = true): Moment {
    const process = this.#processOf(event.node);
    let arrival: Arrival<Sending> | undefined;
    if (event.kind === 'deliver' || event.kind === 'drop') {
      arrival = this.#inFlight.arrive(event);
      if (arrival.departure === undefined) {
        if (event.kind === 'deliver') this.#unmatched++;
      } else this.#learn(process, arrival.departure.note);
    }
    if (counts) process.count++;
    const { place, count, clock } = process;
    if (event.kind === 'send') {
      process.past ??= clock.slice();
      this.#inFlight.send(event, { place, count, past: process.past });
    }
    return { place, count, clock, arrival };
  }

  /** The whole vector clock with the names of the nodes, its own first, without zeros. */
  named({ place: own, count, clock }: Stamp): Record<NodeId, number> {
    const entries: [NodeId, number][] = [[this.#nodes[own]!, count]];
    for (let place = 0; place < clock.length; place++) {
      if (place !== own && clock[place]! > 0) entries.push([this.#nodes[place]!, clock[place]!]);
    }
    return Object.fromEntries(entries);
  }

  #processOf(node: NodeId): Process {
    let process = this.#processes.get(node);
    if (process === undefined) {
      const place = this.#nodes.push(node) - 1;
      process = { place, count: 0, clock: NOTHING, past: undefined };
      this.#processes.set(node, process);
    }
    return process;
  }

  #learn(process: Process, { place, count, past }: Sending): void {
    // What a node sends to itself tells it nothing.
    if (place === process.place) return;
    const length = Math.max(past.length, place + 1);
    if (process.clock.length < length) {
      const longer = new Int32Array(length);
      longer.set(process.clock);
      process.clock = longer;
    }
    const { clock } = process;
    let isNews = false;
    for (let other = 0; other < past.length; other++) {
      if (past[other]! <= clock[other]! || other === process.place) continue;
      clock[other] = past[other]!;
      isNews = true;
    }
    if (count > clock[place]!) {
      clock[place] = count;
      isNews = true;
    }
    if (isNews) process.past = undefined;
  }
}

/** A stamp that stays as it is. */
export function kept({ place, count, clock }: Stamp): Stamp {
  return { place, count, clock: clock.slice() };
}

/** True when `a` may have caused `b` (Lamport 1978, "happened before"): it is in the past of `b`, and not `b` itself. */
export function happenedBefore(a: Stamp, b: Stamp): boolean {
  if (a.place === b.place) return a.count < b.count;
  return (b.clock[a.place] ?? 0) >= a.count;
}

/** True when neither can have caused the other. */
export function concurrent(a: Stamp, b: Stamp): boolean {
  const isSame = a.place === b.place && a.count === b.count;
  return !isSame && !happenedBefore(a, b) && !happenedBefore(b, a);
}

/** Which part of an event's light cone. */
export type ConePart = 'past' | 'future' | 'both';

/** True when an event belongs to the causal past or future of `apex`; the apex belongs to both. */
export function inCone(event: Stamp, apex: Stamp, part: ConePart): boolean {
  if (event.place === apex.place && event.count === apex.count) return true;
  return (
    (part !== 'future' && happenedBefore(event, apex)) ||
    (part !== 'past' && happenedBefore(apex, event))
  );
}
