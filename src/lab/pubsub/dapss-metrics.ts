/**
 * What a member measured, as DAPSS writes it down: its five kinds of records, their fields and units, by its names. docs/pubsub.md says what
 * each means here, and what DAPSS itself never measured.
 */

import type { NodeId } from '../../core/id.ts';
import type { MemberView, Observed, PubSubEvent, PubSubMetrics } from './pubsub-view.ts';
import { hundredths, timesOf } from './times.ts';

/** The kinds of records; DAPSS has a file for each. */
export type MetricKind =
  | 'adaptive_stats'
  | 'gossip_metrics'
  | 'consensus_metrics'
  | 'network_health'
  | 'summary';

/** One line. */
export interface MetricRecord {
  readonly metric: MetricKind;
  readonly node_id: NodeId;
  /** ISO 8601, in UTC. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** A member, as much of it as is measured. */
export interface Measured {
  readonly id: NodeId;
  readonly members: readonly MemberView[];
  readonly metrics: PubSubMetrics;
  readonly observed: Observed;
  on(listener: (event: PubSubEvent) => void): () => void;
}

/** Milliseconds between two looks at who answers: those of DAPSS. */
const CHECK_MS = 2000;
/** Milliseconds between two records of how the member spreads, and two summaries: those of DAPSS. */
const ADAPT_MS = 5000;
/** Rates that the average is taken of: the latest. */
const RATES_MAX = 100;
/** Records that wait for whoever takes them; then the oldest go. */
const WAITING_MAX = 10_000;

interface Waiting {
  readonly atMs: number;
  readonly record: MetricRecord;
}

/** Measures one member, from now on. */
export class DapssMetrics {
  readonly #member: Measured;
  readonly #now: () => number;
  readonly #beganMs: number;
  readonly #waiting: Waiting[] = [];
  readonly #rates: number[] = [];
  /** Looks at each other member, and those at which it did not answer. */
  readonly #checks = { all: 0, failed: 0 };
  #checkedMs: number;
  #adaptedMs: number;
  /** Received when the last rate was taken, and sent when the last summary was. */
  #received = 0;
  #sent = 0;
  readonly #end: () => void;

  /** @param now milliseconds since 1970, by the clock of the member */
  constructor(member: Measured, now: () => number) {
    this.#member = member;
    this.#now = now;
    this.#beganMs = this.#checkedMs = this.#adaptedMs = now();
    this.#end = member.on((event) => this.#happened(event));
  }

