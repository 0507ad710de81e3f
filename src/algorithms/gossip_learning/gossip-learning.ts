/**
 * Learning together without collecting anything: each node trains on its own examples, and models meet by gossip. The exchange is that of
 * nodemanager's learners: a step of training a cycle, then with some probability an exchange with a few of the view, pushed or pushed and
 * pulled; who is in the middle of one cancels.
 */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';
import { defineApplication } from '../../core/application.ts';
import { hostOf } from '../application-host.ts';
import { share } from '../roster.ts';
import { messages } from './messages.ts';
import { accuracyOf, testData, trained, trainingData, type DataChoice } from './model.ts';
import { rules } from './rules.ts';

const whole = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

const settings = {
  /** Push sends a model, pushpull wants one back. */
  exchange: v.optional(v.picklist(['push', 'pushpull']), 'pushpull'),
  /** How likely a node is to exchange in a cycle. */
  probability: v.optional(share, 0.5),
  /** With how many of its view it then does. */
  share_with: v.optional(whole(1, 100), 1),
  /** Size of a step. */
  rate: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10)), 1),
  /** Pulls weights towards 0, so that they stay small. */
  decay: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.01),
  /** Features of an example. */
  dimensions: v.optional(whole(1, 1000), 4),
  /** Examples at each node. */
  samples: v.optional(whole(1, 10_000), 20),
  /** Examples on which all are tested. */
  tests: v.optional(whole(1, 10_000), 200),
  /** Share of wrong labels in training. */
  noise: v.optional(share, 0.05),
  /** How unlike the nodes' examples are: 0 not at all, 1 one label each. */
  skew: v.optional(share, 0.8),
  /** The data follow from it; all nodes have the same. */
  data_seed: v.optional(v.pipe(v.number(), v.integer()), 1),
};

/** An exchange that waits for a model. */
export interface Awaited {
  readonly peer: NodeId;
  readonly number: number;
}

/** What the application shows of itself. */
export interface LearningState {
  readonly model: readonly number[];
  /** Share of the test examples that it gets right. */
  readonly accuracy: number;
  readonly steps: number;
  /** Models taken, and of whom the last and how many. */
  readonly merges: number;
  readonly heard: Readonly<Record<NodeId, { readonly number: number; readonly merges: number }>>;
  /** Messages with a model, by receiver. */
  readonly sent: Readonly<Record<NodeId, number>>;
  readonly awaited: readonly Awaited[];
  /** Exchanges that wanted a model back: they were answered, cancelled or given up, or wait. */
  readonly asked: number;
  readonly answered: number;
  readonly cancelled: number;
  readonly given_up: number;
}

/** The application. */
export class GossipLearning extends defineApplication('gossip_learning', {
  messages,
  settings,
  rules,
}) {
  readonly choice: DataChoice = { ...this.settings, seed: this.settings.data_seed };
  readonly data = trainingData(this.choice, [...this.nodes].indexOf(this.id));
  readonly tests = testData(this.choice);
  model: readonly number[] = Array.from({ length: this.choice.dimensions + 1 }, () => 0);
  accuracy = accuracyOf(this.model, this.tests);
  steps = 0;
  merges = 0;
  number = 0;
  readonly heard = new Map<NodeId, { number: number; merges: number }>();
  readonly sent = new Map<NodeId, number>();
  awaited: readonly Awaited[] = [];
  asked = 0;
  answered = 0;
  cancelled = 0;
  givenUp = 0;

  override periodicRun(view: readonly NodeId[]): void {
    // Whoever has not answered within a cycle is not waited for any more.
    this.givenUp += this.awaited.length;
    this.awaited = [];
    this.take(trained(this.model, this.data, this.settings));
    this.steps++;
    const { probability, share_with: count, exchange } = this.settings;
    if (!this.random.chance(probability)) return;
    for (const peer of this.random.shuffled(view).slice(0, count)) {
      if (exchange === 'pushpull') {
        this.asked++;
        this.awaited = [...this.awaited, { peer, number: this.number + 1 }];
      }
      this.say(peer, exchange);
    }
  }

  handlers = this.on({
    push: (from, { number, model }) => {
      if (this.isFirst(from, number)) this.merge(from, model);
    },
    pushpull: (from, { number, model }) => {
      if (!this.isFirst(from, number)) return;
      if (this.rules.mustCancel(this.awaited.length > 0)) {
        this.sendMessage(from, 'cancel', { number });
        return;
      }
      // What it gets is what was here before: both sides then come to the same model.
      this.count(from);
      this.sendMessage(from, 'reply', { number, model: [...this.model] });
      this.merge(from, model);
    },
    reply: (from, { number, model }) => {
      if (!this.ends(from, number)) return;
      this.answered++;
      this.merge(from, model);
    },
    cancel: (from, { number }) => {
      if (this.ends(from, number)) this.cancelled++;
    },
  });

  say(peer: NodeId, type: 'push' | 'pushpull'): void {
    this.count(peer);
    this.sendMessage(peer, type, { number: ++this.number, model: [...this.model] });
  }

  count(peer: NodeId): void {
    this.sent.set(peer, (this.sent.get(peer) ?? 0) + 1);
  }

  isFirst(from: NodeId, number: number): boolean {
    const known = this.heard.get(from);
    if (!this.rules.isNews(known?.number, number)) return false;
    this.heard.set(from, { number, merges: known?.merges ?? 0 });
    return true;
  }

  /** Whether this answers an exchange that waits; it then waits no more. */
  ends(from: NodeId, number: number): boolean {
    const left = this.awaited.filter((one) => one.peer !== from || one.number !== number);
    const isAwaited = left.length < this.awaited.length;
    this.awaited = left;
    return isAwaited;
  }

  merge(from: NodeId, model: readonly number[]): void {
    if (model.length !== this.model.length) {
      this.log.warn(`${from} has ${model.length} weights, and ${this.model.length} are here`);
      return;
    }
    const known = this.heard.get(from) ?? { number: 0, merges: 0 };
    this.heard.set(from, { ...known, merges: known.merges + 1 });
    this.merges++;
    this.take(this.rules.merged(this.model, model));
  }

  take(model: readonly number[]): void {
    this.model = model;
    this.accuracy = accuracyOf(model, this.tests);
  }

  override state(): LearningState {
    const { model, accuracy, steps, merges, awaited, asked, answered, cancelled } = this;
    return {
      ...{ model, accuracy, steps, merges, awaited, asked, answered, cancelled },
      given_up: this.givenUp,
      heard: Object.fromEntries(this.heard),
      sent: Object.fromEntries(this.sent),
    };
  }

  override report() {
    const { model, accuracy, merges, asked, answered, cancelled, givenUp: given_up } = this;
    return { accuracy, model, merges, asked, answered, cancelled, given_up };
  }
}

/** A node that runs it over a sampler. */
export class GossipLearningNode extends hostOf('gossip_learning', { app: GossipLearning }) {}
