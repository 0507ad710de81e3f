/**
 * What a node thinks of its peers: the score of gossipsub v1.1, from seven parts P1 to P7. Counters that decay; pure functions, with the
 * time as an argument.
 *
 * Score = min(cap, Σ topic weight · (P1 + P2 + P3 + P3b + P4)) + P5 + P6 + P7, each with its weight, where P3, P3b, P4, P6 and P7 are
 * squares: a little is forgiven, a lot is not.
 */

import type { NodeId } from '../../core/id.ts';
import type { ScoreParameters, TopicScore } from './settings.ts';

/** What a peer did in one topic. Times in milliseconds. */
export interface TopicStats {
  inMesh: boolean;
  graftedAtMs: number;
  meshTimeMs: number;
  firstMessageDeliveries: number;
  meshMessageDeliveries: number;
  /** True when it was in the mesh for long enough to owe something. */
  isActive: boolean;
  meshFailurePenalty: number;
  invalidMessageDeliveries: number;
}

/** What is remembered of a peer. */
export interface PeerStats {
  isConnected: boolean;
  /** When a peer that has gone is forgotten. */
  expiresAtMs: number;
  readonly topics: Map<string, TopicStats>;
  address: string | null;
  behaviourPenalty: number;
  /** What the layer above thinks of it. */
  opinion: number;
}

/** All peers. */
export interface Scores {
  readonly parameters: ScoreParameters;
  readonly peers: Map<NodeId, PeerStats>;
}

/** Nobody yet. */
export function emptyScores(parameters: ScoreParameters): Scores {
  return { parameters, peers: new Map() };
}

/** A peer is there, or is there again with the score that it went with. */
export function addPeer({ peers }: Scores, id: NodeId, address: string | null): void {
  const stats = peers.get(id);
  if (stats === undefined) {
    peers.set(id, {
      ...{ isConnected: true, expiresAtMs: 0, topics: new Map<string, TopicStats>() },
      ...{ address, behaviourPenalty: 0, opinion: 0 },
    });
    return;
  }
  stats.isConnected = true;
  stats.address = address;
}

/** It has gone. A good score goes with it; a bad one is kept for a while, so that nobody gets rid of it by coming anew. */
export function removePeer(scores: Scores, id: NodeId, now: number): void {
  const { peers, parameters } = scores;
  const stats = peers.get(id);
  if (stats === undefined) return;
  if (scoreOf(scores, id) > 0) {
    peers.delete(id);
    return;
  }
  for (const [topic, topicStats] of stats.topics) {
    topicStats.firstMessageDeliveries = 0;
    leaveMesh(topicStats, parameters.topics[topic]);
  }
  stats.isConnected = false;
  stats.expiresAtMs = now + parameters.retain_score * 1000;
}

/** It is in the mesh of a topic from now on. */
export function enterMesh(scores: Scores, id: NodeId, topic: string, now: number): void {
  const stats = statsOf(scores, id, topic);
  if (stats === undefined) return;
  Object.assign(stats, { inMesh: true, graftedAtMs: now, meshTimeMs: 0, isActive: false });
}

/** It is not in the mesh any more; what it owed stays with it (P3b). */
export function quitMesh(scores: Scores, id: NodeId, topic: string): void {
  const stats = statsOf(scores, id, topic);
  if (stats !== undefined) leaveMesh(stats, scores.parameters.topics[topic]);
}

function leaveMesh(stats: TopicStats, parameters: TopicScore | undefined): void {
  if (stats.inMesh && parameters !== undefined) stats.meshFailurePenalty += owed(stats, parameters);
  stats.inMesh = false;
}

/** The square of what a peer in the mesh has brought too little; 0 before it owes anything. */
function owed(stats: TopicStats, { mesh_message_deliveries_threshold: due }: TopicScore): number {
  if (!stats.isActive || stats.meshMessageDeliveries >= due) return 0;
  const deficit = due - stats.meshMessageDeliveries;
  return deficit * deficit;
}

/** It was the first to bring a valid message. */
export function countFirst(scores: Scores, id: NodeId, topic: string): void {
  const parameters = scores.parameters.topics[topic];
  const stats = statsOf(scores, id, topic);
  if (stats === undefined || parameters === undefined) return;
  stats.firstMessageDeliveries = Math.min(
    parameters.first_message_deliveries_cap,
    stats.firstMessageDeliveries + 1,
  );
  countInMesh(scores, id, topic);
}

/** It has brought a valid message, being in the mesh: the first, or in time. */
export function countInMesh(scores: Scores, id: NodeId, topic: string): void {
  const parameters = scores.parameters.topics[topic];
  const stats = statsOf(scores, id, topic);
  if (stats === undefined || parameters === undefined || !stats.inMesh) return;
  stats.meshMessageDeliveries = Math.min(
    parameters.mesh_message_deliveries_cap,
    stats.meshMessageDeliveries + 1,
  );
}

