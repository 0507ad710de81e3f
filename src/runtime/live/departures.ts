/** Everything that a live node sends on its way out: through the weather, if there is any, into the batches of its turn. */

import { uniform } from '../../core/faults/distribution.ts';
import type { FaultCounts } from '../../core/faults/kinds.ts';
import { resolveFaults } from '../../core/faults/resolve.ts';
import type { NodeId } from '../../core/id.ts';
import type { Firing } from '../faults/firings.ts';
import { Weather } from '../faults/weather.ts';
import type { Envelope } from '../envelope.ts';
import type { RunPlan } from '../plan.ts';
import type { Latency } from '../simulator.ts';
import { DelayedSends } from './delayed-sends.ts';
import { classOf, type Outbox } from './outbox.ts';
import type { Session } from './session.ts';
import { Standstill } from './standstill.ts';
import { envelopeBytes } from './wire.ts';

/** What the weather of a live node needs. */
export interface DeparturesOptions {
  readonly id: NodeId;
  readonly plan: RunPlan;
  readonly latencyMs: Latency | undefined;
  readonly outbox: Outbox;
  readonly nowMs: () => number;
  /** Hears of each fault that fires at this node. */
  readonly onFiring: (firing: Firing) => void;
}

/** What becomes of messages when the weather is fine. */
const AT_ONCE: readonly number[] = [0];

/** The way out of one node. */
export class Departures {
  /** Set for a node that the plan may make stand still. */
  readonly standstill: Standstill | undefined;
  readonly #id: NodeId;
  readonly #outbox: Outbox;
  readonly #nowMs: () => number;
  readonly #weather: Weather | undefined;
  readonly #delayed: DelayedSends;
  #cut: ReadonlySet<NodeId> = new Set();

  constructor({ id, plan, latencyMs, outbox, nowMs, onFiring }: DeparturesOptions) {
    this.#id = id;
    this.#outbox = outbox;
    this.#nowMs = nowMs;
    this.#delayed = new DelayedSends(nowMs, () => outbox.flush());
    if (plan.faults === undefined && latencyMs === undefined) return;
    const ids = plan.nodes.map((node) => node.id);
    // The real network takes its own time; what is added is what somebody asked for.
    const latency = uniform(latencyMs ?? { min: 0, max: 0 });
    const faults = resolveFaults(plan.faults ?? {}, ids, plan.seed);
    this.#weather = new Weather(faults, { latency, onFiring });
    if (this.#weather.mayPause(id)) this.standstill = new Standstill(id, this.#weather, nowMs);
  }

  /** How often each planned fault fired here; undefined when none was planned. */
  get faults(): FaultCounts | undefined {
    return this.#weather?.counts;
  }

  /** True when no message is held back. */
  get isEmpty(): boolean {
    return this.#delayed.isEmpty;
  }

  /** Nothing gets through from here to these nodes, until it is called again. */
  cut(from: readonly NodeId[]): void {
    this.#cut = new Set(from);
  }

  /** Sends a message; returns a promise when the queue is full, fulfilled when there is room again. */
  send(session: Session, envelope: Envelope): Promise<void> | undefined {
    const to = session.peer;
    if (!session.wants(envelope) || this.#cut.has(to)) return undefined;
    let accepted: Promise<void> | undefined;
    for (const delayMs of this.#fate(to, envelope)) {
      accepted = session.reserve(envelope);
      if (delayMs === 0) this.#outbox.add(to, envelope);
      else this.#delayed.at(this.#nowMs() + delayMs, () => this.#outbox.add(to, envelope));
    }
    return accepted;
  }

  /** Forgets what is held back. */
  close(): void {
    this.#delayed.close();
    this.standstill?.close();
  }

  #fate(to: NodeId, envelope: Envelope): readonly number[] {
    if (this.#weather === undefined) return AT_ONCE;
    const isBarrier = envelope.kind === 'lifecycle';
    return this.#weather.fate({
      from: this.#id,
      to,
      via: classOf(envelope),
      bytes: envelopeBytes(envelope),
      nowMs: this.#nowMs(),
      ...(isBarrier ? {} : { message: `${this.#id}#${envelope.number}` }),
    });
  }
}
