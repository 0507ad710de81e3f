/** The parameters of gossipsub, in the specification's names and with the defaults of js-libp2p. Durations are in seconds. */

import * as v from 'valibot';
import { settings as commonSettings, topicName } from '../dissemination/interface.ts';
import { share, wholeFrom } from '../roster.ts';

const number = (given: number) => v.optional(v.number(), given);
const positive = (given: number) => v.optional(v.pipe(v.number(), v.minValue(0)), given);
const decay = (given: number) =>
  v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), given);
const whole = (given: number) => v.optional(wholeFrom(0), given);

/** How a topic counts, P1 to P4. */
export const topicScoreSchema = v.object({
  topic_weight: positive(0.5),
  /** P1: time in the mesh. */
  time_in_mesh_weight: positive(1),
  time_in_mesh_quantum: v.optional(v.pipe(v.number(), v.minValue(0.000_001)), 0.001),
  time_in_mesh_cap: positive(3600),
  /** P2: messages that it brought first. */
  first_message_deliveries_weight: positive(1),
  first_message_deliveries_decay: decay(0.5),
  first_message_deliveries_cap: positive(2000),
  /** P3: messages that it should have brought as well, being in the mesh. */
  mesh_message_deliveries_weight: number(-1),
  mesh_message_deliveries_decay: decay(0.5),
  mesh_message_deliveries_cap: positive(100),
  mesh_message_deliveries_threshold: positive(20),
  mesh_message_deliveries_window: positive(0.01),
  mesh_message_deliveries_activation: positive(5),
  /** P3b: what it owed when it left the mesh. */
  mesh_failure_penalty_weight: number(-1),
  mesh_failure_penalty_decay: decay(0.5),
  /** P4: invalid messages. */
  invalid_message_deliveries_weight: number(-1),
  invalid_message_deliveries_decay: decay(0.3),
});

/** See {@link topicScoreSchema}. */
export type TopicScore = v.InferOutput<typeof topicScoreSchema>;

/** How a peer is judged. */
export const scoreSchema = v.object({
  /** Topics that count. A topic that is not here does not: what is due depends on what is published in it. */
  topics: v.optional(v.record(topicName, topicScoreSchema), {}),
  /** The most that all topics together can bring; 0 for no limit. */
  topic_score_cap: positive(10),
  /** P5: what the layer above thinks (`rate`). */
  app_specific_weight: positive(10),
  /** P6: peers behind one address, more than so many of them. */
  ip_colocation_factor_weight: number(-5),
  ip_colocation_factor_threshold: whole(10),
  ip_colocation_factor_whitelist: v.optional(v.array(v.string()), []),
  /** P7: broken promises and grafts that were not due. */
  behaviour_penalty_weight: number(-10),
  behaviour_penalty_threshold: positive(0),
  behaviour_penalty_decay: decay(0.2),
  decay_interval: v.optional(v.pipe(v.number(), v.minValue(0.001)), 1),
  /** Counters below it are 0. */
  decay_to_zero: positive(0.1),
  /** So long a bad score is remembered of a peer that has gone. */
  retain_score: positive(3600),
});

/** See {@link scoreSchema}. */
export type ScoreParameters = v.InferOutput<typeof scoreSchema>;

/** What a score is good for. */
export const thresholdsSchema = v.object({
  /** Below it nothing is named to the peer, nor believed of it. */
  gossip_threshold: number(-10),
  /** Below it own messages are not flooded to it. */
  publish_threshold: number(-50),
  /** Below it whatever it says is dropped unread. */
  graylist_threshold: number(-80),
  /** From it on the peers that it names when it prunes are looked at. */
  accept_px_threshold: number(10),
  /** A mesh whose median is below it grafts some that are better. */
  opportunistic_graft_threshold: number(20),
});

/** See {@link thresholdsSchema}. */
export type Thresholds = v.InferOutput<typeof thresholdsSchema>;

/** The settings, besides those of all disseminators. */
export const own = {
  D: whole(6),
  D_low: whole(4),
  D_high: whole(12),
  /** Of a mesh that is too large so many of the best stay, whoever goes. */
  D_score: whole(4),
  /** So many outbound peers a mesh has at least. */
  D_out: whole(2),
  /** So many are told what there was, at least; otherwise this share of all. */
  D_lazy: whole(6),
  gossip_factor: v.optional(share, 0.25),
  /** Own messages go to all members that are good enough, and not to the mesh alone. */
  flood_publish: v.optional(v.boolean(), true),
  fanout_ttl: positive(60),
  mcache_length: v.optional(wholeFrom(1), 5),
  mcache_gossip: v.optional(wholeFrom(1), 3),
  prune_backoff: positive(60),
  unsubscribe_backoff: positive(10),
  /** A graft so soon after a prune counts twice. */
  graft_flood_threshold: positive(10),
  /** Heartbeats from one opportunistic graft to the next, and how many peers it grafts. */
  opportunistic_graft_ticks: v.optional(wholeFrom(1), 60),
  opportunistic_graft_peers: whole(2),
  /** Peers named in a prune. */
  prune_peers: whole(16),
  do_px: v.optional(v.boolean(), false),
  max_ihave_length: v.optional(wholeFrom(1), 5000),
  max_ihave_messages: v.optional(wholeFrom(1), 10),
  iwant_followup_time: positive(3),
  gossip_retransmission: whole(3),
  /** Bytes from which on a publication is worth an IDONTWANT, and how many of these are heeded in a heartbeat. */
  idontwant_min_data_size: whole(512),
  idontwant_max_messages: whole(512),
  /** Neighbours that count as dialled by this node; half of all, by the names, unless given. */
  outbound: v.optional(v.array(v.string())),
  /** Where neighbours are, for P6: name and address. */
  addresses: v.optional(v.record(v.string(), v.string()), {}),
  score: v.optional(scoreSchema, {}),
  thresholds: v.optional(thresholdsSchema, {}),
};

/** All settings. */
export const settings = { ...commonSettings, ...own };

/** The parameters, validated. */
export type Parameters = { readonly [K in keyof typeof own]: v.InferOutput<(typeof own)[K]> };