  /**
   * What has been measured up to a time and was not taken yet, the earliest first. It is to be called about once a second: what is due is measured
   * then.
   *
   * @param untilMs what happened later waits for the next call, so that the records of several members come in one order
   */
  take(untilMs: number): MetricRecord[] {
    if (untilMs - this.#checkedMs >= CHECK_MS) this.#check(untilMs);
    this.#elections(untilMs);
    if (untilMs - this.#adaptedMs >= ADAPT_MS) {
      this.#adapt(untilMs);
      this.#add('summary', untilMs, this.#summary(untilMs));
    }
    return this.#taken(untilMs);
  }

  /** The rest, with a last summary. */
  finish(): MetricRecord[] {
    this.#end();
    const nowMs = this.#now();
    this.#elections(Infinity);
    if (nowMs > this.#adaptedMs) this.#adapt(nowMs);
    this.#add('summary', nowMs, this.#summary(nowMs));
    return this.#taken(Infinity);
  }

  #taken(untilMs: number): MetricRecord[] {
    // What is due is measured after what happened before it.
    this.#waiting.sort((a, b) => a.atMs - b.atMs);
    const later = this.#waiting.findIndex(({ atMs }) => atMs > untilMs);
    const taken = this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
    return taken.map(({ record }) => record);
  }

  #happened({ kind, detail }: PubSubEvent): void {
    const nowMs = this.#now();
    if (kind === 'member') {
      const { node: peer, is } = detail as { readonly node: NodeId; readonly is: string };
      const event = PARTINGS[is];
      if (event !== undefined) this.#add('network_health', nowMs, { event, peer });
    } else if (kind === 'gap') {
      const { stream, from, to } = detail as { stream: string; from: number; to: number };
      const peer = stream.slice(stream.indexOf('/') + 1);
      const reason = `${from} to ${to} are kept by nobody any more`;
      this.#add('gossip_metrics', nowMs, { event: 'gossip_failure', peer, reason });
    } else if (kind === 'undecipherable') {
      const { origin: peer, why: reason } = detail as { origin: NodeId; why: string };
      this.#add('gossip_metrics', nowMs, { event: 'gossip_failure', peer, reason });
    } else if (kind === 'lagging') {
      const { pattern, lost } = detail as { readonly pattern: string; readonly lost: number };
      const reason = `the subscription to ${pattern} is not read: ${lost} messages were dropped`;
      this.#add('gossip_metrics', nowMs, {
        event: 'gossip_failure',
        peer: this.#member.id,
        reason,
      });
    }
  }

  #elections(untilMs: number): void {
    for (const { atMs, ...event } of this.#member.observed.elections.take(untilMs))
      this.#add('consensus_metrics', atMs, event);
  }

  #check(nowMs: number): void {
    this.#checkedMs = nowMs;
    const others = this.#others();
    this.#checks.all += others.length;
    this.#checks.failed += others.filter(({ isHere }) => !isHere).length;
  }

  #adapt(nowMs: number): void {
    const { gossip, fanout, intervalMs } = this.#member.observed;
    const rate = ((gossip.received - this.#received) * 1000) / (nowMs - this.#adaptedMs);
    this.#received = gossip.received;
    this.#adaptedMs = nowMs;
    this.#rates.push(rate);
    if (this.#rates.length > RATES_MAX) this.#rates.shift();
    const { latenciesMs } = gossip;
    this.#add('adaptive_stats', nowMs, {
      peers: this.#others().filter(({ isHere }) => isHere).length,
      msg_rate: rounded(rate, 3),
      avg_latency: latenciesMs.length === 0 ? null : rounded(meanOf(latenciesMs) / 1000, 4),
      ...{ fanout, interval: rounded(intervalMs / 1000, 3) },
    });
  }

  #summary(nowMs: number): object {
    const { metrics, observed } = this.#member;
    const { gossip, elections } = observed;
    const uptimeSeconds = (nowMs - this.#beganMs) / 1000;
    const others = this.#others();
    const { all, failed } = this.#checks;
    const window = gossip.sent - this.#sent;
    this.#sent = gossip.sent;
    return {
      uptime_seconds: hundredths(uptimeSeconds),
      gossip: {
        ...{ sent: gossip.sent, received: gossip.received, duplicates: gossip.duplicates },
        failures: metrics.lost + metrics.undecipherable + metrics.unread,
        rate_per_sec: uptimeSeconds > 0 ? hundredths(gossip.received / uptimeSeconds) : 0,
        latency: latencyOf(gossip.latenciesMs),
      },
      consensus: elections.counts,
      network: {
        ...{ connection_attempts: all, connection_failures: failed },
        connection_success_rate: all === 0 ? null : hundredths((100 * (all - failed)) / all),
        ...{ bytes_sent: metrics.bytesSent, bytes_received: metrics.bytesReceived },
        total_peers: others.length,
        healthy_peers: others.filter(({ isHere }) => isHere).length,
      },
      performance: {
        avg_msg_rate: this.#rates.length === 0 ? null : hundredths(meanOf(this.#rates)),
        messages_in_window: window,
      },
    };
  }

  #others(): readonly MemberView[] {
    const { id, members } = this.#member;
    return members.filter((each) => each.id !== id);
  }

  #add(metric: MetricKind, atMs: number, fields: object): void {
    const timestamp = new Date(atMs).toISOString();
    const record = { metric, node_id: this.#member.id, timestamp, ...fields };
    this.#waiting.push({ atMs, record });
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
  }
}

/** What DAPSS calls it when somebody is not reached any more, or is again. */
const PARTINGS: Readonly<Record<string, string>> = {
  unreachable: 'partition_detected',
  here: 'partition_healed',
};

/** As in DAPSS, nothing where nothing was heard; percentiles by the nearest rank. */
function latencyOf(latenciesMs: readonly number[]): object {
  if (latenciesMs.length === 0) return {};
  const { mean, p50, p95, p99, max } = timesOf(latenciesMs);
  const exact = meanOf(latenciesMs);
  const squares = latenciesMs.reduce((sum, ms) => sum + (ms - exact) ** 2, 0);
  const stdev = latenciesMs.length > 1 ? Math.sqrt(squares / (latenciesMs.length - 1)) : 0;
  return {
    ...{ mean_ms: mean, median_ms: p50, min_ms: hundredths(Math.min(...latenciesMs)), max_ms: max },
    ...{ p95_ms: p95, p99_ms: p99, stdev_ms: hundredths(stdev) },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
