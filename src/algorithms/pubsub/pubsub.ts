/**
 * Publish and subscribe: messages by topics, delivered once and in the order that the subscriber chose, through loss, crashes and
 * partitions.
 *
 * The layer below spreads batches fast and without a promise; anti-entropy brings what it lost; numbers without gaps find duplicates and
 * holes; what a batch depends on holds it back until it may be delivered; and Raft agrees on who subscribes, and on the one order where
 * somebody wants one.
 */

import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf, Refusal } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { DisseminatorClass } from '../dissemination/disseminators.ts';
import { Flood } from '../flood/index.ts';
import { PhiAccrual } from '../phi_accrual/index.ts';
import { Agreement } from './agreement.ts';
import { Ahead } from './ahead.ts';
import { Audience } from './audience.ts';
import { Author, type Published } from './author.ts';
import { Conduct } from './conduct.ts';
import { Desk, type Storing } from './desk.ts';
import { keys, readDisk, type Found, type Self } from './disk.ts';
import { Gossip } from './gossip.ts';
import { Intake } from './intake.ts';
import { Journal } from './journal.ts';
import { Limits } from './limits.ts';
import { Membership } from './membership.ts';
import {
  batch as batchSchema,
  delivers,
  messages,
  sizeOf,
  type Batch,
  type Delivered,
  type Item,
  type Order,
} from './messages.ts';
import { RegistryRaft } from './registry.ts';
import { Reach } from './reach.ts';
import { Repair } from './repair.ts';
import { LastValues } from './retained.ts';
import { rules } from './rules.ts';
import { Spreader } from './spreader.ts';
import { settings } from './settings.ts';
import { stateOf, type PubsubState } from './state.ts';
import { keptOf, streamOf, type Kept, type StreamId } from './streams.ts';
import {
  deliveriesTo,
  deliveryOf,
  messageName,
  Subscriptions,
  type Subscription,
} from './subscriptions.ts';
import { matches, patternProblem } from './topics.ts';
import { Reader, Sequencer } from './total-order.ts';
import { Voters } from './voters.ts';
import { Workload } from './workload.ts';

/** Milliseconds between looks at whether what was agreed on has come here: less than from one heartbeat of the registry to the next. */
const APPLIED_MS = 20;

