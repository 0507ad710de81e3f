/** Reads who lies and how: Byzantine nodes and twins. */

import type { NodeId } from '../id.ts';
import { nearest } from '../nearest-name.ts';
import { Random } from '../random.ts';
import { LIE_KINDS, type LieKind } from './kinds.ts';
import type { Place } from './place.ts';
import type { LiePlan, LiesPlan, TwinPlan } from './plan.ts';
import { readShare, readSpread } from './quantities.ts';
import { readNodes, readSome, type FaultWorld } from './selectors.ts';

/** Share of its messages that a behaviour concerns unless somebody says otherwise. */
const SHARES: Readonly<Record<LieKind, number>> = {
  equivocate: 1,
  forge: 0.5,
  replay: 0.5,
  withhold: 1,
  delay: 1,
  corrupt: 0.5,
};

/** Behaviours that treat receivers differently: unless told otherwise they concern half of them. */
const IS_SELECTIVE: ReadonlySet<LieKind> = new Set(['equivocate', 'withhold']);

/** A delay that liars cause unless somebody says otherwise, in milliseconds. */
const DELAY = { kind: 'uniform', min: 100, max: 1000 } as const;

/** All liars that are right. */
export function readByzantine(place: Place, world: FaultWorld): ReadonlyMap<NodeId, LiesPlan> {
  const liars = new Map<NodeId, LiesPlan>();
  for (const [node, entry] of place.entries()) {
    for (const id of readSome(entry.key, node, world)?.ids ?? []) {
      const lies = readLies(entry, id, world);
      liars.set(id, { ...liars.get(id), ...lies });
    }
  }
  return liars;
}

function readLies(place: Place, id: NodeId, world: FaultWorld): LiesPlan {
  const lies: { [kind in LieKind]?: LiePlan } = {};
  if (place.isMap) {
    place.fields(LIE_KINDS);
    for (const kind of LIE_KINDS) {
      const field = place.field(kind);
      if (field.isMissing || field.value === false) continue;
      const lie = readLie(field, kind, id, world);
      if (lie !== undefined) lies[kind] = lie;
    }
    if (place.entries().length === 0) place.problem(`which? ${LIE_KINDS.join(', ')}`);
    return lies;
  }
  const names = place.items();
  if (names.length === 0) place.key.problem(`how does it lie? ${LIE_KINDS.join(', ')}`);
  for (const name of names) {
    const kind = LIE_KINDS.find((each) => each === name.value);
    if (kind === undefined) {
      const suggestion = nearest(name.word, LIE_KINDS);
      const help = suggestion === undefined ? `; there are ${LIE_KINDS.join(', ')}` : '';
      name.problem(`no such behaviour: '${name.word}'${help}`, suggestion);
    } else lies[kind] = fullLie(kind, id, world);
  }
  return lies;
}

function readLie(place: Place, kind: LieKind, id: NodeId, world: FaultWorld): LiePlan | undefined {
  const usual = fullLie(kind, id, world);
  if (place.value === true) return usual;
  if (place.isMap && LIE_FIELDS.some((key) => !place.field(key).isMissing)) {
    const fields = place.fields(kind === 'delay' ? LIE_FIELDS : LIE_FIELDS.slice(0, 3));
    if (fields === undefined) return undefined;
    const to = fields.to.isMissing ? undefined : readNodes(fields.to, world);
    const by = kind === 'delay' && !fields.by.isMissing ? readSpread(fields.by) : usual.by;
    const types = readTypes(fields.types);
    return {
      share: readShare(fields.share) ?? usual.share,
      to: to === undefined ? usual.to : new Set(to.ids),
      types,
      by,
    };
  }
  if (kind === 'delay') {
    const by = readSpread(place);
    return by === undefined ? undefined : { ...usual, by };
  }
  const share = readShare(place);
  return share === undefined ? undefined : { ...usual, share };
}

const LIE_FIELDS = ['share', 'to', 'types', 'by'] as const;

/** A behaviour of which nothing is said but its name. */
function fullLie(kind: LieKind, id: NodeId, { nodes, seed }: FaultWorld): LiePlan {
  const others = nodes.filter((other) => other !== id);
  const random = Random.stream(seed, `faults/${kind}/${id}`);
  const half = () => random.shuffled(others).slice(0, Math.ceil(others.length / 2));
  return {
    share: SHARES[kind],
    to: new Set(IS_SELECTIVE.has(kind) ? half() : others),
    types: undefined,
    by: kind === 'delay' ? DELAY : undefined,
  };
}

function readTypes(place: Place): ReadonlySet<string> | undefined {
  if (place.isMissing) return undefined;
  const types = new Set<string>();
  for (const item of place.items()) {
    if (typeof item.value === 'string') types.add(item.value);
    else item.problem('here stands the name of a message');
  }
  return types;
}

/** All twins that are right. */
export function readTwins(place: Place, world: FaultWorld): ReadonlyMap<NodeId, TwinPlan> {
  const twins = new Map<NodeId, TwinPlan>();
  if (!place.isMap) {
    for (const id of readNodes(place, world)?.ids ?? []) twins.set(id, drawnTwin(id, world));
    return twins;
  }
  for (const [node, entry] of place.entries()) {
    const ids = readSome(entry.key, node, world)?.ids ?? [];
    if (entry.isMissing) {
      for (const id of ids) twins.set(id, drawnTwin(id, world));
      continue;
    }
    const fields = entry.fields(['first', 'second']);
    if (fields === undefined) continue;
    const [first, second] = [fields.first, fields.second].map(
      (list) => new Set(readNodes(list, world)?.ids),
    ) as [Set<NodeId>, Set<NodeId>];
    for (const id of ids) twins.set(id, { first, second });
  }
  return twins;
}

/** Each other node hears the first copy, the second, or both. */
function drawnTwin(id: NodeId, { nodes, seed }: FaultWorld): TwinPlan {
  const random = Random.stream(seed, `faults/twins/${id}`);
  const first = new Set<NodeId>();
  const second = new Set<NodeId>();
  for (const other of nodes) {
    if (other === id) continue;
    const whom = random.integer(0, 2);
    if (whom !== 1) first.add(other);
    if (whom !== 0) second.add(other);
  }
  return { first, second };
}
