/**
 * The weather on one directed link: when the copies of a message arrive.
 *
 * Each concern (latency, loss, …) draws from a stream of its own for this link, once for each message, whatever the others come to. And
 * each fault only takes away, adds or delays messages of its own choice: a lost message leaves the others where they are, a late one
 * does not hold up those behind it. So a fault that is added to a plan, or taken out of it, leaves everything else as it was; that is
 * what lets a failing plan be made smaller.
 */

import type { MessageChoice } from '../../core/choices/choices.ts';
import { sample, type Distribution } from '../../core/faults/distribution.ts';
import type { LinkRule } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import type { LinkClass } from '../../core/message.ts';
import type { Random } from '../../core/random.ts';
import type { MessageId } from '../../core/trace.ts';
import type { Cut, Fate, Fates } from '../chosen.ts';
import type { RunStreams } from '../run-streams.ts';
import type { Episodes } from './episodes.ts';
import type { Firings } from './firings.ts';
import type { Partition } from './partitions.ts';

/** A rule with its times. */
export interface TimedRule {
  readonly rule: LinkRule;
  /** Undefined for a rule that always holds. */
  readonly episodes: Episodes | undefined;
}

/** What a link needs to know of the run. */
export interface LinkWorld {
  readonly streams: RunStreams;
  /** What messages take where no rule says otherwise, and everywhere after the heal. */
  readonly latency: Distribution;
  readonly healMs: number;
  readonly firings: Firings;
  /** Hears of each message that did not only take its time. */
  readonly onFate: ((choice: MessageChoice) => void) | undefined;
}

/** What else is known of one link. */
export interface LinkIdentity {
  /** Of its streams. */
  readonly name: string;
  /** What was chosen for its messages. */
  readonly fates: Fates | undefined;
  /** When it was chosen to be cut. */
  readonly cuts: readonly Cut[];
}

/** What holds on a link at a moment. */
interface Conditions {
  readonly latency: Distribution;
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  readonly lateMs: number;
  readonly bytesPerSecond: number;
}

/** A message that came late on purpose, until it is known whether one overtook it. */
interface Late {
  readonly arrivalMs: number;
  readonly via: LinkClass;
  readonly message: MessageId;
}

/** The random streams of a link, one for each concern; those of faults that never hit it are missing. */
interface Streams {
  readonly latency: Random;
  readonly loss: Random | undefined;
  readonly duplication: Random | undefined;
  readonly reordering: Random | undefined;
  /** What becomes of second copies. */
  readonly copies: Random | undefined;
}

/** One directed link. */
export class LinkWeather {
  // What every message touches comes first, so that it lies together.
  /** What messages usually take. */
  readonly #latency: Distribution;
  readonly #latencies: Random;
  #lastDataMs = 0;
  #lastControlMs = 0;
  /** True when messages only take their time here: then {@link arrival} is all there is. */
  readonly isFair: boolean;
  readonly #from: NodeId;
  readonly #to: NodeId;
  readonly #name: string;
  readonly #world: LinkWorld;
  readonly #rules: readonly TimedRule[];
  readonly #partitions: readonly Partition[];
  readonly #usual: Conditions;
  readonly #isTimed: boolean;
  readonly #streams: Streams;
  readonly #fates: Fates | undefined;
  readonly #cuts: readonly Cut[];
  /** The barriers draw for themselves: how often they speak must not shift what becomes of messages. */
  #barrierStreams: Streams | undefined;
  #lastBarrierMs = 0;
  #lineFreeMs = 0;
  #late: Late[] | undefined;
  /** Of the last message: it was cut off by a partition that is known otherwise. */
  #isCutTold = false;

