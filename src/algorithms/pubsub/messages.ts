/** What the nodes say to each other, beside what their layer below carries, and what they tell the program above. */

import * as v from 'valibot';
import { anyValue } from '../../core/any-value.ts';
import { cast } from '../../core/message.ts';
import { NODE_ID_LENGTH_MAX } from '../../core/id.ts';
import { signed } from '../../core/signed.ts';
import { TOPIC_LENGTH_MAX } from './topics.ts';

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Messages of one batch: a frame of 64 KiB holds so many of 100 bytes, and one signature costs as much as they do. */
export const BATCH_MESSAGES_MAX = 512;

/** Streams that one message may speak of: more origins and lives of them than a group has. */
export const STREAMS_MAX = 1024;

/** A stream is what one life of an origin publishes: `7/n1` is the life 7 of n1. */
const stream = v.pipe(v.string(), v.maxLength(NODE_ID_LENGTH_MAX + 20));

/** Topics whose last value is kept. */
export const RETAINED_MAX = 256;

/** How far streams are known: the number of the last message, by stream. */
export const vector = v.pipe(
  v.record(stream, natural),
  v.check((record) => Object.keys(record).length <= STREAMS_MAX, 'speaks of too many streams'),
);

/** One message as its author writes it, or a run of them. */
export const item = v.pipe(
  v.object({
    topic: v.pipe(v.string(), v.maxLength(TOPIC_LENGTH_MAX)),
    payload: anyValue(),
    /** Keep it as the topic's last value, for those who come later. */
    retain: v.optional(v.boolean(), false),
    /**
     * So many messages of one topic that follow each other: the program above has packed them into one payload, and takes them apart again.
     * One unless given.
     */
    count: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(BATCH_MESSAGES_MAX)),
    ),
  }),
  v.check(({ retain, count }) => !retain || count === undefined, 'a last value is one message'),
);

/** One message, or a run of them. */
export type Item = v.InferOutput<typeof item>;

/** How many messages these are. */
export function sizeOf(items: readonly Pick<Item, 'count'>[]): number {
  return items.reduce((sum, { count = 1 }) => sum + count, 0);
}

/**
 * What an author published at once, under its signature: whoever carries it can neither change it nor take a message out of it. The
 * messages are numbered from `first`, without a gap, and their Lamport times from `lamport`.
 */
export const batch = signed('Batch', {
  /** Grows when an author comes back without its memory: numbers begin anew then. */
  life: natural,
  first: positive,
  lamport: positive,
  /** What the author had when it published, as far as that has changed since its last batch: what must be delivered before. */
  after: vector,
  /** Milliseconds on the author's clock: to be shown and measured, and trusted for nothing. */
  sent_at: v.number(),
  messages: v.pipe(
    v.array(item),
    v.minLength(1),
    v.maxLength(BATCH_MESSAGES_MAX),
    v.check((items) => sizeOf(items) <= BATCH_MESSAGES_MAX, 'holds too many messages'),
  ),
});

/** A signed batch. Its signer is the author. */
export type Batch = v.InferOutput<typeof batch>;

/** Names in one list: more nodes than a group has. */
const NAMES_MAX = 1024;

/** Messages of {@link PubSub} itself. */
export const messages = {
  /** A batch, from its author to all that it reaches; `missed` are the others: whoever reaches one of them hands it on. */
  said: cast({
    batch,
    missed: v.pipe(
      v.array(v.pipe(v.string(), v.maxLength(NODE_ID_LENGTH_MAX))),
      v.maxLength(NAMES_MAX),
    ),
  }),
  /**
   * How far the sender has everything: whoever has more sends it. `asks`: whoever has less says so in turn. `is_new`: the sender knows
   * nothing, and wants to know where it came in, and the last values. `is_back`: it had lost the receiver, so that nothing is on its way to it.
   */
  digest: cast({
    have: vector,
    asks: v.boolean(),
    is_new: v.optional(v.boolean(), false),
    is_back: v.optional(v.boolean(), false),
  }),
  /** What a digest lacked, in the order of each stream; `floors`: what lies before is kept no more here. */
  missing: cast({
    batches: v.pipe(v.array(batch), v.maxLength(BATCH_MESSAGES_MAX)),
    floors: vector,
    is_all: v.boolean(),
  }),
  /** To an author, now and then: it publishes faster than this, and what is too much waits. The link proves who says so. */
  limited: cast({ messages: positive, bytes: positive }),
  /** To one who is new: what it has missed lies before this, and the batches with the last values. */
  welcome: cast({ have: vector, retained: v.pipe(v.array(batch), v.maxLength(RETAINED_MAX)) }),
};

/** In which order a subscriber wants the messages. */
export const order = v.picklist(['fifo', 'causal', 'total']);

/** `fifo`: of each author. `causal`: no answer before its question. `total`: the same for all. */
export type Order = v.InferOutput<typeof order>;

/** What a node delivers. */
export const delivers = {
  /** A message of a subscription, once. */
  message: cast({
    /** The subscription's pattern and order. */
    pattern: v.string(),
    order,
    topic: v.string(),
    payload: anyValue(),
    origin: v.string(),
    life: natural,
    sequence: positive,
    lamport: positive,
    /** Messages in it: their numbers and times follow those of the first. */
    count: positive,
    sent_at: v.number(),
    /** `history`: published before one subscribed, or before the last restart. `retained`: the topic's last value. */
    how: v.picklist(['new', 'history', 'retained']),
  }),
  /** Something happened; README.md lists the kinds. */
  event: cast({ kind: v.string(), detail: anyValue() }),
};

/** A message as it is delivered. */
export interface Delivered {
  readonly pattern: string;
  readonly order: Order;
  readonly topic: string;
  readonly payload: Item['payload'];
  readonly origin: string;
  readonly life: number;
  readonly sequence: number;
  readonly lamport: number;
  readonly count: number;
  readonly sent_at: number;
  readonly how: 'new' | 'history' | 'retained';
}
