/**
 * Topics for a program of one's own: a member of a group, without a server.
 *
 * ```ts
 * const pubsub = await createPubSub({ room: '7KQ2MX#KEY', members: ['n1', 'n2', 'n3'] });
 * await pubsub.publish('chat/general', 'hello');
 * for await (const { origin, payload } of await pubsub.subscribe('chat/#')) show(origin, payload);
 * ```
 */

import { compareIds, type NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock, Store } from '../../core/ports.ts';
import { StorageTaken } from '../../core/storage-error.ts';
import { toValue } from '../../core/value.ts';
import { LoneHost, type MessageProblem } from '../../runtime/lone-host.ts';
import { MemoryStore } from '../../storage/memory.ts';
import type { Published } from '../../algorithms/pubsub/author.ts';
import type { Delivered, Order } from '../../algorithms/pubsub/messages.ts';
import { PubSub as PubSubAlgorithm } from '../../algorithms/pubsub/index.ts';
import { Outgoing } from './outgoing.ts';
import { enterRoom } from '../raft/room/enter-room.ts';
import type { RoomPlace } from '../raft/room/room-place.ts';
import { Inbox } from './inbox.ts';
import { mustBeGroup, mustBeKey, mustBeReading, mustBeTopic } from './given.ts';
import { KEYS_TOPIC } from './key-notes.ts';
import { MemberKeys } from './member-keys.ts';
import { memberSettings, mustBeSettings } from './member-settings.ts';
import type { PayloadKeys } from './payload-cipher.ts';
import type { BarePubSubOptions, PubSubOptions, SubscribeOptions } from './pubsub-options.ts';
import type { MemberView, Observed, PubSubEvent, PubSubMetrics } from './pubsub-view.ts';
import { securityOf, type Security } from './security.ts';
import { Subscription } from './subscription.ts';
import { wallClock } from './wall-clock.ts';

/**
 * Becomes a member. In a room it begins when the group is complete for the first time.
 *
 * @throws {TypeError} when the options name no group, or settings are none
 * @throws {SecurityError} when something is to be secured for which the means are missing
 * @throws {StorageError} when what it stored cannot be read
 * @throws {RoomError} when there is no place in the room; {@link SignalingError} when its server cannot be reached
 */
export async function createPubSub(options: PubSubOptions): Promise<PubSub> {
  mustBeGroup(options);
  mustBeSettings(options.settings ?? {});
  if (!('room' in options)) {
    const { signer } = options;
    const means = { provesLinks: false, roomKey: undefined, signer };
    const member = new PubSub(options, securityOf(options.security ?? {}, means));
    await member.start();
    return member;
  }
  const place = await enterRoom({ purpose: 'pubsub', ...options });
  try {
    const { id, network, membershipKey: roomKey } = place;
    const signer = await place.signer();
    const security = securityOf(options.security ?? {}, { provesLinks: true, roomKey, signer });
    const store = (path: string): Store => place.storeOf(path);
    const member = new PubSub(
      { ...options, ...{ id, network, store, clock: wallClock(place.clock) } },
      security,
      place,
    );
    await member.start();
    return member;
  } catch (error) {
    place.close();
    throw error;
  }
}

/** A member of a group. */
export class PubSub {
  readonly id: NodeId;
  /** Its place in a room; undefined over a network of one's own. */
  readonly room: RoomPlace | undefined;
  readonly #security: Security;
  readonly #host: LoneHost<typeof PubSubAlgorithm>;
  readonly #listeners = new Set<(event: PubSubEvent) => void>();
  /** By subscription: what was delivered after a restart, before the program subscribed again. */
  readonly #outgoing: Outgoing;
  readonly #inbox: Inbox;
  readonly #keys: PayloadKeys | undefined;
  readonly #memberKeys: MemberKeys | undefined;
  #refused = 0;
  /** Messages that were dropped because nobody read them. */
  #unread = 0;