  /**
   * @param rules those that cover the link, the first overridden by the later ones
   * @param partitions those that may cut it
   */
  constructor(
    from: NodeId,
    to: NodeId,
    rules: readonly TimedRule[],
    partitions: readonly Partition[],
    world: LinkWorld,
    { name, fates, cuts }: LinkIdentity,
  ) {
    this.#from = from;
    this.#to = to;
    this.#name = name;
    this.#rules = rules;
    this.#partitions = partitions;
    this.#world = world;
    this.#fates = fates;
    this.#cuts = cuts;
    this.#isTimed = rules.some(({ episodes }) => episodes !== undefined);
    this.#usual = merged(rules, world.latency);
    this.#latency = this.#usual.latency;
    this.#streams = this.#newStreams(name);
    this.#latencies = this.#streams.latency;
    const { loss, duplication, reordering } = this.#streams;
    const isFaulty = (loss ?? duplication ?? reordering) !== undefined;
    const isSlow = rules.some(({ rule }) => rule.bytesPerSecond !== undefined);
    const changes = this.#isTimed || (world.healMs < Infinity && this.#latency !== world.latency);
    const isLeftAlone = partitions.length === 0 && fates === undefined && cuts.length === 0;
    this.isFair = !isFaulty && !isSlow && !changes && isLeftAlone;
  }