/** It has brought an invalid message. */
export function countInvalid(scores: Scores, id: NodeId, topic: string): void {
  const stats = statsOf(scores, id, topic);
  if (stats !== undefined) stats.invalidMessageDeliveries++;
}

/** It has misbehaved so often. */
export function addPenalty({ peers }: Scores, id: NodeId, count: number): void {
  const stats = peers.get(id);
  if (stats !== undefined) stats.behaviourPenalty += count;
}

/** What the layer above thinks of it. */
export function setOpinion({ peers }: Scores, id: NodeId, opinion: number): void {
  const stats = peers.get(id);
  if (stats !== undefined) stats.opinion = opinion;
}

/** Counters decay, times grow, and who has gone is forgotten in the end. Once a decay interval. */
export function refresh({ peers, parameters }: Scores, now: number): void {
  const toZero = (value: number) => (value < parameters.decay_to_zero ? 0 : value);
  for (const [id, stats] of peers) {
    if (!stats.isConnected) {
      // What is kept does not decay: otherwise one would only have to wait outside.
      if (now > stats.expiresAtMs) peers.delete(id);
      continue;
    }
    for (const [topic, one] of stats.topics) {
      const rates = parameters.topics[topic];
      if (rates === undefined) continue;
      one.firstMessageDeliveries = toZero(
        one.firstMessageDeliveries * rates.first_message_deliveries_decay,
      );
      one.meshMessageDeliveries = toZero(
        one.meshMessageDeliveries * rates.mesh_message_deliveries_decay,
      );
      one.meshFailurePenalty = toZero(one.meshFailurePenalty * rates.mesh_failure_penalty_decay);
      one.invalidMessageDeliveries = toZero(
        one.invalidMessageDeliveries * rates.invalid_message_deliveries_decay,
      );
      if (!one.inMesh) continue;
      one.meshTimeMs = now - one.graftedAtMs;
      if (one.meshTimeMs > rates.mesh_message_deliveries_activation * 1000) one.isActive = true;
    }
    stats.behaviourPenalty = toZero(stats.behaviourPenalty * parameters.behaviour_penalty_decay);
  }
}

/** The score of a peer; 0 for one that is not known. */
export function scoreOf(scores: Scores, id: NodeId): number {
  const { peers, parameters } = scores;
  const stats = peers.get(id);
  if (stats === undefined) return 0;
  let score = 0;
  for (const [topic, one] of stats.topics) {
    const weights = parameters.topics[topic];
    if (weights !== undefined) score += weights.topic_weight * topicScoreOf(one, weights);
  }
  if (parameters.topic_score_cap > 0) score = Math.min(score, parameters.topic_score_cap);
  score += stats.opinion * parameters.app_specific_weight;
  score += crowding(scores, stats.address) * parameters.ip_colocation_factor_weight;
  const excess = stats.behaviourPenalty - parameters.behaviour_penalty_threshold;
  if (excess > 0) score += excess * excess * parameters.behaviour_penalty_weight;
  return score;
}

function topicScoreOf(stats: TopicStats, weights: TopicScore): number {
  let score = 0;
  if (stats.inMesh) {
    const quanta = stats.meshTimeMs / (weights.time_in_mesh_quantum * 1000);
    score += Math.min(quanta, weights.time_in_mesh_cap) * weights.time_in_mesh_weight;
  }
  score += stats.firstMessageDeliveries * weights.first_message_deliveries_weight;
  score += owed(stats, weights) * weights.mesh_message_deliveries_weight;
  score += stats.meshFailurePenalty * weights.mesh_failure_penalty_weight;
  const invalid = stats.invalidMessageDeliveries * stats.invalidMessageDeliveries;
  return score + invalid * weights.invalid_message_deliveries_weight;
}

/** The square of how many peers too many are at this address. */
function crowding({ peers, parameters }: Scores, address: string | null): number {
  if (address === null || parameters.ip_colocation_factor_whitelist.includes(address)) return 0;
  let there = 0;
  for (const stats of peers.values()) if (stats.address === address) there++;
  const surplus = there - parameters.ip_colocation_factor_threshold;
  return surplus > 0 ? surplus * surplus : 0;
}

/** What the peer did in a topic that counts; undefined for an unknown peer or another topic. */
function statsOf({ peers, parameters }: Scores, id: NodeId, topic: string): TopicStats | undefined {
  const peer = peers.get(id);
  if (peer === undefined || parameters.topics[topic] === undefined) return undefined;
  let stats = peer.topics.get(topic);
  if (stats === undefined) {
    stats = {
      ...{ inMesh: false, graftedAtMs: 0, meshTimeMs: 0, firstMessageDeliveries: 0 },
      ...{ meshMessageDeliveries: 0, isActive: false, meshFailurePenalty: 0 },
      invalidMessageDeliveries: 0,
    };
    peer.topics.set(topic, stats);
  }
  return stats;
}
