/**
 * The mean of all nodes' values, by gossip, and exactly: push-pull with exchanges that happen as a whole, or push-sum.
 *
 * What becomes of values is in `push-pull.ts` and `push-sum.ts`; here stands when, and what is said.
 */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';
import { defineApplication } from '../../core/application.ts';
import { hostOf } from '../application-host.ts';
import { messages } from './messages.ts';
import { answerTo, pushPull, takeAnswer, type Answered, type Pending } from './push-pull.ts';
import { estimateOf, giveHalf, pushSum, take, type Total } from './push-sum.ts';
import { rules } from './rules.ts';

const settings = {
  /** What the node begins with; a random number between 0 and 1 unless given. */
  value: v.optional(v.pipe(v.number(), v.finite())),
  /** How values meet. All nodes have the same. */
  exchange: v.optional(v.picklist(['pushpull', 'pushsum']), 'pushpull'),
  /**
   * Push-pull: after so many cycles without an answer an offer is given up. Nobody knows then whether the other side has accepted it, and
   * the mean may have moved; 0 unless given: an offer is repeated until it is answered.
   */
  patience: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
};

/** What the application shows of itself. */
export interface AverageState {
  readonly exchange: 'pushpull' | 'pushsum';
  /** Its value, or with push-sum its estimate. */
  readonly value: number;
  /** With which it began. */
  readonly initial: number;
  readonly pending: Pending | null;
  readonly answered: Readonly<Record<NodeId, Answered>>;
  readonly exchanges: number;
  readonly refused: number;
  readonly given_up: number;
  readonly sum: number;
  readonly weight: number;
  readonly given: Readonly<Record<NodeId, Total>>;
  readonly got: Readonly<Record<NodeId, Total>>;
}

/** The application. */
export class GossipAverage extends defineApplication('gossip_average', {
  messages,
  settings,
  rules,
}) {
  readonly initial = this.settings.value ?? this.random.next();
  readonly pairs = pushPull(this.initial);
  readonly sums = pushSum(this.initial);

  /** An exchange under way is brought to its end, also when the cycles are over. */
  override get isOver(): boolean {
    return super.isOver && this.pairs.pending === null;
  }

  override periodicRun(view: readonly NodeId[]): void {
    const isLate = super.isOver && this.cycle > this.settings.cycles;
    if (this.settings.exchange === 'pushpull') this.offer(view, isLate);
    else this.give(view);
  }

  /** One offer at a time; the one under way is said again, under the same number. */
  offer(view: readonly NodeId[], isLate: boolean): void {
    const { pairs, settings } = this;
    if (pairs.pending !== null && settings.patience > 0) {
      if (pairs.pending.waited >= settings.patience) {
        pairs.pending = null;
        pairs.givenUp++;
      }
    }
    if (pairs.pending === null) {
      if (view.length === 0 || isLate) return;
      pairs.pending = { peer: this.random.pick(view), number: ++pairs.offers, waited: 0 };
    } else {
      pairs.pending.waited++;
    }
    const { peer, number } = pairs.pending;
    this.sendMessage(peer, 'offer', { number, value: pairs.value });
  }

  give(view: readonly NodeId[]): void {
    if (view.length === 0) return;
    const peer = this.random.pick(view);
    this.sendMessage(peer, 'share', giveHalf(this.sums, peer));
  }

  handlers = this.on({
    offer: (from, offer) => {
      const answer = answerTo(this.pairs, from, offer, this.rules);
      if (answer !== undefined) this.sendMessage(from, 'answer', answer);
    },
    answer: (from, answer) => takeAnswer(this.pairs, from, answer, this.rules),
    share: (from, total) => take(this.sums, from, total, this.rules),
  });

  override state(): AverageState {
    const { initial, pairs, sums, settings } = this;
    return {
      exchange: settings.exchange,
      value: settings.exchange === 'pushpull' ? pairs.value : estimateOf(sums),
      initial,
      pending: pairs.pending,
      answered: Object.fromEntries(pairs.answered),
      exchanges: pairs.exchanges,
      refused: pairs.refused,
      given_up: pairs.givenUp,
      sum: sums.sum,
      weight: sums.weight,
      given: Object.fromEntries(sums.given),
      got: Object.fromEntries(sums.got),
    };
  }

  override report() {
    const { exchange, value, initial, exchanges, refused, given_up, weight } = this.state();
    return exchange === 'pushpull'
      ? { value, initial, exchanges, refused, given_up }
      : { value, initial, weight };
  }
}

/** A node that runs it over a sampler. */
export class GossipAverageNode extends hostOf('gossip_average', { app: GossipAverage }) {}
