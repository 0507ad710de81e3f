/**
 * Brings traces of several nodes, each in its own order, into one in which no message arrives before it was sent.
 *
 * The order is that of the clocks where the clocks allow it. Machines' clocks differ, so they are first moved as little as the messages
 * demand (see clock-shifts.ts), and an arrival waits for its sending whatever its clock says. The result does not depend on the order
 * of the sources, and times in it never go back. Sources are read three times and never held in memory: who is there, how clocks
 * differ, and the result.
 */

import { compareIds, type NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { microseconds, QuickestMessages } from './clock-shifts.ts';
import { InFlight, numberOf, type ArrivalEvent } from './in-flight.ts';
import { Lives } from './lives.ts';

/** A trace that can be read from its beginning, each time anew. */
export type TraceSource = () => Iterable<TraceEvent>;

/** Traces that can be merged. */
export class TraceMerge {
  readonly #sources: readonly TraceSource[];
  readonly #census: Census;
  /** Milliseconds by which each node's clock was moved on. */
  readonly shiftsMs: ReadonlyMap<NodeId, number>;
  #outOfOrder = 0;

  constructor(sources: readonly TraceSource[]) {
    this.#sources = sources;
    this.#census = takeCensus(sources);
    const quickest = new QuickestMessages();
    const measuring = new Merging(sources, this.#census, new Map());
    for (const { event, sentMs } of measuring.run()) {
      if (sentMs === undefined) continue;
      quickest.add((event as ArrivalEvent).from, event.node, event.time - sentMs);
    }
    this.shiftsMs = quickest.shifts();
  }

  /** Arrivals that were let through before their sending because everything waited for everything: such files contradict each other. */
  get outOfOrder(): number {
    return this.#outOfOrder;
  }

  /** The merged trace. An event whose time had to be moved is a copy. */
  *events(): Generator<TraceEvent> {
    const merging = new Merging(this.#sources, this.#census, this.shiftsMs);
    let lastMs = 0;
    for (const { event, movedMs } of merging.run()) {
      lastMs = Math.max(lastMs, movedMs);
      yield lastMs === event.time ? event : { ...event, time: lastMs };
    }
    this.#outOfOrder = merging.outOfOrder;
  }
}

/** Events held in memory at most, behind those that wait. */
const QUEUED_MAX = 100_000;

/** What is known of a node before anything is merged. */
interface Entry {
  /** How many events it has in all sources. */
  events: number;
  /** How often it was started. */
  lives: number;
  readonly sources: Set<number>;
}

type Census = ReadonlyMap<NodeId, Entry>;

function takeCensus(sources: readonly TraceSource[]): Census {
  const census = new Map<NodeId, Entry>();
  for (const [at, source] of sources.entries()) {
    const lives = new Lives();
    for (const event of source()) {
      let entry = census.get(event.node);
      if (entry === undefined) {
        entry = { events: 0, lives: 0, sources: new Set() };
        census.set(event.node, entry);
      }
      entry.events++;
      entry.sources.add(at);
      lives.take(event);
    }
    for (const [node, entry] of census) entry.lives += lives.of(node);
  }
  return census;
}

/** An event in its turn. */
interface Merged {
  readonly event: TraceEvent;
  /** Its time on the moved clock. */
  readonly movedMs: number;
  /** For an arrival: when it was sent, on the sender's own clock. */
  readonly sentMs: number | undefined;
}

/** One node; its queue holds what was read of it and waits: the first event for the sending of its message, the others behind it. */
interface Lane {
  readonly entry: Entry;
  /** Its place in the order of ids. */
  readonly rank: number;
  readonly shiftMs: number;
  readonly queue: TraceEvent[];
  head: number;
  merged: number;
  /** Number of the last message that it sent in its present life; 0 before the first. */
  lastNumber: number;
}

/** One source, with its next event. */
interface Reader {
  readonly iterator: Iterator<TraceEvent>;
  next: TraceEvent | undefined;
}

/** One pass over all sources. */
class Merging {
  readonly #readers: Reader[];
  readonly #lanes = new Map<NodeId, Lane>();
  readonly #inFlight = new InFlight<number>();
  readonly #lives = new Lives();
  /** Lanes with something in their queue. */
  readonly #waiting = new Set<Lane>();
  #queued = 0;
  outOfOrder = 0;

  constructor(
    sources: readonly TraceSource[],
    census: Census,
    shiftsMs: ReadonlyMap<NodeId, number>,
  ) {
    const nodes = [...census.keys()].sort(compareIds);
    for (const [rank, node] of nodes.entries()) {
      const entry = census.get(node)!;
      const shiftMs = shiftsMs.get(node) ?? 0;
      const lane = { entry, rank, shiftMs, queue: [], head: 0, merged: 0, lastNumber: 0 };
      this.#lanes.set(node, lane);
    }
    this.#readers = sources.map((source) => ({
      iterator: source()[Symbol.iterator](),
      next: undefined,
    }));
  }

  *run(): Generator<Merged> {
    for (const reader of this.#readers) this.#advance(reader);
    for (;;) {
      const turn = this.#earliest(true) ?? this.#readHeld() ?? this.#release();
      if (turn === undefined) return;
      if (!('iterator' in turn)) {
        yield this.#merge(this.#dequeue(turn));
        continue;
      }
      const event = this.#advance(turn)!;
      const lane = this.#laneOf(event);
      if (this.#waiting.has(lane) || this.#mustWait(event)) this.#enqueue(lane, event);
      else yield this.#merge(event);
    }
  }

  /**
   * The source or lane whose turn it is by the clocks.
   *
   * @param obeys false to let through an arrival before its sending
   */
  #earliest(obeys: boolean): Reader | Lane | undefined {
    let best: Reader | Lane | undefined;
    let earliest: TraceEvent | undefined;
    for (const reader of this.#readers) {
      const { next } = reader;
      if (next === undefined || !this.#precedes(next, earliest) || this.#isHeld(next)) continue;
      best = reader;
      earliest = next;
    }
    for (const lane of this.#waiting) {
      const next = first(lane);
      if (!this.#precedes(next, earliest) || (obeys && this.#mustWait(next))) continue;
      best = lane;
      earliest = next;
    }
    return best;
  }

  /**
   * An event behind one of its node that waits is left in its source, so that little is held in memory; unless what is waited for may
   * stand further on in this very source.
   */
  #isHeld(event: TraceEvent): boolean {
    const lane = this.#laneOf(event);
    if (!this.#waiting.has(lane)) return false;
    const sender = this.#lanes.get((first(lane) as ArrivalEvent).from);
    if (sender === undefined) return true;
    for (const source of lane.entry.sources) if (sender.entry.sources.has(source)) return false;
    return true;
  }

  /** Everything waits: what was held is read on, for what is waited for may be behind it. */
  #readHeld(): Reader | undefined {
    if (this.#queued >= QUEUED_MAX) return undefined;
    let best: Reader | undefined;
    for (const reader of this.#readers) {
      if (reader.next !== undefined && this.#precedes(reader.next, best?.next)) best = reader;
    }
    return best;
  }

  /** Everything waits, and no more is read: the earliest is let through. */
  #release(): Reader | Lane | undefined {
    const lane = this.#earliest(false);
    if (lane !== undefined) this.outOfOrder++;
    return lane;
  }

  #merge(event: TraceEvent): Merged {
    const lane = this.#laneOf(event);
    lane.merged++;
    const life = this.#lives.of(event.node);
    if (this.#lives.take(event) > life) lane.lastNumber = 0;
    let sentMs: number | undefined;
    if (event.kind === 'send') {
      lane.lastNumber = numberOf(event.message);
      this.#inFlight.send(event, event.time);
    } else if (event.kind === 'deliver' || event.kind === 'drop') {
      const { departure, fits } = this.#inFlight.arrive(event);
      if (fits) sentMs = departure!.note;
    }
    return { event, movedMs: this.#moved(event), sentMs };
  }

  /** True for an arrival whose sending is still to come. */
  #mustWait(event: TraceEvent): boolean {
    if ((event.kind !== 'deliver' && event.kind !== 'drop') || event.from === event.node) {
      return false;
    }
    const { message, from } = event;
    const number = numberOf(message);
    const sender = this.#lanes.get(from);
    if (number === 0 || sender === undefined || sender.merged === sender.entry.events) return false;
    if (this.#inFlight.isUnderWay(event)) return false;
    // Started again, the sender will use the number once more: what looks like a duplicate may be that message.
    if (this.#lives.of(from) < sender.entry.lives) return true;
    // Messages are numbered in the order of their sending: one with a lower number was sent, or is missing.
    if (number < sender.lastNumber) return false;
    return sender.lastNumber === 0 || !this.#inFlight.hasArrived(event);
  }

  #enqueue(lane: Lane, event: TraceEvent): void {
    lane.queue.push(event);
    this.#queued++;
    this.#waiting.add(lane);
  }

  #dequeue(lane: Lane): TraceEvent {
    const event = first(lane);
    lane.head++;
    this.#queued--;
    if (lane.head === lane.queue.length) {
      lane.queue.length = 0;
      lane.head = 0;
      this.#waiting.delete(lane);
    }
    return event;
  }

  /** Moves on in a source; the event that was next. */
  #advance(reader: Reader): TraceEvent | undefined {
    const before = reader.next;
    const { value, done } = reader.iterator.next();
    reader.next = done === true ? undefined : value;
    return before;
  }

  #laneOf({ node }: TraceEvent): Lane {
    return this.#lanes.get(node)!;
  }

  #moved(event: TraceEvent): number {
    return microseconds(event.time + this.#laneOf(event).shiftMs);
  }

  /** The order in which events are merged when nothing waits; events of one time stand in the order of their nodes. */
  #precedes(a: TraceEvent, b: TraceEvent | undefined): boolean {
    if (b === undefined) return true;
    const later = this.#moved(a) - this.#moved(b);
    if (later !== 0) return later < 0;
    const [before, behind] = [this.#laneOf(a).rank, this.#laneOf(b).rank];
    return before < behind || (before === behind && a.sequence < b.sequence);
  }
}

function first(lane: Lane): TraceEvent {
  return lane.queue[lane.head]!;
}
