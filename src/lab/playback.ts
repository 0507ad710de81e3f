/**
 * A recorded run, indexed: what stood where at any moment.
 *
 * The index is built once and extended while a live run goes on; every question is answered from sorted lists, so that
 * scrubbing through a hundred thousand events costs the same as through a hundred.
 */

import type { NodeId } from '../core/id.ts';
import type { DropReason, MessageId, TraceEvent } from '../core/trace.ts';

/** A moment of a run. The events before `step` have happened; `time` moves on between them. */
export interface Cursor {
  readonly time: number;
  readonly step: number;
}

/** The way of one message from its sender to its receiver. */
export interface Flight {
  readonly message: MessageId;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly path: string;
  readonly type: string;
  readonly role: 'cast' | 'request' | 'reply' | 'error';
  readonly bytes: number;
  readonly sentAt: number;
  readonly sendIndex: number;
  /** When it reached the receiver; undefined while it travels, and for good when it was lost. */
  readonly arrivedAt: number | undefined;
  readonly arriveIndex: number | undefined;
  /** Why the receiver threw it away, if it did. */
  readonly dropped: DropReason | undefined;
}

/** Indexes into the events, ascending, of what happened at one node. */
export interface NodeTrack {
  readonly id: NodeId;
  readonly all: readonly number[];
  readonly statuses: readonly number[];
  /** State events by algorithm path. */
  readonly states: ReadonlyMap<string, readonly number[]>;
  readonly sends: readonly number[];
  readonly deliveries: readonly number[];
  readonly drops: readonly number[];
  /** Log lines of level warn and error, and violations. */
  readonly complaints: readonly number[];
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };
type OwnTrack = {
  readonly [key in keyof NodeTrack]: NodeTrack[key] extends readonly number[]
    ? number[]
    : NodeTrack[key];
} & { readonly states: Map<string, number[]> };

/** Flights of one stretch of the trace; a question about other times skips them all at once. */
interface Block {
  readonly flights: Writable<Flight>[];
  readonly firstSentAt: number;
  lastSentAt: number;
  /** Of those that have arrived. */
  lastArrivedAt: number;
  /** How many have not: lost messages stay among them. */
  openCount: number;
}

/** Flights per block: small enough to look through, large enough to skip much. */
const BLOCK_LENGTH = 64;
/** Journeys kept to tell how long a message usually takes; the first ones say enough. */
const JOURNEY_SAMPLE_LENGTH = 255;

/** The events of one run, or of a stretch of it, with everything that the pictures look up in them. */
export class Recording {
  /** The first so many events say what was when the stretch begins. */
  readonly carried: number;
  /** How many events of the run came before the stretch's own. */
  readonly before: number;
  readonly #tracks = new Map<NodeId, OwnTrack>();
  readonly #blocks: Block[] = [];
  readonly #departed = new Map<string, { flight: Writable<Flight>; block: Block }>();
  readonly #early = new Map<string, number>();
  /** Of each event that sent a message, or in which one arrived: its way. Asked for thousands of times for one light cone. */
  readonly #ways: (Flight | undefined)[] = [];
  readonly #journeys: number[] = [];
  #typical = 0;
  #typicalOf = 0;
  readonly #violations: number[] = [];
  readonly #asides: number[] = [];
  readonly #kinds = new Set<string>();
  #events: readonly TraceEvent[] = [];
  #length = 0;
  #flightCount = 0;
  #tellsStatuses = false;

  constructor({ carried = 0, before = 0 }: { carried?: number; before?: number } = {}) {
    this.carried = carried;
    this.before = before;
  }

