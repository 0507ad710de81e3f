/** Reads partitions: who cannot reach whom, and when. */

import type { NodeId } from '../id.ts';
import type { Place } from './place.ts';
import type { PartitionPlan } from './plan.ts';
import { readSchedule, WHEN_KEYS } from './read-schedule.ts';
import { readLink, readNodes, type FaultWorld, type Links } from './selectors.ts';

const FORMS = ['groups', 'isolate', 'cut', 'split'] as const;

const SPLITS = ['halves', 'one', 'random'] as const;

/** All that are right. */
export function readPartitions(place: Place, world: FaultWorld, healMs: number): PartitionPlan[] {
  return place.items().flatMap((item) => {
    const fields = item.fields([...FORMS, 'one_way', ...WHEN_KEYS]);
    if (fields === undefined) return [];
    const schedule = readSchedule(item, { mayBeTimeless: true, mayBeEndless: true, healMs });
    const [form, ...more] = FORMS.filter((each) => !fields[each].isMissing);
    if (form === undefined || more.length > 0) {
      item.problem(`say who is cut off from whom, by one of ${FORMS.join(', ')}`);
      return [];
    }
    const oneWay = readFlag(fields.one_way);
    const parting = readParting(form, fields[form], oneWay, world);
    if (schedule === undefined || parting === undefined) return [];
    return [{ name: item.name, schedule, parting }];
  });
}

function readParting(
  form: (typeof FORMS)[number],
  place: Place,
  oneWay: boolean,
  world: FaultWorld,
): PartitionPlan['parting'] | undefined {
  if (form === 'split') {
    const how = SPLITS.find((split) => split === place.value);
    if (how === undefined) return place.problem(`a split is one of ${SPLITS.join(', ')}`);
    if (world.nodes.length < 2) return place.problem('there is one node only: nothing to split');
    return { kind: 'split', how, oneWay };
  }
  const cuts =
    form === 'groups'
      ? cutsBetween(place, oneWay, world)
      : form === 'isolate'
        ? cutsAround(place, oneWay, world)
        : cutLinks(place, world);
  return cuts === undefined ? undefined : { kind: 'cut', cuts };
}

function cutsBetween(place: Place, oneWay: boolean, world: FaultWorld): Links | undefined {
  const groups = new Map<NodeId, number>();
  const lists = place.items();
  if (lists.length < 2) return place.problem('a partition has two groups: [[n1, n2], [n3]]');
  for (const [index, list] of lists.entries()) {
    for (const id of readNodes(list, world)?.ids ?? []) {
      const other = groups.get(id);
      if (other !== undefined) list.problem(`${id} is in two groups`);
      groups.set(id, index);
    }
  }
  return (from, to) => {
    const [left, right] = [groups.get(from), groups.get(to)];
    if (left === undefined || right === undefined || left === right) return false;
    return !oneWay || left === 0;
  };
}

function cutsAround(place: Place, oneWay: boolean, world: FaultWorld): Links | undefined {
  const isolated = new Set(readNodes(place, world)?.ids);
  if (oneWay) return (from, to) => isolated.has(from) && !isolated.has(to);
  return (from, to) => isolated.has(from) !== isolated.has(to);
}

function cutLinks(place: Place, world: FaultWorld): Links | undefined {
  const links = place.items().map((item) => readLink(item, world) ?? (() => false));
  return (from, to) => links.some((covers) => covers(from, to));
}

function readFlag(place: Place): boolean {
  if (place.isMissing) return false;
  if (typeof place.value !== 'boolean') place.problem('this is true or false');
  return place.value === true;
}
