/** Reads what links do to messages: for the whole run, for nodes, for single links. */

import type { LinkFaults } from './faults.ts';
import type { Place } from './place.ts';
import type { LinkRule, LinkSettings } from './plan.ts';
import { readDuration, readRate, readShare, readSpread } from './quantities.ts';
import { readSchedule, WHEN_KEYS } from './read-schedule.ts';
import { readLink, readSome, type FaultWorld, type Links } from './selectors.ts';

/** The keys that say what a link does. */
export const LINK_KEYS = [
  'latency',
  'loss',
  'duplication',
  'reordering',
  'bandwidth',
] as const satisfies readonly (keyof LinkFaults)[];

/** A reordered message is late by so much at most, unless somebody says otherwise: some latencies of a usual link. */
export const LATE_MS = 100;

/** The rules of the run itself, of nodes and of links, in this order. */
export function readRules(place: Place, world: FaultWorld, healMs: number): LinkRule[] {
  const own: LinkRule = {
    ...readLinkSettings(place),
    name: 'all',
    schedule: { kind: 'always' },
    covers: () => true,
  };
  const rules = [own];
  for (const [node, entry] of place.field('nodes').entries()) {
    const ids = new Set(readSome(entry.key, node, world)?.ids);
    const covers: Links = (from, to) => ids.has(from) || ids.has(to);
    rules.push(...readRule(entry, covers, healMs));
  }
  for (const [, entry] of place.field('links').entries()) {
    const covers = readLink(entry.key, world);
    rules.push(...readRule(entry, covers ?? (() => false), healMs));
  }
  return rules;
}

function readRule(place: Place, covers: Links, healMs: number): LinkRule[] {
  if (place.fields([...LINK_KEYS, ...WHEN_KEYS]) === undefined) return [];
  const rules = { mayBeTimeless: true, mayBeEndless: true, healMs };
  const schedule = readSchedule(place, rules);
  const settings = readLinkSettings(place);
  if (LINK_KEYS.every((key) => place.field(key).isMissing)) {
    return place.problem(`say what it does: one of ${LINK_KEYS.join(', ')}`) ?? [];
  }
  if (schedule === undefined) return [];
  return [{ ...settings, name: place.name, schedule, covers }];
}

function readLinkSettings(place: Place): LinkSettings {
  const latency = readSpread(place.field('latency'));
  const loss = readShare(place.field('loss'));
  const duplication = readShare(place.field('duplication'));
  const bytesPerSecond = readRate(place.field('bandwidth'));
  return {
    ...(latency === undefined ? {} : { latency }),
    ...(loss === undefined ? {} : { loss }),
    ...(duplication === undefined ? {} : { duplication }),
    ...readReordering(place.field('reordering')),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  };
}

function readReordering(place: Place): LinkSettings {
  if (!place.isMap) {
    const reordering = readShare(place);
    return reordering === undefined ? {} : { reordering, lateMs: LATE_MS };
  }
  const fields = place.fields(['share', 'within']);
  if (fields === undefined) return {};
  if (fields.share.isMissing)
    return place.problem(`say which share: { share: 10%, within: 1s }`) ?? {};
  const reordering = readShare(fields.share);
  const lateMs = fields.within.isMissing ? LATE_MS : readDuration(fields.within);
  return reordering === undefined || lateMs === undefined ? {} : { reordering, lateMs };
}
