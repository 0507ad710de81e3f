/** What a configuration file may say, and what of it the cluster shares. */

import * as v from 'valibot';
import type { FieldsOutput } from '../../core/schema.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(1));
const names = v.optional(v.array(v.string()));

const ordered = { at: v.pipe(v.number(), v.minValue(0)), node: v.string() };

const order = v.variant('do', [
  v.strictObject({ ...ordered, do: v.literal('campaign') }),
  v.strictObject({ ...ordered, do: v.literal('snapshot') }),
  v.strictObject({ ...ordered, do: v.literal('append'), key: v.string(), text: v.string() }),
  v.strictObject({ ...ordered, do: v.literal('transfer'), to: v.optional(v.string()) }),
  v.strictObject({
    ...ordered,
    do: v.literal('change'),
    members: v.record(v.string(), v.picklist(['voter', 'learner', 'witness', 'removed'])),
  }),
]);

/** What an operator asks of a node, `at` so many milliseconds. */
export type Order = v.InferOutput<typeof order>;

/**
 * Settings that the log can change for the whole cluster while it runs; what stands here is what each node begins with.
 */
export const clusterSettings = {
  /**
   * The least election timeout, in milliseconds; drawn from here to twice as much. At least ten times what a message takes
   * (section 9.6): over WebRTC, with a stalled link now and then, a second.
   */
  election_timeout: v.optional(milliseconds, 1000),
  /** Between two heartbeats, in milliseconds. */
  heartbeat_interval: v.optional(milliseconds, 150),
  /** Ask first whether an election could be won, and leave the term alone (section 9.6). */
  pre_vote: v.optional(v.boolean(), true),
  /** A leader that hears from no majority for an election timeout steps down; voters that hear a leader do not vote (section 6.2). */
  check_quorum: v.optional(v.boolean(), true),
  /** `index`: each read asks a majority (section 6.4). `lease`: not while the clocks can be trusted (section 6.4.1). */
  reads: v.optional(v.picklist(['index', 'lease']), 'index'),
  /** By which part clocks may differ in speed; leases are shorter by so much. */
  clock_drift: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)), 0.1),
  /** Entries of one message, at most. */
  max_entries: v.optional(positive, 64),
  /** Bytes of entries in one message, at most; a larger entry travels alone. */
  max_bytes: v.optional(positive, 64 * 1024),
  /** Messages under way to one follower, at most. */
  max_inflight: v.optional(positive, 32),
  /** Bytes of entries under way to one follower, at most. */
  max_inflight_bytes: v.optional(positive, 1024 * 1024),
  /** Bytes of proposals that are not committed, at most; then proposals are refused for a while. */
  max_uncommitted: v.optional(positive, 8 * 1024 * 1024),
  /** A command may have so many bytes. */
  max_command: v.optional(positive, 1024 * 1024),
  /** Tell followers at once what is committed, at the price of another message each. */
  eager_commit: v.optional(v.boolean(), false),
  /** Applied entries that are kept before a snapshot takes their place. */
  snapshot_entries: v.optional(positive, 1000),
  /** Bytes of them. */
  snapshot_bytes: v.optional(positive, 4 * 1024 * 1024),
  /** Bytes of a snapshot in one message, at most. */
  chunk_bytes: v.optional(v.pipe(positive, v.maxValue(16 * 1024)), 16 * 1024),
  /** A command that fails in the state machine may be tried again; otherwise a node where one fails stops for good. */
  idempotent: v.optional(v.boolean(), false),
  /** Clients whose last answers are remembered, so that nothing is applied twice. */
  max_sessions: v.optional(positive, 10_000),
};

/** All settings of a node. */
export const settings = {
  ...clusterSettings,
  /** The first voters; all nodes of the run unless given. Every node has to be told the same. */
  voters: names,
  /** Members that get the log and do not vote. */
  learners: v.optional(v.array(v.string()), []),
  /** Voters that keep no commands and never lead. */
  witnesses: v.optional(v.array(v.string()), []),
  /** Its storage of an earlier life is gone, as far as the program around it can tell: if there is none, it begins as one that has forgotten. */
  evicted: v.optional(v.boolean(), false),
  /** Name of the cluster: a snapshot of another is refused. */
  cluster: v.optional(v.string(), ''),
  /** From 10 down to 1 a node waits longer before it stands for election; with 0 it never does, unless it is asked to. */
  priority: v.optional(v.pipe(count, v.maxValue(10)), 10),
  /** Pass a command on to the leader; otherwise the answer says who leads. */
  forward: v.optional(v.boolean(), true),
  /** Stretch the election timeout when heartbeats come less evenly than expected. */
  adaptive: v.optional(v.boolean(), true),
  /** Commands that this node proposes, as a client would. */
  commands: v.optional(count, 0),
  /** Milliseconds between its commands. */
  command_interval: v.optional(v.pipe(v.number(), v.minValue(0)), 100),
  /** The node's client only reads. */
  only_reads: v.optional(v.boolean(), false),
  /** Milliseconds between what an operator does while this node leads: other members, another leader; 0 for none. */
  meddle_interval: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
  /** From then on, in milliseconds, the operator only brings everybody back. */
  meddle_until: v.optional(v.pipe(v.number(), v.minValue(0)), 5000),
  /**
   * What an operator asks of single nodes, and when: `{ at: 500, node: n1, do: campaign }`. Every node may be told all of them. What only a
   * leader can do is done when the node leads: `do: change`, with `members: { n4: removed }`; `do: transfer`; `do: append`.
   */
  orders: v.optional(v.array(order), []),
  /** The report has what the node's client saw, and when. */
  report_history: v.optional(v.boolean(), false),
};

/** What the cluster shares. */
export type ClusterSettings = FieldsOutput<typeof clusterSettings>;

/** What a node is told. */
export type RaftSettings = FieldsOutput<typeof settings>;

/** The shared part. @throws {RangeError} when settings contradict each other */
export function sharedSettings(all: ClusterSettings): ClusterSettings {
  const shared: Record<string, unknown> = {};
  for (const key of Object.keys(clusterSettings)) shared[key] = all[key as keyof ClusterSettings];
  const result = shared as ClusterSettings;
  if (result.heartbeat_interval * 2 > result.election_timeout) {
    throw new RangeError(
      `heartbeat_interval ${result.heartbeat_interval} must be at most half of election_timeout ` +
        `${result.election_timeout}: a single lost heartbeat would call an election`,
    );
  }
  if (result.reads === 'lease' && !result.check_quorum) {
    throw new RangeError('reads: lease needs check_quorum: a lease is what voters keep by waiting');
  }
  return Object.freeze(result);
}

const known = v.partial(v.strictObject(clusterSettings));

/** Settings with some of them changed. @throws when one is unknown, is none, or contradicts another */
export function changedSettings(before: ClusterSettings, changes: object): ClusterSettings {
  // Looked at as given: `parse` would fill in what was left out.
  v.parse(known, changes);
  return sharedSettings({ ...before, ...changes });
}
