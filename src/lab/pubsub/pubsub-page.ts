/** The tab of one member of `parley pubsub`: it does what the program that drives the browser asks. */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import { fromHex } from '../../net/hex.ts';
import type { Order } from '../../algorithms/pubsub/messages.ts';
import { createPubSub, type MemberView, type PubSub, type PubSubMetrics } from './create-pubsub.ts';
import { Listener, publishOpenLoop, type Heard, type Offered } from './measure.ts';
import type { TopicMessage } from './subscription.ts';

/** Which member a tab is. */
export interface PubSubJob {
  readonly id: NodeId;
  readonly members: readonly NodeId[];
  readonly room: string;
  readonly server: string;
  /** In hexadecimal. */
  readonly key: string;
  readonly durability: 'strict' | 'relaxed';
  readonly stores: 'before' | 'behind';
}

/** What a member says of its group. */
export interface PubSubStatus {
  readonly id: NodeId;
  readonly members: readonly MemberView[];
  readonly hasMajority: boolean;
  readonly metrics: PubSubMetrics;
}

/** Something that happened at a time of {@link now}. */
export interface Happened {
  readonly kind: string;
  readonly detail: unknown;
  readonly atMs: number;
}

/** What a tab can be asked. */
export interface PubSubTab {
  start(job: PubSubJob): Promise<void>;
  publish(topic: string, payload: unknown, retain: boolean): Promise<string>;
  /** Messages are told by `parleyDelivered`, under this number. */
  subscribe(number: number, pattern: string, order: Order, history: boolean): Promise<void>;
  stopReading(number: number): void;
  unsubscribe(pattern: string, order: Order): Promise<void>;
  status(): PubSubStatus;
  listen(topic: string, order: Order): Promise<void>;
  heard(): Heard;
  offer(offered: Offered): Promise<void>;
  cut(nodes: readonly NodeId[]): number;
  events(): readonly Happened[];
}

declare global {
  interface Window {
    parleyPubSub: PubSubTab;
    /** Given by the driver. */
    parleyDelivered(number: number, message: string): Promise<void>;
  }
}

/** Milliseconds, the same in all tabs of one browser. */
const now = (): number => performance.timeOrigin + performance.now();

let member: PubSub | undefined;
let listener: Listener | undefined;
const events: Happened[] = [];
const readers = new Map<number, { close(): void }>();

function running(): PubSub {
  if (member === undefined) throw new TypeError('the member has not started');
  return member;
}

window.parleyPubSub = {
  async start({ id, members, room, server, key, durability, stores }) {
    const security = { key: fromHex(key) };
    const settings = { stores };
    member = await createPubSub({ id, members, room, server, durability, security, settings });
    member.on(({ kind, detail }) => {
      events.push({ kind, detail, atMs: now() });
      if (events.length > 1000) events.shift();
    });
  },
  async publish(topic, payload, retain) {
    const { life, sequence } = await running().publish(topic, payload, { retain });
    return `${life}/${running().id}:${sequence}`;
  },
  async subscribe(number, pattern, order, history) {
    const subscription = await running().subscribe(pattern, { order, history });
    readers.set(number, subscription);
    subscription.on(
      (message) => void window.parleyDelivered(number, JSON.stringify(shown(message))),
    );
  },
  stopReading(number) {
    readers.get(number)?.close();
    readers.delete(number);
  },
  async unsubscribe(pattern, order) {
    const subscription = await running().subscribe(pattern, { order });
    await subscription.unsubscribe();
  },
  status() {
    const { id, members, hasMajority, metrics } = running();
    return { id, members, hasMajority, metrics };
  },
  async listen(topic, order) {
    listener?.close();
    listener = new Listener(await running().subscribe(topic, { order }), now);
  },
  heard: () => listener!.heard,
  offer: (offered) => publishOpenLoop(running(), offered, now),
  cut(nodes) {
    running().room!.cut(nodes);
    return now();
  },
  events: () => events.splice(0),
};

/** As JSON: bytes as what they are in hexadecimal would be read by nobody, so they are counted. */
function shown(message: TopicMessage): object {
  const { payload, ...rest } = message;
  try {
    JSON.stringify(payload);
    return { ...rest, payload };
  } catch (error) {
    return { ...rest, payload: null, problem: messageOf(error) };
  }
}
