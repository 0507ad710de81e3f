/** The tab of one member of `parley pubsub`: it does what the program that drives the browser asks. */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import { fromHex } from '../../net/hex.ts';
import type { Order } from '../../algorithms/pubsub/messages.ts';
import { createPubSub, type PubSub } from './create-pubsub.ts';
import { DapssMetrics, type MetricRecord } from './dapss-metrics.ts';
import { Listener, publishOpenLoop, type Heard, type Offered } from './measure.ts';
import type { MemberView, PubSubMetrics } from './pubsub-view.ts';
import type { TopicMessage } from './subscription.ts';

/** Which member a tab is. */
export interface PubSubJob {
  /** Whichever place is free unless given. */
  readonly id?: NodeId;
  readonly members: readonly NodeId[];
  readonly others?: readonly NodeId[];
  readonly room: string;
  readonly server: string;
  /** In hexadecimal; the key of the room itself unless given. */
  readonly key?: string;
  readonly durability: 'strict' | 'relaxed';
  readonly stores?: 'before' | 'beside' | 'behind';
  /** Its metrics are taken. */
  readonly isMeasured?: boolean;
  /** Others have opened the room: it has to be there, and to answer in this time. */
  readonly visit?: { readonly patienceMs: number; readonly isClosed: boolean };
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
  /** Fulfilled with the place that it has. */
  start(job: PubSubJob): Promise<NodeId>;
  /** Says goodbye, when what was published has had time to leave. */
  leave(): Promise<void>;
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
  /** Metrics up to this time, and after the last one all that are left; none of a member that is not measured. */
  metrics(untilMs: number | 'end'): readonly MetricRecord[];
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
let metrics: DapssMetrics | undefined;
const events: Happened[] = [];
const readers = new Map<number, { close(): void }>();

function running(): PubSub {
  if (member === undefined) throw new TypeError('the member has not started');
  return member;
}

window.parleyPubSub = {
  async start({ key, stores, visit, isMeasured = false, ...place }) {
    const security = key === undefined ? {} : { key: fromHex(key) };
    const settings = stores === undefined ? {} : { stores };
    member =
      visit === undefined
        ? await createPubSub({ ...place, security, settings })
        : await enterAs(place, visit, settings);
    if (isMeasured) metrics = new DapssMetrics(member, now);
    member.on(({ kind, detail }) => {
      events.push({ kind, detail, atMs: now() });
      if (events.length > 1000) events.shift();
    });
    return member.id;
  },
  async leave() {
    await pause(LEAVING_MS);
    await member?.stop();
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
    const { id, members } = running();
    const own = members.find((each) => each.id === id)?.subscriptions ?? [];
    if (!own.includes(`${order} ${pattern}`)) {
      throw new Error(`${id} has no subscription to ${pattern} in ${order} order: see the list`);
    }
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
  metrics: (untilMs) => (untilMs === 'end' ? metrics?.finish() : metrics?.take(untilMs)) ?? [],
};

/** Milliseconds in which what was published last reaches those who are there. */
const LEAVING_MS = 700;

/** Takes a place in a room of others, and waits until somebody of it can be reached. */
async function enterAs(
  place: Pick<PubSubJob, 'members' | 'others' | 'room' | 'server' | 'durability'>,
  { patienceMs, isClosed }: NonNullable<PubSubJob['visit']>,
  settings: Readonly<Record<string, unknown>>,
): Promise<PubSub> {
  const late = new AbortController();
  let missing: readonly NodeId[] = [];
  const timer = setTimeout(() => {
    const why =
      missing.length === 0
        ? 'nobody of it answers: the key is another, or the group has other names'
        : `it has not begun, for ${missing.join(' and ')} have not come yet`;
    late.abort(new Error(why));
  }, patienceMs);
  try {
    const entered = await createPubSub({
      ...{ ...place, mustExist: true, signal: late.signal, settings },
      security: { encryption: isClosed },
      onWaiting: (waiting) => (missing = waiting.missing),
    });
    await linked(entered, late.signal).catch((error: unknown) => {
      entered.kill();
      throw error;
    });
    return entered;
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds for a majority to be reached, after the first link; where it is not, much can be done all the same. */
const MAJORITY_MS = 8000;
/** Milliseconds in which the failure detector finds out who is not there. */
const ABSENCE_MS = 1500;

/** Waits for the first link, and then for a majority as far as there is one. */
async function linked(entered: PubSub, signal: AbortSignal): Promise<void> {
  const room = entered.room!;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (room.view.linked.length > 0) resolve();
    };
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    room.on(look);
    look();
  });
  await pause(ABSENCE_MS);
  for (let ms = 0; ms < MAJORITY_MS && !entered.hasMajority; ms += 50) await pause(50);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

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