  /** When what is in it begins. */
  get startTime(): number {
    return this.before === 0 ? 0 : (this.#events[this.carried]?.time ?? 0);
  }

  /** Which event of the whole run is the last before `step`. */
  numberOf(step: number): number {
    return this.before + Math.max(0, step - this.carried);
  }

  /** The events that are indexed; those are the first {@link length}. */
  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** How many events are indexed. */
  get length(): number {
    return this.#length;
  }

  /** How many messages were sent. */
  get flightCount(): number {
    return this.#flightCount;
  }

  /** The kinds of messages that were sent. */
  get kinds(): ReadonlySet<string> {
    return this.#kinds;
  }

  /** Whether any event says how a node stands: logs of other tools do not. */
  get tellsStatuses(): boolean {
    return this.#tellsStatuses;
  }

  /** Time of the last event. */
  get endTime(): number {
    return this.#events[this.#length - 1]?.time ?? 0;
  }

  /** Indexes of the violation events. */
  get violations(): readonly number[] {
    return this.#violations;
  }

  /** Indexes of what is neither a message nor a state, ascending. */
  get asides(): readonly number[] {
    return this.#asides;
  }

  /** Takes in what was appended to `events` since the last call. */
  extend(events: readonly TraceEvent[]): void {
    this.#events = events;
    for (; this.#length < events.length; this.#length++) {
      this.#take(events[this.#length]!, this.#length);
    }
  }

  /** What happened at `node`. */
  track(node: NodeId): NodeTrack | undefined {
    return this.#tracks.get(node);
  }

  /** Nodes in order of their first event. */
  get nodes(): readonly NodeId[] {
    return [...this.#tracks.keys()];
  }

  /** The way of `message` to one of its receivers; a broadcast is one message to many. */
  flight(message: MessageId, to: NodeId): Flight | undefined {
    return this.#departed.get(wayOf(message, to))?.flight;
  }

  /** The way of the message that an event sent, delivered or dropped. */
  flightOf(event: TraceEvent): Flight | undefined {
    if (event.kind === 'send') return this.flight(event.message, event.to);
    if (event.kind !== 'deliver' && event.kind !== 'drop') return undefined;
    return this.flight(event.message, event.node);
  }

  /** The way of the message that the event at an index sent, delivered or dropped; of a duplicate, its own. */
  flightAt(index: number): Flight | undefined {
    return this.#ways[index];
  }

  /** Index of the event that sent what the event at `arriveIndex` delivered or dropped. */
  sendingOf(arriveIndex: number): number | undefined {
    const flight = this.#ways[arriveIndex];
    return flight?.arriveIndex === arriveIndex ? flight.sendIndex : undefined;
  }

  /** How many events have happened at `time`. */
  stepAt(time: number): number {
    return countWhere(this.#length, (index) => this.#events[index]!.time <= time);
  }

  /**
   * The flights that were under way at some moment from `from` to `to`, in the order they were sent.
   *
   * @param openSince of those that have not arrived, and perhaps never will, only what was sent since then
   */
  flightsBetween(from: number, to: number, openSince = -Infinity): Flight[] {
    const result: Flight[] = [];
    for (const block of this.#blocks) {
      if (block.firstSentAt > to) break;
      const isOpen = block.openCount > 0 && block.lastSentAt >= openSince;
      if (block.lastArrivedAt < from && !isOpen) continue;
      for (const flight of block.flights) {
        const { sentAt, arrivedAt } = flight;
        if (sentAt > to) continue;
        if (arrivedAt === undefined ? sentAt >= openSince : arrivedAt >= from) result.push(flight);
      }
    }
    return result;
  }

  /** Median time of the first journeys; 0 as long as none has ended. */
  typicalJourney(): number {
    // It is asked for with every picture, and settles with the first messages.
    if (this.#typicalOf !== this.#journeys.length) {
      const sorted = this.#journeys.toSorted((a, b) => a - b);
      this.#typical = sorted[sorted.length >> 1] ?? 0;
      this.#typicalOf = this.#journeys.length;
    }
    return this.#typical;
  }

  #take(event: TraceEvent, index: number): void {
    const track = this.#trackOf(event.node);
    track.all.push(index);
    // One for each event: an array with holes is slow.
    this.#ways.push(undefined);
    switch (event.kind) {
      case 'send':
        track.sends.push(index);
        this.#depart(event, index);
        break;
      case 'deliver':
      case 'drop':
        (event.kind === 'drop' ? track.drops : track.deliveries).push(index);
        this.#arrive(wayOf(event.message, event.node), index);
        break;
      case 'state': {
        const states: Map<string, number[]> = track.states;
        const indexes = states.get(event.path);
        if (indexes === undefined) states.set(event.path, [index]);
        else indexes.push(index);
        break;
      }
      default:
        this.#asides.push(index);
        this.#takeAside(event, index, track);
    }
  }

  #takeAside(event: TraceEvent, index: number, track: OwnTrack): void {
    switch (event.kind) {
      case 'status':
        track.statuses.push(index);
        this.#tellsStatuses = true;
        break;
      case 'violation':
        track.complaints.push(index);
        this.#violations.push(index);
        break;
      case 'log':
        if (event.level === 'warn' || event.level === 'error') track.complaints.push(index);
        break;
      case 'fault':
        track.complaints.push(index);
        break;
      default:
    }
  }

  #trackOf(id: NodeId): OwnTrack {
    let track = this.#tracks.get(id);
    if (track === undefined) {
      track = {
        id,
        all: [],
        statuses: [],
        states: new Map(),
        sends: [],
        deliveries: [],
        drops: [],
        complaints: [],
      };
      this.#tracks.set(id, track);
    }
    return track;
  }