  #newStreams(name: string): Streams {
    const { streams } = this.#world;
    const stream = (concern: string) => streams.stream(`${concern}/${name}`);
    const ever = (concern: 'loss' | 'duplication' | 'reordering') =>
      this.#rules.some(({ rule }) => (rule[concern] ?? 0) > 0) ? stream(concern) : undefined;
    const duplication = ever('duplication');
    return {
      latency: stream('latency'),
      loss: ever('loss'),
      duplication,
      reordering: ever('reordering'),
      copies: duplication && stream('copies'),
    };
  }

  /** When a message arrives that only takes its time. For fair links: the commonest path of all. */
  arrival(via: LinkClass, nowMs: number): number {
    const latency = this.#latency;
    const delayMs =
      latency.kind === 'uniform'
        ? latency.min + (latency.max - latency.min) * this.#latencies.next()
        : sample(latency, this.#latencies);
    return this.#inLine(via, nowMs + delayMs);
  }

  /** The same for a message of the barriers. */
  barrierArrival(nowMs: number): number {
    this.#barrierStreams ??= this.#newStreams(`${this.#name} barriers`);
    return this.#behindAll(nowMs + sample(this.#latency, this.#barrierStreams.latency));
  }

  /**
   * When the copies of a message arrive: none when it is lost, several when it is doubled.
   *
   * @param message its name; undefined for one of the barriers, to which all of this happens uncounted
   */
  arrivals(
    via: LinkClass,
    bytes: number,
    nowMs: number,
    message: MessageId | undefined,
  ): readonly number[] {
    const isBarrier = message === undefined;
    if (isBarrier) this.#barrierStreams ??= this.#newStreams(`${this.#name} barriers`);
    const draws = isBarrier ? this.#barrierStreams! : this.#streams;
    const now = this.#conditions(nowMs);
    const isLost = (draws.loss?.next() ?? 1) < now.loss;
    const isDoubled = (draws.duplication?.next() ?? 1) < now.duplication;
    const lateMs = this.#drawLate(via, now, draws.reordering);
    const copyMs = this.#drawCopy(via, now, draws);
    const sentMs = this.#passLine(now, bytes, nowMs, message);
    const takesMs = sample(now.latency, draws.latency);
    const fate = isBarrier ? undefined : this.#fates?.get(message);
    if (fate !== undefined && fate !== 'spared') {
      const arrives = this.#chosenArrivals(fate, via, nowMs, sentMs + takesMs, message!);
      return this.#tellFate(message, arrives, fate.stray === true);
    }
    const inTimeMs = isBarrier
      ? this.#behindAll(sentMs + takesMs)
      : this.#inLine(via, sentMs + takesMs);
    if (fate === 'spared') return [inTimeMs];
    const cutUntilMs = this.#cutUntil(nowMs) ?? (isBarrier ? undefined : this.#chosenCut(nowMs));
    if (cutUntilMs !== undefined) {
      this.#fire('partition', message, `cut off ${describeEnd(cutUntilMs)}`);
      return this.#isCutTold ? [] : this.#tellFate(message, [], false);
    }
    if (isLost) {
      this.#fire('loss', message, 'lost');
      return this.#tellFate(message, [], false);
    }
    if (!isBarrier) this.#noteOvertaking(via, nowMs, inTimeMs);
    const arrivals = [this.#delayed(via, inTimeMs, lateMs, message)];
    if (isDoubled) {
      this.#fire('duplication', message, 'doubled');
      // Of gossip each copy finds its own way; elsewhere the second comes right behind the first, or late.
      arrivals.push(
        via === 'gossip'
          ? wholeMicroseconds(sentMs + copyMs)
          : this.#delayed(via, inTimeMs, copyMs, message),
      );
    }
    const hasOnlyTakenTime = !isDoubled && lateMs === 0 && sentMs === nowMs;
    return hasOnlyTakenTime ? arrivals : this.#tellFate(message, arrivals, lateMs > 0);
  }

  #tellFate(
    message: MessageId | undefined,
    arrives: readonly number[],
    stray: boolean,
  ): readonly number[] {
    if (message !== undefined) {
      this.#world.onFate?.({ message, to: this.#to, arrives, ...(stray ? { stray } : {}) });
    }
    return arrives;
  }

  /** The same for a message whose arrivals were chosen. */
  #chosenArrivals(
    { arrives, stray = false }: Exclude<Fate, 'spared'>,
    via: LinkClass,
    nowMs: number,
    drawnMs: number,
    message: MessageId,
  ): readonly number[] {
    const [first, ...others] = arrives.map((time) => Math.max(time, nowMs));
    if (first === undefined) {
      // As with a loss: those behind it come as if it had arrived.
      this.#inLine(via, drawnMs);
      this.#fire('loss', message, 'lost, as was chosen');
      return [];
    }
    const before = via === 'control' ? this.#lastControlMs : this.#lastDataMs;
    const inTimeMs = this.#inLine(via, stray ? drawnMs : first);
    if (others.length > 0) this.#fire('duplication', message, 'doubled, as was chosen');
    if (stray && via !== 'gossip') {
      if (first < before) this.#fire('reordering', message, 'overtakes, as was chosen');
      else (this.#late ??= []).push({ arrivalMs: first, via, message });
    }
    return stray
      ? [first, ...others]
      : [inTimeMs, ...others.map((time) => Math.max(time, inTimeMs))];
  }

  /** Holds the order of the class. */
  #inLine(via: LinkClass, arrivalMs: number): number {
    const time = wholeMicroseconds(arrivalMs);
    if (via === 'data') {
      if (time > this.#lastDataMs) this.#lastDataMs = time;
      return this.#lastDataMs;
    }
    if (via === 'control') {
      if (time > this.#lastControlMs) this.#lastControlMs = time;
      return this.#lastControlMs;
    }
    return time;
  }

  /** A barrier comes behind the data that was sent before it, and holds none up. */
  #behindAll(arrivalMs: number): number {
    const time = Math.max(wholeMicroseconds(arrivalMs), this.#lastBarrierMs, this.#lastDataMs);
    return (this.#lastBarrierMs = time);
  }

  #conditions(nowMs: number): Conditions {
    const { healMs, latency } = this.#world;
    if (nowMs >= healMs) return merged([], latency);
    if (!this.#isTimed) return this.#usual;
    const holding = this.#rules.filter(
      ({ episodes }) => episodes === undefined || episodes.at(nowMs) !== undefined,
    );
    return merged(holding, latency);
  }

  /** How late a message comes on purpose. Gossip has no order that could be broken. */
  #drawLate(
    via: LinkClass,
    { reordering, lateMs }: Conditions,
    random: Random | undefined,
  ): number {
    if (random === undefined || via === 'gossip') return 0;
    const isLate = random.next() < reordering;
    const delayMs = lateMs * random.next();
    return isLate ? delayMs : 0;
  }

  /** How late a second copy comes; of gossip, how long it takes. */
  #drawCopy(via: LinkClass, now: Conditions, { copies, reordering }: Streams): number {
    if (copies === undefined) return 0;
    if (via === 'gossip') return sample(now.latency, copies);
    return reordering === undefined ? 0 : this.#drawLate(via, now, copies);
  }

  /** When the last byte is on the line, behind those sent before. */
  #passLine(
    { bytesPerSecond }: Conditions,
    bytes: number,
    nowMs: number,
    message: MessageId | undefined,
  ): number {
    if (bytesPerSecond === Infinity) return nowMs;
    const beginMs = Math.max(nowMs, this.#lineFreeMs);
    this.#lineFreeMs = beginMs + (bytes * 1000) / bytesPerSecond;
    const takesMs = this.#lineFreeMs - nowMs;
    if (takesMs > 0) this.#fire('bandwidth', message, `${printMs(takesMs)} on a slow line`);
    return this.#lineFreeMs;
  }

  /** The same for cuts that were chosen, and are told as such. */
  #chosenCut(nowMs: number): number | undefined {
    const cut = this.#cuts.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
    this.#isCutTold ||= cut !== undefined;
    return cut?.toMs;
  }

  #cutUntil(nowMs: number): number | undefined {
    let until: number | undefined;
    this.#isCutTold = false;
    for (const partition of this.#partitions) {
      const cut = partition.cutUntil(this.#from, this.#to, nowMs);
      if (cut !== undefined) this.#isCutTold ||= partition.isTold;
      if (cut !== undefined && cut > (until ?? 0)) until = cut;
    }
    return until;
  }

  #delayed(
    via: LinkClass,
    inTimeMs: number,
    lateMs: number,
    message: MessageId | undefined,
  ): number {
    if (lateMs === 0) return inTimeMs;
    const arrivalMs = wholeMicroseconds(inTimeMs + lateMs);
    if (message !== undefined) (this.#late ??= []).push({ arrivalMs, via, message });
    return arrivalMs;
  }

  /** A message arrives at `inTimeMs`: those of its class that were sent before it and are still on their way were overtaken. */
  #noteOvertaking(via: LinkClass, nowMs: number, inTimeMs: number): void {
    if (this.#late === undefined) return;
    const isOvertaken = (late: Late) => late.via === via && late.arrivalMs > inTimeMs;
    for (const late of this.#late) {
      if (isOvertaken(late)) this.#fire('reordering', late.message, 'overtaken by a later one');
    }
    this.#late = this.#late.filter((late) => late.arrivalMs > nowMs && !isOvertaken(late));
  }

  #fire(
    fault: 'loss' | 'duplication' | 'reordering' | 'bandwidth' | 'partition',
    message: MessageId | undefined,
    detail: string,
  ): void {
    if (message === undefined) return;
    this.#world.firings.add({ fault, node: this.#from, to: this.#to, message, detail });
  }
}

/** As all times of a simulation: short to read, and equal when they look equal. */
function wholeMicroseconds(timeMs: number): number {
  return Math.round(timeMs * 1000) / 1000;
}

function merged(rules: readonly TimedRule[], latency: Distribution): Conditions {
  let result: Conditions = {
    latency,
    loss: 0,
    duplication: 0,
    reordering: 0,
    lateMs: 0,
    bytesPerSecond: Infinity,
  };
  for (const { rule } of rules) {
    result = {
      latency: rule.latency ?? result.latency,
      loss: rule.loss ?? result.loss,
      duplication: rule.duplication ?? result.duplication,
      reordering: rule.reordering ?? result.reordering,
      lateMs: rule.lateMs ?? result.lateMs,
      bytesPerSecond: rule.bytesPerSecond ?? result.bytesPerSecond,
    };
  }
  return result;
}

function describeEnd(endMs: number): string {
  return endMs === Infinity ? 'for good' : `until ${printMs(endMs)}`;
}

function printMs(ms: number): string {
  return `${Math.round(ms * 1000) / 1000} ms`;
}
