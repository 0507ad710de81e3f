/**
 * Messages under way in a trace: what joins each arrival to its sending, while the events go by one at a time.
 *
 * A message is named by its sender and a number, and a broadcast is one message to many, so a way is named by message and receiver.
 * Messages are lost, and arrive twice; a sender that was restarted may count from 1 again. Both tables are bounded, because a trace
 * may be longer than memory.
 *
 * Of several sendings under one name the right one follows from the link: links are made anew for a node that was restarted, so what
 * arrives on one comes from the same life of the sender as what arrived before, or from a later one, and within a life numbers grow.
 */

import type { NodeId } from '../../core/id.ts';
import type { MessageId, TraceEvent } from '../../core/trace.ts';

/** The event that sends a message. */
export type SendEvent = TraceEvent & { readonly kind: 'send' };

/** An event at which a message reaches its receiver: it is handled, or thrown away. */
export type ArrivalEvent = TraceEvent & { readonly kind: 'deliver' | 'drop' };

/** A sending that may still be answered by an arrival. */
export interface Departure<T> {
  readonly path: string;
  readonly type: string;
  readonly role: string;
  readonly bytes: number;
  readonly number: number;
  /** How often its sender had been started, as far as its messages tell. */
  readonly life: number;
  /** What the caller wants to know of it at the arrival. */
  readonly note: T;
}

/** What is known of an arrival. */
export interface Arrival<T> {
  /** Undefined when no such sending is known. */
  readonly departure: Departure<T> | undefined;
  /** It had arrived before. */
  readonly isAgain: boolean;
  /** False when a message of this name was sent, but with another type, path, role or size. */
  readonly fits: boolean;
}

/** Messages under way that are remembered unless said otherwise; older ones are taken for lost. */
export const IN_FLIGHT_MAX = 1 << 16;

/** Messages that have arrived and are remembered for their duplicates. */
const ARRIVED_MAX = 1 << 14;

const NOTHING_KNOWN: Arrival<never> = { departure: undefined, isAgain: false, fits: false };

/** What last arrived on a link. */
interface Progress {
  life: number;
  number: number;
}

/** The messages under way. Feed it every `send`, ask it at every `deliver` and `drop`. */
export class InFlight<T> {
  readonly #waitingMax: number;
  /** More than one under a name only when the sender was restarted. */
  readonly #waiting = new Map<string, Departure<T> | Departure<T>[]>();
  readonly #arrived = new Map<string, Departure<T>>();
  readonly #senders = new Map<NodeId, Progress & { sequence: number }>();
  /** By sender and receiver. */
  readonly #links = new Map<NodeId, Map<NodeId, Progress>>();
  #forgotten = 0;

  /** @param waitingMax how many are remembered */
  constructor(waitingMax: number = IN_FLIGHT_MAX) {
    this.#waitingMax = waitingMax;
  }

  /** How many were forgotten without an arrival, because too many were under way. Zero means that nothing was overlooked. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The sendings that have no arrival yet. */
  *underWay(): Generator<Departure<T>> {
    for (const entry of this.#waiting.values()) {
      if (Array.isArray(entry)) yield* entry;
      else yield entry;
    }
  }

  /** A message departs. */
  send({ node, sequence, message, to, path, type, role, bytes }: SendEvent, note: T): void {
    const number = numberOf(message);
    const life = this.#lifeOf(node, number, sequence);
    const way = wayOf(message, to);
    const departure: Departure<T> = { path, type, role, bytes, number, life, note };
    const known = this.#waiting.get(way);
    if (known === undefined) this.#waiting.set(way, departure);
    else if (Array.isArray(known)) known.push(departure);
    else this.#waiting.set(way, [known, departure]);
    this.#forgotten += dropOldest(this.#waiting, this.#waitingMax);
  }

  /** True when the sending of an arrival is known and was not used up by another arrival. */
  isUnderWay(event: ArrivalEvent): boolean {
    const waiting = this.#waiting.get(wayOf(event.message, event.node));
    return this.#find(waiting, event, true) !== undefined;
  }

  /** True when a message of this name, of the present life of its sender, has arrived; its duplicate may follow. */
  hasArrived({ message, from, node }: ArrivalEvent): boolean {
    const before = this.#arrived.get(wayOf(message, node));
    return before !== undefined && before.life === this.#senders.get(from)?.life;
  }