  /** Called by {@link createPubSub}. @throws {SchemaError} when settings do not fit */
  constructor(options: BarePubSubOptions, security: Security, place?: RoomPlace) {
    const { id, members, others = [], network, settings = {} } = options;
    this.id = id;
    this.room = place;
    this.#security = security;
    const stores = new Map<string, Store>();
    const inMemory = (path: string): Store => {
      const store = stores.get(path) ?? new MemoryStore();
      stores.set(path, store);
      return store;
    };
    const store = options.store ?? inMemory;
    const learners = others.filter((other) => !members.includes(other));
    this.#host = new LoneHost({
      algorithm: PubSubAlgorithm,
      ...{ id, network, nodes: [...new Set([...members, ...others])] },
      settings: memberSettings(
        { voters: members, learners },
        { persist: options.store !== undefined, ...settings },
      ),
      store: store('pubsub'),
      layerStore: store,
      signer: security.signer,
      group: place?.group ?? `pubsub ${members.join(' ')}`,
      clock: options.clock ?? wallClock(),
      ...(options.log === undefined ? {} : { log: options.log }),
      deliver: (type, message) => {
        if (type === 'message') this.#delivered(message as Delivered);
        else this.#happened(message as PubSubEvent);
      },
      refused: (from, what) => this.#algorithm.conduct.note(from, what),
      room: () => this.#outgoing.flush(),
      failed: (error) => this.#happened({ kind: 'stopped', detail: messageOf(error) }),
    });
    if (security.keys === 'distributed') {
      this.#memberKeys = this.#newMemberKeys(options.clock ?? wallClock(), store('pubsub.keys'));
    }
    this.#keys = this.#memberKeys ?? (security.keys as PayloadKeys | undefined);
    this.#inbox = new Inbox(
      this.#keys,
      (item, why) => this.#notRead(item, why),
      ({ pattern, order }, lost) => this.#lagging({ pattern, order, lost }, lost),
      (code) => !this.#host.isStopped && this.#host.run(code),
    );
    this.#outgoing = this.#newOutgoing();
  }

  /** Called by {@link createPubSub}. */
  async start(): Promise<void> {
    for (const warning of this.#security.warnings) this.#host.log('warn', warning);
    await this.#memberKeys?.restore();
    await this.#host.start();
    if (this.#memberKeys !== undefined) {
      this.#memberKeys.begin();
      this.#host.run(() => this.#algorithm.flush());
    }
    this.room?.attach(
      (level, text) => this.#host.log(level, text),
      () => this.#host.fail(new StorageTaken(`another tab is ${this.id} now`)),
    );
  }

  /**
   * Publishes to a topic; fulfilled with the message's number when it is stored here and on its way. `retain` keeps it as the topic's last
   * value; a payload of null ends that.
   *
   * @throws {Refusal} when topic or payload are none, or too much waits; {@link ValueError} when the payload cannot travel
   */
  async publish(topic: string, payload: unknown, { retain = false } = {}): Promise<Published> {
    this.#mustRun();
    mustBeTopic(topic);
    this.#algorithm.mustTake();
    return this.#outgoing.publish(topic, toValue(payload), retain);
  }

  /**
   * Subscribes to the topics of a pattern (`+` for one level, `#` for the rest); fulfilled when the members have agreed to it.
   *
   * @throws {Refusal} when the pattern is none, or there is no majority to agree
   */
  async subscribe(pattern: string, options: SubscribeOptions = {}): Promise<Subscription> {
    this.#mustRun();
    const { order = 'causal', history = false } = options;
    mustBeReading(pattern, order);
    const subscription: Subscription = new Subscription(
      { pattern, order },
      {
        end: () => this.#unsubscribe(subscription),
        detach: () => this.#inbox.close(subscription),
        lagging: (lost, now) => this.#lagging({ pattern, order, lost }, now),
      },
    );
    const algorithm = this.#algorithm;
    // A subscription goes on over restarts.
    const isKnown = algorithm.subscriptions.get(pattern, order) !== undefined;
    if (isKnown && history) await algorithm.knowsOrder(order);
    this.#inbox.open(
      subscription,
      isKnown && history ? algorithm.history(pattern, order) : undefined,
    );
    try {
      await algorithm.subscribe(pattern, { order, history });
    } catch (error) {
      this.#inbox.close(subscription);
      throw error;
    }
    return subscription;
  }

  /** Tells what happens. Returns how to end it. */
  on(listener: (event: PubSubEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Everybody, whether they answer, and what they have subscribed to. */
  get members(): readonly MemberView[] {
    const { nodes, reach, children, conduct } = this.#algorithm;
    const table = children.registry.registry.table();
    return Array.from(nodes, (id) => ({
      ...{ id, isHere: !reach.unreachable.has(id) },
      ...{ score: conduct.score(id), isIgnored: conduct.isIgnored(id) },
      subscriptions: table[id] ?? [],
    }));
  }

  /** Who has subscribed to a topic, by any pattern, as far as it is known here. */
  subscribersOf(topic: string): readonly NodeId[] {
    return [...this.#algorithm.audience.of(topic)].toSorted(compareIds);
  }

  /** Whether subscriptions can change here: not in a minority. */
  get hasMajority(): boolean {
    return this.#algorithm.reach.hasMajority;
  }

  /** What is not secured, in words; nothing, as a rule. */
  get warnings(): readonly string[] {
    return this.#security.warnings;
  }

  /** Counters: messages published, delivered, found twice, repaired, refused; and what went over the network. */
  get metrics(): PubSubMetrics {
    return {
      ...this.#algorithm.counts,
      undecipherable: this.#refused,
      unread: this.#unread,
      ...this.#host.traffic,
    };
  }

  /** What it saw of messages and elections, and how it spreads: DAPSS's metrics are made of it. */
  get observed(): Observed {
    const { gossip, children, peers, membership, settings } = this.#algorithm;
    return {
      ...{ gossip, elections: children.registry.elections },
      fanout: [...peers.keys()].filter((id) => !membership.out.has(id)).length,
      intervalMs: settings.sync_interval,
    };
  }

  /** Messages of the network that were none, the latest hundred. */
  get problems(): readonly MessageProblem[] {
    return this.#host.problems;
  }

  /** From now on what is published here is encrypted with this key. Give it to those who stay, over another way. @throws {TypeError} when it is no key, or there is none to change; {RangeError} when it is too short */
  rotateKey(key: Uint8Array): void {
    const { keys } = this.#security;
    if (keys === undefined) throw new TypeError('encryption is off: there is no key');
    if (keys === 'distributed')
      throw new TypeError('members make their keys themselves, and change them when one goes');
    mustBeKey('the new key', key);
    keys.rotate(key);
  }

  /** Puts a member out of the group: what it says from now on reaches nobody. @throws {Refusal} in a minority */
  remove(member: NodeId): Promise<void> {
    this.#mustRun();
    return this.#algorithm.change('remove', member);
  }

  /** Lets one in again that was put out. @throws {Refusal} in a minority */
  admit(member: NodeId): Promise<void> {
    this.#mustRun();
    return this.#algorithm.change('admit', member);
  }

  /** Leaves the group for good, by agreement, and stops. For going away and coming back there is {@link stop}. @throws {Refusal} in a minority */
  async leave(): Promise<void> {
    await this.remove(this.id);
    await this.stop();
  }

  /** Takes part no more, and tells the others. What it stored stays. */
  async stop(): Promise<void> {
    if (!this.#host.isStopped) await this.#algorithm.leave();
    this.kill();
  }

  /** Ends at once, as a crash does. */
  kill(): void {
    this.#host.stop();
    this.#outgoing.close();
    for (const reader of this.#inbox.readers) reader.close();
    this.room?.close();
  }

  get #algorithm(): PubSubAlgorithm {
    return this.#host.algorithm;
  }

  #newOutgoing(): Outgoing {
    const host = this.#host;
    const keys = this.#keys;
    host.algorithm.spreader.hasRoom = (node) => host.hasRoom(node);
    return new Outgoing({
      hasRoom(topic) {
        const { nodes, reach, membership, audience } = host.algorithm;
        const waitsFor = (node: NodeId): boolean =>
          !reach.unreachable.has(node) &&
          !membership.out.has(node) &&
          !host.hasRoom(node) &&
          audience.needs(node, topic);
        return !host.isStopped && ![...nodes].some(waitsFor);
      },
      seal: (topic, payload) => (keys === undefined ? payload : keys.seal(this.id, topic, payload)),
      enqueue: (item) => this.#algorithm.enqueue(item),
      flush: () => host.run(() => this.#algorithm.flush()),
    });
  }

  #newMemberKeys(clock: Clock, store: Store): MemberKeys {
    const host = this.#host;
    return new MemberKeys(
      {
        ...{ id: this.id, algorithm: host.algorithm, clock },
        get isStopped() {
          return host.isStopped;
        },
        publish: (topic, payload) => {
          const published = host.algorithm.enqueue({ topic, payload, retain: false });
          queueMicrotask(() => !host.isStopped && host.run(() => host.algorithm.flush()));
          return published;
        },
        log: (level, text) => host.log(level, text),
        changed: () => this.#inbox.look(),
      },
      store,
    );
  }

  async #unsubscribe(subscription: Subscription): Promise<void> {
    const { pattern, order } = subscription;
    if (this.#inbox.isOnly(subscription)) await this.#algorithm.unsubscribe(pattern, order);
    this.#inbox.close(subscription);
  }

  #delivered(message: Delivered): void {
    const { pattern, origin, payload } = message;
    if (pattern === KEYS_TOPIC && this.#memberKeys !== undefined) {
      this.#memberKeys.hear(origin, payload);
    } else this.#inbox.take(message);
  }

  #notRead({ origin, topic, count }: Delivered, why: string): void {
    this.#refused += count;
    this.#happened({ kind: 'undecipherable', detail: { origin, topic, why } });
  }

  #lagging(
    detail: { readonly pattern: string; readonly order: Order; readonly lost: number },
    now: number,
  ): void {
    this.#unread += now;
    this.#host.log('warn', `${detail.pattern} is not read: ${now} messages were dropped`);
    this.#happened({ kind: 'lagging', detail });
  }

  #happened(event: PubSubEvent): void {
    if (event.kind === 'member') {
      // Who is not reached any more is not waited for either, and whoever is out is given no keys.
      this.#outgoing.flush();
      this.#inbox.look();
    }
    for (const listener of this.#listeners) listener(event);
  }

  #mustRun(): void {
    if (this.#host.isStopped) throw new TypeError(`${this.id} is stopped`);
  }
}
