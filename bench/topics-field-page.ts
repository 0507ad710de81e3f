/**
 * In a page: one member of another library's topics, measured by the very code that measures Parley's. Libraries that are no dependencies of
 * ours bring themselves (`topicGuests`).
 */

import type { Value } from '../src/core/value.ts';
import type { PubSubTab } from '../src/lab/pubsub/pubsub-page.ts';
import {
  Listener,
  publishOpenLoop,
  type HeardMessage,
  type Publisher,
} from '../src/lab/pubsub/measure.ts';

/** A member of something that has topics, or nearly so. */
export interface TopicGuest extends Publisher {
  /** Where others reach it. */
  readonly address: string;
  /** Connects to those. */
  meet(addresses: readonly string[]): Promise<unknown>;
  /** Fulfilled when so many others are known to hear the topic. */
  knows(topic: string, others: number): Promise<void>;
  /** Calls back with each message and its author. Returns how to end that. */
  subscribe(topic: string, take: (origin: string, payload: unknown) => void): () => void;
}

/** What the driver asks beside what it asks a tab of Parley. */
export interface TopicGuestTab {
  /** Fulfilled with the address for the others. */
  start(library: string, relay: string, room: string): Promise<string>;
  meet(addresses: readonly string[]): Promise<unknown>;
}

declare global {
  interface Window {
    topicGuests?: Record<string, (relay: string, room: string) => Promise<TopicGuest>>;
    topicGuestTab?: TopicGuestTab;
  }
}

/** Of three, one speaks and the others hear. */
const OTHERS = 2;

/** Milliseconds, the same in all tabs of one browser. */
const now = (): number => performance.timeOrigin + performance.now();

let guest: TopicGuest | undefined;
let listener: Listener | undefined;

window.topicGuestTab = {
  async start(library, relay, room) {
    guest = await window.topicGuests![library]!(relay, room);
    return guest.address;
  },
  meet: (addresses) => guest!.meet(addresses),
};

const tab: Pick<PubSubTab, 'listen' | 'heard' | 'offer'> = {
  listen(topic) {
    listener?.close();
    listener = new Listener(hearing(guest!, topic), now);
    return Promise.resolve();
  },
  heard: () => listener!.heard,
  async offer(offered) {
    await guest!.knows(offered.topic, OTHERS);
    await publishOpenLoop(guest!, offered, now);
  },
};
window.parleyPubSub = tab as PubSubTab;

/** Messages are told apart by the number that their publisher put into them, whatever the library does about those that come twice. */
function hearing(member: TopicGuest, topic: string) {
  let close = () => {};
  return {
    on(listen: (message: HeardMessage) => void) {
      close = member.subscribe(topic, (origin, payload) => {
        const { n } = payload as { readonly n: number };
        listen({ origin, life: 0, sequence: n, payload: payload as Value, how: 'new' });
      });
    },
    close: () => close(),
  };
}
