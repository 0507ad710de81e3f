/**
 * Who brought which publication, until all who may still bring it have had their time: so that a verdict, when it comes, meets everybody
 * whom it concerns.
 */

import type { NodeId } from '../../core/id.ts';
import { countFirst, countInMesh, countInvalid, type Scores } from './score.ts';

/** How long a publication is remembered: as long as gossipsub remembers what it has seen. */
export const RECORD_MS = 120_000;

/** Publications remembered. Above it the oldest goes, and who brings it late is neither praised nor blamed. */
export const RECORDS_MAX = 10_000;

/** One publication. */
export interface DeliveryRecord {
  verdict: 'unknown' | 'valid' | 'invalid' | 'ignored';
  readonly firstSeenAtMs: number;
  validatedAtMs: number;
  /** Who has brought it besides the first. */
  readonly peers: Set<NodeId>;
}

/** Publications by key, in the order in which they came. */
export type DeliveryRecords = Map<string, DeliveryRecord>;

/** A publication was seen for the first time. */
export function recordArrival(records: DeliveryRecords, key: string, now: number): void {
  for (const [oldest, { firstSeenAtMs }] of records) {
    if (records.size < RECORDS_MAX && now - firstSeenAtMs <= RECORD_MS) break;
    records.delete(oldest);
  }
  records.set(key, {
    ...{ verdict: 'unknown', firstSeenAtMs: now, validatedAtMs: 0, peers: new Set() },
  });
}

/** It is valid: the first is praised, and so are those who brought it meanwhile, being in the mesh. */
export function recordValid(
  records: DeliveryRecords,
  scores: Scores,
  key: string,
  from: NodeId,
  topic: string,
  now: number,
): void {
  countFirst(scores, from, topic);
  const record = records.get(key);
  if (record?.verdict !== 'unknown') return;
  record.verdict = 'valid';
  record.validatedAtMs = now;
  for (const peer of record.peers) if (peer !== from) countInMesh(scores, peer, topic);
}

/** It is invalid: everybody who brought it is to blame. Or nobody knows: then nobody is. */
export function recordRejected(
  records: DeliveryRecords,
  scores: Scores,
  key: string,
  from: NodeId,
  topic: string,
  isIgnored: boolean,
): void {
  const record = records.get(key);
  if (!isIgnored) countInvalid(scores, from, topic);
  if (record?.verdict !== 'unknown') return;
  record.verdict = isIgnored ? 'ignored' : 'invalid';
  if (!isIgnored) for (const peer of record.peers) countInvalid(scores, peer, topic);
  record.peers.clear();
}

/** It was brought again. */
export function recordDuplicate(
  records: DeliveryRecords,
  scores: Scores,
  key: string,
  from: NodeId,
  topic: string,
  now: number,
): void {
  const record = records.get(key);
  if (record === undefined || record.peers.has(from)) return;
  if (record.verdict === 'unknown') {
    record.peers.add(from);
  } else if (record.verdict === 'valid') {
    record.peers.add(from);
    const windowMs = (scores.parameters.topics[topic]?.mesh_message_deliveries_window ?? 0) * 1000;
    if (now - record.validatedAtMs <= windowMs) countInMesh(scores, from, topic);
  } else if (record.verdict === 'invalid') {
    countInvalid(scores, from, topic);
  }
}