/** Publish and subscribe over flooding: the chapter. {@link pubsubOver} puts it on another layer. */
export class PubSub extends defineAlgorithm('pubsub', {
  messages,
  settings,
  delivers,
  rules,
  children: { dissemination: Flood, registry: RegistryRaft, detector: PhiAccrual },
}) {
  readonly journal = new Journal(
    {
      bytesMax: this.settings.retention_bytes,
      ageMs: this.settings.retention_age,
      gapMs: this.settings.gap_after,
    },
    this.rules,
  );
  readonly author = new Author(this.settings.payload_bytes);
  readonly subscriptions = new Subscriptions();
  readonly lastValues = new LastValues();
  readonly reader = new Reader(this.rules, this.settings.gap_after);
  readonly sequencer = new Sequencer((command) => this.children.registry.propose(command));
  readonly agreement = new Agreement(this);
  readonly membership = new Membership(this);
  readonly electorate = new Voters();
  readonly workload = new Workload(this);
  readonly desk = new Desk(
    {
      store: (entries) => this.store.putAll(entries),
      gather: () => this.gather(),
      deliver: (delivered) => this.hand(delivered),
      after: (delayMs, callback) => this.after(delayMs, callback),
      isStored: ({ origin }) => origin !== this.id,
      resume: () => this.store.resume?.() ?? false,
      full: (why) => this.tell('storage', why === undefined ? { is: 'room' } : { is: 'full', why }),
    },
    this.#storing,
  );
  /** It has said that it is new, and nobody has told it yet where it came in. */
  isNew = false;
  hasStarted = false;
  readonly ahead = new Ahead(this, this.#storing);
  readonly reach = new Reach(this);
  readonly repair = new Repair(this);
  readonly audience = new Audience(this);
  readonly spreader = new Spreader(this);
  readonly conduct = new Conduct(this);
  readonly limits = new Limits(this);
  readonly intake = new Intake(this);
  /** Counters for the eye and for the metrics. */
  counts = {
    ...{ published: 0, delivered: 0, duplicates: 0, refused: 0 },
    ...{ conflicts: 0, repaired: 0, lost: 0 },
    /** `limited`: beyond its author's rate, each time that it came. `ignored`: pushed by somebody who behaved badly. */
    ...{ limited: 0, ignored: 0, replayed: 0 },
  };
  readonly gossip = new Gossip();

  get #storing(): Storing {
    return this.settings.persist ? this.settings.stores : 'never';
  }

  /** Who counts for a majority. */
  get voters(): readonly NodeId[] {
    return this.children.registry.voters;
  }

  handlers = this.on({
    said: (src, { batch, missed }) => {
      const reception = this.intake.take(batch, src, 'spread');
      if (reception === 'new' || reception === 'ahead') this.spreader.handOn(batch, src, missed);
      return this.flush();
    },
    digest: (src, digest) => this.repair.answer(src, digest),
    missing: (src, { batches, floors, is_all }) => {
      for (const each of batches)
        if (this.intake.take(each, src, 'asked for') === 'new') this.counts.repaired++;
      this.repair.taken(src, floors, is_all);
      return this.flush();
    },
    limited: (src, told) => this.limits.hear(src, told),
    welcome: (_, { have, retained }) => this.comeIn(have, retained),
  });

  delivered = this.from({
    dissemination: {
      messages: ({ payloads, from }) => {
        for (const payload of payloads) this.intake.hear(payload, from);
        return this.flush();
      },
    },
    registry: {
      event: ({ kind, detail }) => {
        this.children.registry.elections.told(kind, detail, this.now());
        if (kind === 'applied' || kind === 'snapshot' || kind === 'role') return this.flush();
        return undefined;
      },
      history: () => {},
    },
    detector: {
      alive: ({ node }) => this.reach.found(node),
      suspect: () => {},
      dead: ({ node, left }) => this.reach.lost(node, left),
    },
  });

  override async onStart(): Promise<void> {
    await this.restore(readDisk(await this.store.entries()));
    await this.ahead.begin();
    this.hasStarted = true;
    await this.spreader.join();
    void this.toAll.digest({ have: this.journal.have(), asks: true, is_new: this.isNew });
    this.every(this.settings.sync_interval, () => this.sync());
    for (const { pattern, order, history } of this.settings.subscribe) {
      if (this.subscriptions.get(pattern, order) !== undefined) continue;
      this.subscribe(pattern, { order, history }).catch((error: unknown) =>
        this.log.error(`not subscribed to ${pattern}: ${messageOf(error)}`),
      );
    }
    this.workload.begin();
    await this.flush();
  }

  /** Publishes one message; fulfilled with its number when it is durable here, and on its way. @throws {Refusal} */
  publish(topic: string, payload: Value, { retain = false } = {}): Promise<Published> {
    const published = this.enqueue({ topic, payload, retain });
    void this.flush();
    return published;
  }

  /** @throws {Refusal} when nothing can be published here now */
  mustTake(): void {
    this.membership.mustBeIn();
    const { problem } = this.desk;
    if (problem !== undefined) throw new Refusal(`nothing can be published now: ${problem}`);
  }

  /** As {@link publish}, with the next {@link flush}: what is put between two of them shares a batch. @throws {Refusal} */
  enqueue(item: Item): Promise<Published> {
    this.mustTake();
    return this.author.add(item);
  }

  /**
   * Subscribes to all topics of a pattern, from now on; fulfilled when the members have agreed to it.
   *
   * @throws {Refusal} when the pattern is none, or there is no majority to agree
   */
  async subscribe(pattern: string, { order, history }: SubscribeOptions = {}): Promise<void> {
    const problem = patternProblem(pattern);
    if (problem !== undefined)
      throw new Refusal(`the pattern '${pattern.slice(0, 80)}' ${problem}`);
    const wanted: Order = order ?? 'causal';
    if (this.subscriptions.get(pattern, wanted) !== undefined) return;
    const since = this.journal.have();
    await this.agreement.reach({ do: 'subscribe', node: this.id, pattern, order: wanted });
    await this.knowsOrder(wanted);
    if (this.subscriptions.get(pattern, wanted) !== undefined) return;
    const subscription = { pattern, order: wanted, since, history: history ?? false };
    this.begin(subscription);
    await this.flush();
  }

  /**
   * Waits until this node knows the common order as far as it is through with it. After a restart its copy of the registry comes behind, and
   * what stands in the places that it does not know yet would be in nobody's history.
   */
  async knowsOrder(order: Order): Promise<void> {
    const { registry } = this.children;
    while (order === 'total' && registry.registry.end < this.reader.place) {
      await this.sleep(APPLIED_MS);
    }
  }

  /** What is kept of a subscription, as history: it is given, and not delivered. What is about to be delivered comes by itself. */
  history(pattern: string, order: Order): Delivered[] {
    const all = { pattern, order, since: this.journal.have(), history: true };
    const isSame = (one: Delivered): boolean => one.pattern === pattern && one.order === order;
    const pending = new Set(this.desk.pending.filter(isSame).map(messageName));
    return this.ready(order)
      .flatMap((kept) => deliveriesTo(all, kept))
      .filter((delivered) => !pending.has(messageName(delivered)));
  }

  /** Ends a subscription. @throws {Refusal} when there is none, or no majority to agree */
  async unsubscribe(pattern: string, order: Order = 'causal'): Promise<void> {
    if (this.subscriptions.get(pattern, order) === undefined) {
      throw new Refusal(`there is no subscription to ${pattern} in ${order} order`);
    }
    await this.agreement.reach({ do: 'unsubscribe', node: this.id, pattern, order });
    this.subscriptions.delete(pattern, order);
    this.desk.put(keys.subscription(pattern, order), undefined);
    await this.flush();
  }

  /** Puts a member out of the group, or lets it in again; fulfilled when the members have agreed. @throws {Refusal} */
  async change(what: 'remove' | 'admit', node: NodeId): Promise<void> {
    if (!this.nodes.has(node)) throw new Refusal(`there is no member ${node.slice(0, 80)}`);
    this.membership.mustBeIn();
    await this.agreement.reach({ do: what, node, by: this.id });
    // Whoever leads may know it before this node does; what is said here next must not go to whoever is out.
    const isDone = (): boolean => this.membership.out.has(node) === (what === 'remove');
    const deadlineMs = this.now() + this.settings.registry_timeout;
    while (node !== this.id && !isDone() && this.now() < deadlineMs) {
      await this.sleep(APPLIED_MS);
      this.membership.look();
    }
    await this.flush();
  }

  /** Goes away on purpose: the others are told, and need not wait until they miss it. */
  async leave(): Promise<void> {
    await this.children.detector.call('leave', {});
    await this.ahead.end();
  }

  /** Takes part in a subscription from now on: what has become ready since it was asked for is delivered at once. */
  begin(subscription: Subscription): void {
    const { pattern, order } = subscription;
    this.subscriptions.add(subscription);
    this.desk.put(keys.subscription(pattern, order), subscription);
    this.due(this.ready(order).flatMap((kept) => deliveriesTo(subscription, kept)));
    for (const [topic] of this.lastValues) this.giveLastValue(subscription, topic);
  }

  /** What is kept and may be delivered in this order. */
  ready(order: Order): Kept[] {
    return order === 'total'
      ? this.reader.history(this.children.registry.registry, this.journal)
      : this.journal.history(order === 'causal');
  }

  /** Everything that follows from what was taken, before it is stored. */
  gather(): void {
    const nowMs = this.now();
    this.membership.look();
    this.write();
    const { registry, isLeading } = this.children.registry;
    const { arrived, passed } = this.journal.ready();
    for (const kept of arrived) {
      this.desk.put(keys.batch(kept), { batch: kept.batch, atMs: kept.atMs });
      this.due(this.subscriptions.of('fifo', kept));
      this.noteLastValues(kept.batch);
    }
    for (const kept of passed) {
      this.desk.put(keys.passed(kept.stream), kept.last);
      this.due(this.subscriptions.of('causal', kept));
    }
    const due = this.reader.due(registry, this.journal, nowMs);
    for (const kept of due) this.due(this.subscriptions.of('total', kept));
    const { dropped, raised } = this.journal.trimmed();
    for (const kept of dropped) this.desk.put(keys.batch(kept), undefined);
    for (const { id, floor } of raised) this.desk.put(keys.floor(id), floor);
    if (arrived.length > 0 || due.length > 0) this.putSelf();
    this.sequencer.work(registry, isLeading, this.journal, passed);
  }

  /** Makes batches of what waits to be published. */
  write(): void {
    if (!this.hasStarted) return;
    while (this.author.hasWaiting) {
      const portion = this.limits.portion();
      if (portion === undefined) return;
      const draft = this.author.draft(this.id, this.journal.have(), portion);
      if (draft === undefined) return;
      const { done, messages: items, ...numbers } = draft;
      const made = this.sign(batchSchema, {
        ...numbers,
        sent_at: this.now(),
        messages: [...items],
      });
      this.journal.take(made, this.now(), (bytes) => {
        this.limits.wrote(made, bytes);
        return true;
      });
      const size = sizeOf(items);
      this.counts.published += size;
      this.workload.published(made, this.journal.have());
      const say = (): Promise<void> => {
        this.author.saying(made.first + size - 1);
        return this.spreader.spread(made);
      };
      if (this.rules.storesFirst()) this.ahead.speak(say, done);
      else void say().then(done);
    }
  }

  /** To be delivered when it is durable that it was. */
  due(deliveries: readonly Delivered[]): void {
    for (const message of deliveries) this.workload.due(message);
    this.desk.deliver(deliveries);
  }

  putSelf(): void {
    const { life, next, lamport } = this.author;
    const self: Self = { life, next, lamport, place: this.reader.place };
    this.desk.put(keys.self, this.ahead.isMarked ? { ...self, isBehind: true } : self);
  }

  /** A message goes up. */
  hand(message: Delivered): void {
    this.counts.delivered += message.count;
    this.gossip.delivers(message, this.id, this.now());
    this.workload.delivered(message);
    void this.deliver.message(message);
  }

  flush(): Promise<void> | undefined {
    if (!this.hasStarted) return undefined;
    const waiting = this.desk.flush();
    this.reach.look(this.journal);
    this.workload.look();
    return waiting;
  }

  /** What is to be done now and then: a round of anti-entropy, and a look at what cannot come any more. */
  sync(): Promise<void> | undefined {
    void this.desk.retry();
    this.ahead.look();
    this.repair.round();
    this.conduct.look();
    this.electorate.look(this.id, this.membership.out, this.children.registry);
    for (const { stream, from, to } of this.journal.tend(this.now(), this.repair.floors)) {
      this.counts.lost += to - from + 1;
      this.log.warn(`${stream}:${from} to ${to} are kept by nobody any more`);
      this.tell('gap', { stream, from, to });
    }
    return this.flush();
  }

  /** Somebody says where this node came in: what lies before is history. */
  comeIn(
    have: Readonly<Record<StreamId, number>>,
    retained: readonly Batch[],
  ): Promise<void> | undefined {
    for (const each of retained) if (this.nodes.has(each.signer)) this.noteLastValues(each);
    if (this.isNew) {
      this.isNew = false;
      for (const subscription of this.subscriptions) {
        const since = { ...subscription.since };
        for (const [stream, number] of Object.entries(have)) {
          since[stream] = Math.max(number, since[stream] ?? 0);
        }
        const later = { ...subscription, since };
        this.subscriptions.add(later);
        this.desk.put(keys.subscription(later.pattern, later.order), later);
        for (const [topic] of this.lastValues) this.giveLastValue(later, topic);
      }
    }
    return this.flush();
  }

  noteLastValues(from: Batch): void {
    for (const topic of this.lastValues.note(from)) {
      const { batch, index } = this.lastValues.get(topic)!;
      this.desk.put(keys.retained(topic), { batch, index });
    }
    for (const topic of this.lastValues.crowdedOut())
      this.desk.put(keys.retained(topic), undefined);
  }

  /** The last value of a topic, to a subscription that is not given it otherwise. */
  giveLastValue(subscription: Subscription, topic: string): void {
    const { batch, index, offset } = this.lastValues.get(topic)!;
    const item = batch.messages[index]!;
    const stream = streamOf(batch.signer, batch.life);
    const isOld = batch.first + offset <= (subscription.since[stream] ?? 0);
    const comesAsHistory =
      subscription.history && this.journal.find(stream, batch.first) !== undefined;
    if (!isOld || comesAsHistory || item.payload === null || !matches(subscription.pattern, topic))
      return;
    this.due([deliveryOf(subscription, batch, offset, item, 'retained')]);
  }

  tell(kind: string, detail: Value): void {
    void this.deliver.event({ kind, detail });
  }

  async restore(found: Found): Promise<void> {
    const { self } = found;
    this.isNew = self === undefined && this.settings.newcomer;
    this.author.restore(self, this.now());
    this.reader.place = self?.place ?? 0;
    for (const [stream, floor] of found.floors) this.journal.restoreFloor(stream, floor);
    // Ages count the time in which the node is there: the clock may have been set since, by a year or a minute.
    const atMs = this.now() - this.settings.sync_interval;
    for (const { batch } of found.batches) {
      const kept = keptOf(this.parse(batchSchema, batch), atMs);
      this.journal.restore(kept, found.passed.get(kept.stream) ?? 0);
    }
    for (const value of found.retained) {
      this.lastValues.note(this.parse(batchSchema, (value as { readonly batch: Value }).batch));
    }
    for (const subscription of found.subscriptions) this.subscriptions.add(subscription);
    this.membership.restore(found.members);
    this.workload.restore(found);
    if (self?.life !== this.author.life) this.putSelf();
  }

  override state(): PubsubState {
    return stateOf(this);
  }

  override report(): object {
    return { ...this.counts, orders: this.workload.orders(), finished: this.workload.isDone };
  }
}

/** Publish and subscribe over another layer that spreads messages. */
export function pubsubOver(dissemination: DisseminatorClass): typeof PubSub {
  const { definition } = PubSub;
  // Their calls and deliveries are the same, and nothing else of them is used here.
  const children = { ...definition.children, dissemination: dissemination as typeof Flood };
  return class extends PubSub {
    static override readonly definition = { ...definition, children };
  };
}

/** How one subscribes. */
export interface SubscribeOptions {
  /** `causal` unless given. */
  readonly order?: Order;
  /** Also what was published before, as far as it is kept. */
  readonly history?: boolean;
}