  /** A message arrives. */
  arrive(event: ArrivalEvent): Arrival<T> {
    const way = wayOf(event.message, event.node);
    const waiting = this.#waiting.get(way);
    const next = this.#find(waiting, event, true);
    if (next !== undefined) return this.#land(way, next, event);
    const before = this.#arrived.get(way);
    if (before !== undefined && looksLike(before, event)) {
      return { departure: before, isAgain: true, fits: true };
    }
    const overtaken = this.#find(waiting, event, false);
    if (overtaken !== undefined) return this.#land(way, overtaken, event);
    if (waiting === undefined) return NOTHING_KNOWN;
    const departure = Array.isArray(waiting) ? waiting[0]! : waiting;
    return { departure, isAgain: false, fits: false };
  }

  /** @param isStrict false for one that was overtaken by a later message of its link */
  #find(
    waiting: Departure<T> | readonly Departure<T>[] | undefined,
    event: ArrivalEvent,
    isStrict: boolean,
  ): Departure<T> | undefined {
    if (waiting === undefined) return undefined;
    const fits = (departure: Departure<T>) =>
      looksLike(departure, event) && (!isStrict || this.#mayFollow(event, departure));
    if ('note' in waiting) return fits(waiting) ? waiting : undefined;
    return waiting.find(fits);
  }

  #land(way: string, departure: Departure<T>, event: ArrivalEvent): Arrival<T> {
    const waiting = this.#waiting.get(way);
    if (Array.isArray(waiting) && waiting.length > 1) {
      waiting.splice(waiting.indexOf(departure), 1);
    } else this.#waiting.delete(way);
    this.#noteArrived(way, departure);
    this.#noteLink(event, departure);
    return { departure, isAgain: false, fits: true };
  }

  /** False for a sending that is older than what arrived on its link before. */
  #mayFollow({ from, node }: ArrivalEvent, { life, number }: Departure<T>): boolean {
    const last = this.#links.get(from)?.get(node);
    return last === undefined || life > last.life || (life === last.life && number >= last.number);
  }

  #lifeOf(node: NodeId, number: number, sequence: number): number {
    const last = this.#senders.get(node);
    if (last === undefined) {
      this.#senders.set(node, { life: 1, number, sequence });
      return 1;
    }
    if (number < last.number || sequence <= last.sequence) last.life++;
    last.number = number;
    last.sequence = sequence;
    return last.life;
  }

  #noteLink({ from, node }: ArrivalEvent, { life, number }: Departure<T>): void {
    let ofSender = this.#links.get(from);
    if (ofSender === undefined) this.#links.set(from, (ofSender = new Map<NodeId, Progress>()));
    const last = ofSender.get(node);
    if (last === undefined) ofSender.set(node, { life, number });
    else if (life > last.life || (life === last.life && number > last.number)) {
      last.life = life;
      last.number = number;
    }
  }

  #noteArrived(way: string, departure: Departure<T>): void {
    this.#arrived.delete(way);
    this.#arrived.set(way, departure);
    dropOldest(this.#arrived, ARRIVED_MAX);
  }
}

/** Makes room in a map that has grown too large: a quarter at once, because finding the oldest entry is what costs. */
function dropOldest(map: Map<string, unknown>, sizeMax: number): number {
  if (map.size <= sizeMax) return 0;
  const count = Math.max(1, sizeMax >> 2);
  let left = count;
  for (const key of map.keys()) {
    map.delete(key);
    if (--left === 0) break;
  }
  return count;
}

/** A receiver that drops a message may not have come as far as reading its role and size. */
function looksLike(departure: Departure<unknown>, event: ArrivalEvent): boolean {
  if (departure.type !== event.type || departure.path !== event.path) return false;
  return (
    event.kind === 'drop' || (departure.role === event.role && departure.bytes === event.bytes)
  );
}

function wayOf(message: MessageId, to: NodeId): string {
  return `${message}\n${to}`;
}

/** The number in a message's name; 0 for none. */
export function numberOf(message: MessageId): number {
  const mark = message.lastIndexOf('#');
  const number = mark < 0 ? 0 : Number(message.slice(mark + 1));
  return Number.isSafeInteger(number) ? number : 0;
}
