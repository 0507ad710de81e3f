/**
 * Topics for a program of one's own: a member of a group, without a server.
 *
 * ```ts
 * const pubsub = await createPubSub({ room: '7KQ2MX#KEY', members: ['n1', 'n2', 'n3'] });
 * await pubsub.publish('chat/general', 'hello');
 * for await (const { origin, payload } of await pubsub.subscribe('chat/#')) show(origin, payload);
 * ```
 */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock, LogLevel, Signer, Store } from '../../core/ports.ts';
import { StorageTaken } from '../../core/storage-error.ts';
import { toValue, type Value } from '../../core/value.ts';
import type { Network } from '../../net/parcels/network.ts';
import { LoneHost, type MessageProblem, type Traffic } from '../../runtime/lone-host.ts';
import { MemoryStore } from '../../storage/memory.ts';
import type { Published } from '../../algorithms/pubsub/author.ts';
import type { Delivered, Order } from '../../algorithms/pubsub/messages.ts';
import { PubSub as PubSubAlgorithm } from '../../algorithms/pubsub/index.ts';
import { Outgoing } from './outgoing.ts';
import { enterRoom, type RoomOptions } from '../raft/room/enter-room.ts';
import type { RoomPlace } from '../raft/room/room-place.ts';
import { securityOf, type Security, type SecurityOptions } from './security.ts';
import { messagesOf, Subscription, type TopicMessage } from './subscription.ts';

/** Everybody has a link to everybody: authors send to all, and what is missing for long is soon known to be gone. */
const EVERYBODY_LINKED = { spread: 'direct', gap_after: 5000 };

/** What every member is made of. */
interface MemberOptions {
  /** Those with whom the registry is agreed on; every member has to be told the same. */
  readonly members: readonly NodeId[];
  /** Places for those who come later: they take part in everything, and count for no majority. */
  readonly others?: readonly NodeId[];
  /** What is encrypted, signed and proven: everything, unless it says otherwise. */
  readonly security?: SecurityOptions;
  /** Settings of the chapter, as in its configuration files: `registry_by`, `sync_interval`, `retention_bytes`, … */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly log?: (level: LogLevel, text: string) => void;
}

/** A member in the room of a signaling server: links over WebRTC, what it knows in IndexedDB. It needs a page. */
export type RoomPubSubOptions = MemberOptions & RoomOptions;

/** A member over a network and stores of one's own. */
export interface BarePubSubOptions extends MemberOptions {
  readonly id: NodeId;
  readonly network: Network;
  /** Where a layer of the member stores what it knows; in memory, and not beyond, unless given. */
  readonly store?: (path: string) => Store;
  /** Signs as this member, and knows the others' keys. */
  readonly signer?: Signer;
  /** Wall-clock time unless given: it should go on over restarts. */
  readonly clock?: Clock;
}

/** What makes a member: a room, or a network. */
export type PubSubOptions = RoomPubSubOptions | BarePubSubOptions;

/** Something that happened; docs/pubsub.md lists the kinds. */
export interface PubSubEvent {
  readonly kind: string;
  readonly detail: Value;
}

/** How one subscribes. */
export interface SubscribeOptions {
  /** `causal` unless given. */
  readonly order?: Order;
  /** Also what was published before, as far as it is kept. */
  readonly history?: boolean;
}

/** A member as the others see it. */
export interface MemberView {
  readonly id: NodeId;
  /** Whether it answers, as far as the failure detector knows. */
  readonly isHere: boolean;
  /** `order pattern` of each of its subscriptions, as the registry has them. */
  readonly subscriptions: readonly string[];
}

/** Messages of a subscription that wait for a program that has just started again. */
const UNREAD_MAX = 10_000;

/** Milliseconds of the layers below, for links of a room: a member that vanishes is missed within a second. */
const LAYERS = {
  dissemination: { durable: false },
  registry: { election_timeout: 300, heartbeat_interval: 60 },
  detector: { heartbeat_interval: 0.1, min_deviation: 0.03, acceptable_pause: 0.25 },
};

/**
 * Becomes a member. In a room it begins when the group is complete for the first time.
 *
 * @throws {SecurityError} when something is to be secured for which the means are missing
 * @throws {StorageError} when what it stored cannot be read
 * @throws {RoomError} when there is no place in the room; {@link SignalingError} when its server cannot be reached
 */
