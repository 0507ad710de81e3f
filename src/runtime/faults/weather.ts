/**
 * The weather: what the network and the world do to messages and nodes, decided in one place for the simulator and for live nodes.
 *
 * It is asked by the sender: given a message and the time, it says after which delays its copies arrive. It follows from plan and seed
 * alone and reads no clock, so each live node has one of its own and all agree on when a partition begins.
 *
 * ```ts
 * const weather = new Weather(resolveFaults(faults, nodes, seed));
 * for (const delayMs of weather.fate({ from, to, via, bytes, nowMs, message })) sendAfter(delayMs);
 * ```
 */

import type { CutChoice, MessageChoice } from '../../core/choices/choices.ts';
import { meanOf, uniform, type Distribution } from '../../core/faults/distribution.ts';
import type { FaultCounts } from '../../core/faults/kinds.ts';
import type { FaultPlan } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import type { LinkClass } from '../../core/message.ts';
import type { MessageId } from '../../core/trace.ts';
import type { Chosen } from '../chosen.ts';
import { RunStreams } from '../run-streams.ts';
import { Episodes } from './episodes.ts';
import { Firings, type Firing } from './firings.ts';
import { LinkWeather, type LinkWorld, type TimedRule } from './link-weather.ts';
import { Partition } from './partitions.ts';
import { Pauses } from './pauses.ts';

/** What a message takes when nobody says otherwise: enough spread that seeds differ. */
export const USUAL_LATENCY: Distribution = uniform({ min: 1, max: 10 });

/** A message that is about to leave. */
export interface Departure {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly via: LinkClass;
  readonly bytes: number;
  /** Milliseconds since the run began. Of one link they do not go back. */
  readonly nowMs: number;
  /**
   * Its name in the trace. A message without one belongs to the barriers: the weather hits it as well, and nobody counts it. It comes
   * behind the data that was sent before it.
   */
  readonly message?: MessageId;
}

/** What is different from run to run. */
export interface WeatherOptions {
  /** Latency where the plan has none. */
  readonly latency?: Distribution;
  /** Where what befalls messages is drawn; the plan's seed unless given. */
  readonly streams?: RunStreams;
  /** What is not left to the seed. */
  readonly chosen?: Chosen;
  /** Hears of each message that did not only take its time. */
  readonly onFate?: (choice: MessageChoice) => void;
  /** Hears of each partition that was drawn and cut something off. */
  readonly onCut?: (choice: CutChoice) => void;
  /** Hears of each fault that fires. */
  readonly onFiring?: (firing: Firing) => void;
  /** Whom no fault is for, and what their messages take: see `outsiders` of a simulation. */
  readonly outsiders?: ReadonlyMap<NodeId, Distribution>;
}

/** The weather of one run. */
export class Weather {
  readonly #plan: FaultPlan;
  readonly #world: LinkWorld;
  readonly #outsiders: ReadonlyMap<NodeId, Distribution>;
  readonly #firings: Firings;
  readonly #rules: readonly TimedRule[];
  readonly #partitions: readonly Partition[];
  readonly #pauses: Pauses;
  readonly #chosen: Chosen | undefined;
  readonly #links = new Map<string, LinkWeather>();

  constructor(plan: FaultPlan, options: WeatherOptions = {}) {
    const { latency = USUAL_LATENCY, onFiring, onFate, chosen, outsiders = new Map() } = options;
    const { seed, healMs } = plan;
    const streams = options.streams ?? new RunStreams(seed);
    this.#chosen = chosen;
    this.#plan = plan;
    this.#outsiders = outsiders;
    this.#firings = new Firings(plan, onFiring);
    const firings = this.#firings;
    this.#world = { streams, healMs, firings, onFate, latency: plan.latency ?? latency };
    this.#rules = plan.rules.map((rule) => {
      const isTimed = rule.schedule.kind !== 'always';
      const episodes = isTimed ? new Episodes(rule.schedule, seed, rule.name, healMs) : undefined;
      return { rule, episodes };
    });
    this.#partitions = plan.partitions.map(
      (partition) => new Partition(partition, plan, options.onCut),
    );
    this.#pauses = new Pauses(plan);
  }

  /** Where everything that fires is counted: also what others than the weather do. */
  get firings(): Firings {
    return this.#firings;
  }

  /** How often each planned fault has fired. */
  get counts(): FaultCounts {
    return this.#firings.counts;
  }

  /** After how many milliseconds each copy of the message arrives; none when it is lost. */
  fate({ from, to, via, bytes, nowMs, message }: Departure): readonly number[] {
    const key = `${from}->${to}`;
    const link = this.#links.get(key) ?? this.link(from, to);
    this.#links.set(key, link);
    return link.arrivals(via, bytes, nowMs, message).map((time) => Math.max(0, time - nowMs));
  }

  /**
   * The weather on one directed link, for whoever keeps it.
   *
   * @param copy another link with the same ends: that of a node's twin
   */
  link(from: NodeId, to: NodeId, copy = ''): LinkWeather {
    const outside = this.#latencyOutside(from, to);
    const fates = this.#chosen?.fates(from, to);
    const cuts = this.#chosen?.cuts(from, to) ?? [];
    if (outside !== undefined) {
      const world = { ...this.#world, latency: outside };
      return new LinkWeather(from, to, [], [], world, { name: `${from}->${to}`, fates, cuts });
    }
    return new LinkWeather(
      from,
      to,
      this.#rules.filter(({ rule }) => rule.covers(from, to)),
      this.#partitions.filter((partition) => partition.mayCut(from, to)),
      this.#world,
      { name: `${from}->${to}${copy}`, fates, cuts },
    );
  }

  /** What a message to or from an outsider takes: between two of them the shorter. */
  #latencyOutside(from: NodeId, to: NodeId): Distribution | undefined {
    const [sender, receiver] = [this.#outsiders.get(from), this.#outsiders.get(to)];
    if (sender === undefined || receiver === undefined) return sender ?? receiver;
    return meanOf(sender) <= meanOf(receiver) ? sender : receiver;
  }

  /** True while the node stands still: what comes waits. Times of one node do not go back. */
  isPaused(node: NodeId, nowMs: number): boolean {
    return this.pausedUntil(node, nowMs) > nowMs;
  }

  /** Until when the node stands still; `nowMs` when it does not. */
  pausedUntil(node: NodeId, nowMs: number): number {
    return this.#pauses.until(node, nowMs);
  }

  /** False for a node that never stands still. */
  mayPause(node: NodeId): boolean {
    return this.#plan.pauses.some(({ nodes }) => nodes.includes(node));
  }
}
