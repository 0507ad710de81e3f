/** What a configuration file may say. */

import * as v from 'valibot';
import { order } from './messages.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(0));

/** Settings of {@link PubSub}. */
export const settings = {
  /** What the node subscribes to when it starts. */
  subscribe: v.optional(
    v.array(
      v.object({
        pattern: v.string(),
        order: v.optional(order, 'causal'),
        /** Also what was published before, as far as it is kept. */
        history: v.optional(v.boolean(), false),
      }),
    ),
    [],
  ),
  /** `layer`: batches are spread by the layer below, over neighbours. `direct`: each author sends its own, where everybody is linked to everybody. */
  spread: v.optional(v.picklist(['layer', 'direct']), 'layer'),
  /** `consensus`: subscriptions are agreed on through Raft. `local`: each node knows its own, and total order is not to be had. */
  registry_by: v.optional(v.picklist(['consensus', 'local']), 'consensus'),
  /** Milliseconds after which a change of the subscriptions that was not agreed on is refused. */
  registry_timeout: v.optional(milliseconds, 10_000),
  /** Milliseconds between two rounds of anti-entropy, each with one neighbour. */
  sync_interval: v.optional(v.pipe(milliseconds, v.minValue(10)), 500),
  /** Bytes of batches in one answer of anti-entropy. */
  sync_bytes: v.optional(positive, 64 * 1024),
  /** Bytes of batches that are kept for those who come later. */
  retention_bytes: v.optional(positive, 4 * 1024 * 1024),
  /** Milliseconds that they are kept, of the time in which the node is there. */
  retention_age: v.optional(milliseconds, 600_000),
  /** Milliseconds after which something that is missing is given up, if nobody keeps it any more. */
  gap_after: v.optional(milliseconds, 30_000),
  /** A payload may have so many bytes. */
  payload_bytes: v.optional(positive, 256 * 1024),
  /** Messages a second that an author may publish; the same for all members. Whoever exceeds it waits, at home or before the others' doors. */
  publish_rate: v.optional(positive, 100_000),
  /** Bytes a second, likewise: of batches, encoded. */
  publish_bytes: v.optional(positive, 64 * 1024 * 1024),
  /** So many seconds' worth of both may come at once. */
  publish_burst: v.optional(v.pipe(v.number(), v.minValue(0.01)), 2),
  /** Milliseconds after which it is no accident any more that somebody pushes what is known already. */
  replay_window: v.optional(milliseconds, 60_000),
  /** The others were there before: what they have when this node comes for the first time is history to it. */
  newcomer: v.optional(v.boolean(), false),
  /** Store what is published and delivered: then a crash neither loses nor repeats it. */
  persist: v.optional(v.boolean(), true),
  /**
   * `before`: what is stored is stored before it is said and delivered, and a crash repeats nothing. `beside`: what is published is stored while it is
   * said, and a crash in the midst of that begins a new life. `behind`: what is delivered is stored a moment later as well. Nobody waits for the disk
   * then; a crash forgets that moment, and its deliveries come again.
   */
  stores: v.optional(v.picklist(['before', 'beside', 'behind']), 'before'),
  /** What the node publishes by itself: so many messages, to these topics in turn. */
  publish: v.optional(count, 0),
  topics: v.optional(v.array(v.string()), ['news']),
  publish_interval: v.optional(milliseconds, 100),
  publish_after: v.optional(milliseconds, 100),
  /** Keep the names of what was delivered, in its order, for runs that are judged. */
  report_orders: v.optional(v.boolean(), false),
  /** The node has done its part when it has been delivered so many messages. */
  expect: v.optional(count, 0),
};