export async function createPubSub(options: PubSubOptions): Promise<PubSub> {
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
  readonly #subscriptions = new Map<string, Set<Subscription>>();
  readonly #listeners = new Set<(event: PubSubEvent) => void>();
  /** By subscription: what was delivered after a restart, before the program subscribed again. */
  readonly #unread = new Map<string, TopicMessage[]>();
  readonly #outgoing: Outgoing;
  #refused = 0;

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
      settings: layered(
        { voters: members, learners },
        { persist: options.store !== undefined, ...EVERYBODY_LINKED, ...settings },
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
      room: () => this.#outgoing.flush(),
      failed: (error) => this.#happened({ kind: 'stopped', detail: messageOf(error) }),
    });
    this.#outgoing = this.#newOutgoing();
  }

  /** Called by {@link createPubSub}. */
  async start(): Promise<void> {
    for (const warning of this.#security.warnings) this.#host.log('warn', warning);
    await this.#host.start();
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
    const name = `${order} ${pattern}`;
    const readers = this.#subscriptions.get(name) ?? new Set();
    const subscription: Subscription = new Subscription(
      { pattern, order },
      {
        end: () => this.#unsubscribe(subscription),
        detach: () => void readers.delete(subscription),
        lagging: (lost) => this.#happened({ kind: 'lagging', detail: { pattern, order, lost } }),
      },
    );
    const algorithm = this.#algorithm;
    const isKnown = algorithm.subscriptions.get(pattern, order) !== undefined;
    // A subscription goes on over restarts: what came before anybody read it here waits.
    const earlier = this.#unread.get(name) ?? [];
    this.#unread.delete(name);
    if (isKnown && history)
      for (const old of algorithm.history(pattern, order)) this.#give(old, subscription);
    else for (const message of earlier) subscription.take(message);
    readers.add(subscription);
    this.#subscriptions.set(name, readers);
    try {
      await algorithm.subscribe(pattern, { order, history });
    } catch (error) {
      readers.delete(subscription);
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
    const { nodes, reach, children } = this.#algorithm;
    const table = children.registry.registry.table();
    return Array.from(nodes, (id) => ({
      ...{ id, isHere: !reach.unreachable.has(id) },
      subscriptions: table[id] ?? [],
    }));
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
    return { ...this.#algorithm.counts, undecipherable: this.#refused, ...this.#host.traffic };
  }

  /** Messages of the network that were none, the latest hundred. */
  get problems(): readonly MessageProblem[] {
    return this.#host.problems;
  }

  /** From now on what is published here is encrypted with this key. Give it to those who stay, over another way. */
  rotateKey(key: Uint8Array): void {
    const { keys } = this.#security;
    if (keys === undefined) throw new TypeError('encryption is off: there is no key');
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
    for (const readers of this.#subscriptions.values())
      for (const reader of [...readers]) reader.close();
    this.room?.close();
  }

  get #algorithm(): PubSubAlgorithm {
    return this.#host.algorithm;
  }

  #newOutgoing(): Outgoing {
    const host = this.#host;
    const { keys } = this.#security;
    return new Outgoing({
      get hasRoom() {
        const { nodes, reach, membership } = host.algorithm;
        const waitsFor = (node: NodeId): boolean =>
          !reach.unreachable.has(node) && !membership.out.has(node) && !host.hasRoom(node);
        return !host.isStopped && ![...nodes].some(waitsFor);
      },
      seal: (topic, payload) => (keys === undefined ? payload : keys.seal(this.id, topic, payload)),
      enqueue: (item) => this.#algorithm.enqueue(item),
      flush: () => host.run(() => this.#algorithm.flush()),
    });
  }

  async #unsubscribe(subscription: Subscription): Promise<void> {
    const { pattern, order } = subscription;
    const readers = this.#subscriptions.get(`${order} ${pattern}`);
    if (readers?.size === 1 && readers.has(subscription)) {
      await this.#algorithm.unsubscribe(pattern, order);
    }
    readers?.delete(subscription);
  }

  #delivered(message: Delivered): void {
    const opened = this.#open(message);
    const name = `${message.order} ${message.pattern}`;
    const readers = this.#subscriptions.get(name);
    if (readers !== undefined && readers.size > 0) {
      for (const each of opened) for (const reader of readers) reader.take(each);
      return;
    }
    const unread = [...(this.#unread.get(name) ?? []), ...opened];
    this.#unread.set(name, unread.slice(-UNREAD_MAX));
  }

  #give(message: Delivered, reader: Subscription): void {
    for (const each of this.#open(message)) reader.take(each);
  }

  /** The messages of an item, as programs read them; none when they cannot be read. */
  #open(item: Delivered): readonly TopicMessage[] {
    const { keys } = this.#security;
    const { origin, topic, payload } = item;
    const opened =
      keys === undefined || payload === null
        ? ({ kind: 'open', payload } as const)
        : keys.open(origin, topic, payload);
    const messages = opened.kind === 'open' ? messagesOf(item, opened.payload) : undefined;
    if (messages !== undefined) return messages;
    const why = opened.kind === 'open' ? 'it is not what it claims to hold' : opened.reason;
    this.#refused += item.count;
    this.#happened({ kind: 'undecipherable', detail: { origin, topic, why } });
    return [];
  }

  #happened(event: PubSubEvent): void {
    // Who is not reached any more is not waited for either.
    if (event.kind === 'member') this.#outgoing.flush();
    for (const listener of this.#listeners) listener(event);
  }

  #mustRun(): void {
    if (this.#host.isStopped) throw new TypeError(`${this.id} is stopped`);
  }
}

/** What a member did so far. */
export type PubSubMetrics = PubSubAlgorithm['counts'] & {
  readonly undecipherable: number;
} & Traffic;

/** The settings of the layers below, with those that a program gives. */
function layered(
  members: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const block = (name: keyof typeof LAYERS): object => ({
    ...LAYERS[name],
    ...(settings[name] as object),
  });
  return {
    ...settings,
    dissemination: block('dissemination'),
    registry: { ...members, ...block('registry') },
    detector: block('detector'),
  };
}

/** Time that goes on over restarts; timers of another clock where one is given. */
function wallClock(timers?: Clock): Clock {
  return {
    now: () => performance.timeOrigin + performance.now(),
    after:
      timers === undefined
        ? (delayMs, callback) => {
            const timer = setTimeout(callback, delayMs);
            return { cancel: () => clearTimeout(timer) };
          }
        : (delayMs, callback) => timers.after(delayMs, callback),
  };
}
