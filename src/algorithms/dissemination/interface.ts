/**
 * What every way of spreading messages by topics has in common, seen from above: the same calls down, the same deliveries up, the same
 * identity of a message. A layer above (or a program) can hold any of them (`disseminators.ts`) and need not know which.
 *
 * A message is named by its origin, the origin's **incarnation** (a number that grows whenever the node starts anew), its topic, and its
 * **sequence** in that topic, from 0 on without gaps. So one number serves to tell messages apart, to order them, to see what is missing
 * and to sum up what is known.
 */

import * as v from 'valibot';
import { anyValue } from '../../core/any-value.ts';
import { cast, request, type Output } from '../../core/message.ts';
import { signed, type Signed } from '../../core/signed.ts';
import { boundedList, wholeFrom } from '../roster.ts';

/** Characters of a topic's name. Names travel with every message. */
export const TOPIC_LENGTH_MAX = 256;

/** Topics that a node may have joined at once: all their names fit into one message many times over. */
export const TOPICS_MAX = 1000;

/** Payloads in one publication: they share one signature, and one of them that is wrong costs all. */
export const PAYLOADS_MAX = 256;

/** Canonical bytes of the payloads of one publication: with names, signature and base64 in JSON it still fits into one message. */
export const PUBLICATION_BYTES_MAX = 640 * 1024;

/** Nothing honest has come further; what claims so is refused. */
export const HOPS_MAX = 250;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The name of a topic. */
export const topicName = v.pipe(v.string(), v.nonEmpty(), v.maxLength(TOPIC_LENGTH_MAX));

/** How far a message has come: links, this one included. */
export const hopCount = v.pipe(whole, v.minValue(1), v.maxValue(HOPS_MAX));

const payloads = v.pipe(boundedList(anyValue(), PAYLOADS_MAX), v.nonEmpty());

/**
 * What an origin says in one go: one or more payloads of one topic under one signature, numbered from `sequence` on. This is what
 * travels, unchanged from hop to hop, and each hop verifies it.
 */
export const publication = signed('Publication', {
  topic: topicName,
  incarnation: whole,
  sequence: whole,
  payloads,
});

/** A {@link publication} as handlers read it. */
export type Publication = Signed<{
  readonly topic: string;
  readonly incarnation: number;
  readonly sequence: number;
  readonly payloads: v.InferOutput<typeof payloads>;
}>;

/** The name of one message, or of a publication by its first message. */
export interface MessageName {
  readonly topic: string;
  readonly origin: string;
  readonly incarnation: number;
  readonly sequence: number;
}

/** A publication within its topic. */
export const publicationId = v.object({ origin: v.string(), incarnation: whole, sequence: whole });

/** See {@link publicationId}. */
export type PublicationId = v.InferOutput<typeof publicationId>;

const name = { topic: topicName, origin: v.string(), incarnation: whole, sequence: whole };

/** What goes up. */
export const delivers = {
  /**
   * Messages of a topic that was joined, each once: those of one publication, numbered from `sequence` on. One's own as well, with 0
   * hops. `from` is the neighbour that brought them.
   */
  messages: cast({ ...name, payloads, hops: whole, from: v.string() }),
};

/** Messages as they are delivered. */
export type Delivery = Output<(typeof delivers)['messages']>;

/**
 * What the layer above thinks of a publication: `accept` sends it on, `ignore` does not, `reject` holds it against whoever brought it
 * as well.
 */
export const verdict = v.picklist(['accept', 'ignore', 'reject']);

/** See {@link verdict}. */
export type Verdict = v.InferOutput<typeof verdict>;

/** What comes down. */
export const calls = {
  /** From now on messages of this topic are delivered; refused when there are too many topics. */
  join: request({ topic: topicName }, v.null()),
  /** From now on they are not. */
  leave: request({ topic: topicName }, v.null()),
  /**
   * Sends these to all members of the topic, as one publication; who publishes need not be a member. Answered at once with the name of
   * the first (the others follow in sequence); refused when it is too large.
   */
  publish: request(
    { topic: topicName, payloads },
    v.object({ incarnation: whole, sequence: whole }),
  ),
  /** With `validate`: what becomes of a publication, by the name under which it was delivered. */
  judge: cast({ ...name, verdict }),
  /** A neighbour has come or gone, as a layer knows that sees its connections. Without it, who does not answer twice is gone. */
  link: cast({ peer: v.string(), is_up: v.boolean() }),
  /** What the layer above thinks of a neighbour, 0 for nothing; heeded by those that choose among neighbours by merit. */
  rate: cast({ peer: v.string(), score: v.number() }),
};

const seconds = v.pipe(v.number(), v.minValue(0));
const period = v.pipe(v.number(), v.minValue(0.001));

/** Settings of every disseminator. */
export const settings = {
  /** Topics that the node joins at the start. */
  topics: v.optional(boundedList(topicName, TOPICS_MAX), []),
  /** What the node publishes by itself: so many texts, in its first topic unless `publish_topic` names one. */
  publishes: v.optional(wholeFrom(0), 0),
  publish_topic: v.optional(topicName),
  /** Seconds until the first of them, and from one to the next. */
  publish_after: v.optional(seconds, 2),
  publish_delay: v.optional(seconds, 0.1),
  /** Seconds until the node joins its topics, and until it leaves them; never unless given. */
  join_after: v.optional(seconds, 0),
  leave_after: v.optional(seconds),
  /** True when the layer above judges each publication (`judge`) before it is sent on. */
  validate: v.optional(v.boolean(), false),
  /**
   * True to note durably what was delivered, before it is: then no message is delivered twice, whatever crashes. A layer that stores
   * messages itself says false.
   */
  durable: v.optional(v.boolean(), true),
  /** Seconds from one look at the neighbours to the next. */
  heartbeat: v.optional(period, 1),
  /** A neighbour of which nothing was heard for so many seconds is asked whether it is there. */
  silence: v.optional(period, 5),
};

/** The settings, validated. */
export interface CommonSettings {
  readonly topics: readonly string[];
  readonly publishes: number;
  readonly publish_topic?: string | undefined;
  readonly publish_after: number;
  readonly publish_delay: number;
  readonly join_after: number;
  readonly leave_after?: number | undefined;
  readonly validate: boolean;
  readonly durable: boolean;
  readonly heartbeat: number;
  readonly silence: number;
}
