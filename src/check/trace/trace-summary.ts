/** Sums up a trace: how much of what happened, how long messages took, what was lost. */

import { compareIds, type NodeId } from '../../core/id.ts';
import type { NodeStatus } from '../../core/status.ts';
import type { DropReason, TraceEvent } from '../../core/trace.ts';
import { microseconds } from './clock-shifts.ts';
import { Histogram, type Quantiles } from './histogram.ts';
import { InFlight, type ArrivalEvent, type SendEvent } from './in-flight.ts';
import { Lives } from './lives.ts';

/** One type of message. */
export interface MessageSummary {
  readonly path: string;
  readonly type: string;
  readonly role: string;
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
  /** Deliveries and drops of one that had arrived before. */
  readonly duplicates: number;
  /** Bytes of the bodies that were sent. */
  readonly bytes: number;
  /** Milliseconds from sending to arrival. */
  readonly latency_ms: Quantiles | null;
}

/** One node. */
export interface NodeSummary {
  readonly events: number;
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
  /** How often it was started. */
  readonly lives: number;
  /** What it last said of itself; null when it said nothing. */
  readonly status: NodeStatus | null;
}

/** A trace in numbers. */
export interface TraceSummary {
  readonly events: number;
  /** Milliseconds from the first to the last event. */
  readonly duration_ms: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly messages: readonly MessageSummary[];
  /** Messages that never arrived: lost, or under way at the end. */
  readonly undelivered: number;
  /** Deliveries of messages that nobody is seen to send. */
  readonly unmatched: number;
  /** Milliseconds from sending to arrival, of all messages. */
  readonly latency_ms: Quantiles | null;
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
  /** Planned faults that fired, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: number;
  readonly nodes: Readonly<Record<NodeId, NodeSummary>>;
}

/** Types of messages counted apart; a trace with more has them together under `…`. */
const TYPES_MAX = 500;

interface Sent {
  readonly time: number;
  readonly counts: boolean;
}

interface TypeCount {
  readonly path: string;
  readonly type: string;
  readonly role: string;
  sent: number;
  delivered: number;
  dropped: number;
  duplicates: number;
  bytes: number;
  readonly latency: Histogram;
}

interface NodeCount {
  events: number;
  sent: number;
  delivered: number;
  dropped: number;
  status: NodeStatus | null;
}

/** Takes the events of a trace one after the other. */
export class TraceCount {
  readonly #inFlight = new InFlight<Sent>();
  readonly #lives = new Lives();
  readonly #kinds = new Map<string, number>();
  readonly #types = new Map<string, TypeCount>();
  readonly #nodes = new Map<NodeId, NodeCount>();
  readonly #drops = new Map<DropReason, number>();
  readonly #faults = new Map<string, number>();
  readonly #latency = new Histogram();
  #events = 0;
  #firstMs = Infinity;
  #lastMs = -Infinity;
  #unmatched = 0;

  /**
   * Takes the next event.
   *
   * @param counts false for one that is not counted, but whose message may be
   */
  take(event: TraceEvent, counts: boolean = true): void {
    if (counts) this.#count(event);
    if (event.kind === 'send') this.#send(event, counts);
    else if (event.kind === 'deliver' || event.kind === 'drop') this.#arrive(event, counts);
  }

  /** The numbers, once everything has gone by. */
  summary(): TraceSummary {
    // What was forgotten was under way for longer than ten thousands of other messages.
    let undelivered = this.#inFlight.forgotten;
    for (const { note } of this.#inFlight.underWay()) if (note.counts) undelivered++;
    const messages = [...this.#types.values()].map(({ latency, ...counts }) => ({
      ...counts,
      latency_ms: rounded(latency.quantiles()),
    }));
    return {
      events: this.#events,
      duration_ms: this.#events === 0 ? 0 : microseconds(this.#lastMs - this.#firstMs),
      kinds: Object.fromEntries(this.#kinds),
      messages: messages.sort((a, b) => b.sent - a.sent),
      undelivered,
      unmatched: this.#unmatched,
      latency_ms: rounded(this.#latency.quantiles()),
      drops: Object.fromEntries(this.#drops),
      faults: Object.fromEntries(this.#faults),
      violations: this.#kinds.get('violation') ?? 0,
      nodes: Object.fromEntries(
        [...this.#nodes]
          .sort(([a], [b]) => compareIds(a, b))
          .map(([id, node]) => [id, { ...node, lives: this.#lives.of(id) }]),
      ),
    };
  }

  #count(event: TraceEvent): void {
    this.#events++;
    this.#firstMs = Math.min(this.#firstMs, event.time);
    this.#lastMs = Math.max(this.#lastMs, event.time);
    this.#lives.take(event);
    this.#kinds.set(event.kind, (this.#kinds.get(event.kind) ?? 0) + 1);
    const node = this.#nodeOf(event.node);
    node.events++;
    if (event.kind === 'status') node.status = event.status;
    if (event.kind === 'fault')
      this.#faults.set(event.fault, (this.#faults.get(event.fault) ?? 0) + 1);
  }

  #send(event: SendEvent, counts: boolean): void {
    this.#inFlight.send(event, { time: event.time, counts });
    if (!counts) return;
    const type = this.#typeOf(event, event.role);
    type.sent++;
    type.bytes += event.bytes;
    this.#nodeOf(event.node).sent++;
  }

  #arrive(event: ArrivalEvent, counts: boolean): void {
    const { departure, isAgain, fits } = this.#inFlight.arrive(event);
    if (!counts) return;
    const isDelivery = event.kind === 'deliver';
    const role = event.kind === 'deliver' ? event.role : (departure?.role ?? '?');
    const type = this.#typeOf(event, role);
    const node = this.#nodeOf(event.node);
    if (isDelivery) {
      type.delivered++;
      node.delivered++;
    } else {
      type.dropped++;
      node.dropped++;
      this.#drops.set(event.reason, (this.#drops.get(event.reason) ?? 0) + 1);
    }
    if (isAgain) type.duplicates++;
    else if (fits) {
      const tookMs = event.time - departure!.note.time;
      type.latency.add(tookMs);
      this.#latency.add(tookMs);
    } else if (isDelivery) this.#unmatched++;
  }

  #typeOf({ path, type }: { readonly path: string; readonly type: string }, role: string) {
    let name = `${path}\n${type}\n${role}`;
    let count = this.#types.get(name);
    if (count !== undefined) return count;
    const isOneTooMany = this.#types.size >= TYPES_MAX;
    if (isOneTooMany) name = '…';
    count = isOneTooMany ? this.#types.get(name) : undefined;
    if (count === undefined) {
      const what = isOneTooMany ? { path: '…', type: '…', role: '…' } : { path, type, role };
      const zero = { sent: 0, delivered: 0, dropped: 0, duplicates: 0, bytes: 0 };
      count = { ...what, ...zero, latency: new Histogram() };
      this.#types.set(name, count);
    }
    return count;
  }

  #nodeOf(id: NodeId): NodeCount {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      node = { events: 0, sent: 0, delivered: 0, dropped: 0, status: null };
      this.#nodes.set(id, node);
    }
    return node;
  }
}

function rounded(quantiles: Quantiles | undefined): Quantiles | null {
  if (quantiles === undefined) return null;
  const { count, min, p50, p90, p99, max } = quantiles;
  return {
    count,
    min: microseconds(min),
    p50: microseconds(p50),
    p90: microseconds(p90),
    p99: microseconds(p99),
    max: microseconds(max),
  };
}