  #depart(event: TraceEvent & { kind: 'send' }, sendIndex: number): void {
    const { message, node: from, to, path, type, role, bytes, time: sentAt } = event;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.flights.length >= BLOCK_LENGTH) {
      block = {
        ...{ flights: [], firstSentAt: sentAt, lastSentAt: sentAt },
        ...{ lastArrivedAt: -Infinity, openCount: 0 },
      };
      this.#blocks.push(block);
    }
    const flight: Writable<Flight> = {
      ...{ message, from, to, path, type, role, bytes, sentAt, sendIndex },
      ...{ arrivedAt: undefined, arriveIndex: undefined, dropped: undefined },
    };
    block.flights.push(flight);
    block.lastSentAt = Math.max(block.lastSentAt, sentAt);
    block.openCount++;
    this.#flightCount++;
    this.#kinds.add(type);
    const way = wayOf(message, to);
    this.#departed.set(way, { flight, block });
    this.#ways[sendIndex] = flight;
    // Live, every node has its own clock: a message may seem to arrive before it was sent.
    const arriveIndex = this.#early.get(way);
    if (arriveIndex === undefined) return;
    this.#early.delete(way);
    this.#arrive(way, arriveIndex);
  }

  #arrive(way: string, index: number): void {
    const entry = this.#departed.get(way);
    if (entry === undefined) {
      this.#early.set(way, index);
      return;
    }
    let { flight } = entry;
    const { block } = entry;
    if (flight.arriveIndex !== undefined) {
      // A duplicate: the same departure, another arrival.
      flight = { ...flight };
      block.flights.push(flight);
    } else block.openCount--;
    const event = this.#events[index]!;
    flight.arrivedAt = Math.max(event.time, flight.sentAt);
    flight.arriveIndex = index;
    this.#ways[index] = flight;
    flight.dropped = event.kind === 'drop' ? event.reason : undefined;
    block.lastArrivedAt = Math.max(block.lastArrivedAt, flight.arrivedAt);
    if (this.#journeys.length < JOURNEY_SAMPLE_LENGTH && flight.from !== flight.to) {
      this.#journeys.push(flight.arrivedAt - flight.sentAt);
    }
  }
}

function wayOf(message: MessageId, to: NodeId): string {
  return `${message} ${to}`;
}

/** How many of the first `length` indexes fulfil `happened`, which holds up to some index and not behind it. */
export function countWhere(length: number, happened: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (happened(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending `indexes` are below `step`. */
export function countBefore(indexes: readonly number[], step: number): number {
  return countWhere(indexes.length, (position) => indexes[position]! < step);
}
