/** The ways in which nodes can be arranged on the stage, and which of them suits a run. */

import type { NodeId } from '../../core/id.ts';
import type { PictureLink } from '../../lab/picture.ts';
import { ringLayout, type Layout, type Point } from './layout.ts';

/** ring: a formula. islands: groups apart. force: whoever knows each other is near. */
export type LayoutKind = 'ring' | 'islands' | 'force';

/** Every kind, with its name. */
export const LAYOUTS: readonly (readonly [LayoutKind, string])[] = [
  ['ring', 'Ring'],
  ['islands', 'Islands'],
  ['force', 'Force'],
];

/** More nodes than this stand too close on a ring: forces spread them over the whole stage. */
const RING_MAX = 36;

/** What suits so many nodes. */
export function fittingLayout(count: number): LayoutKind {
  return count > RING_MAX ? 'force' : 'ring';
}

/** What is to be arranged. */
export interface Arranged {
  readonly ids: readonly NodeId[];
  readonly links: readonly PictureLink[];
  /** Parts of the network that cannot reach each other at the moment. */
  readonly cut: readonly (readonly NodeId[])[];
}

/** Groups apart from each other, each a ring of its own. */
export function islandLayout(arranged: Arranged, width: number, height: number): Layout {
  const groups = islandsOf(arranged);
  const frame = ringLayout(arranged.ids.length, width, height);
  if (groups.length < 2) return frame;
  const columns = width >= height ? Math.ceil(Math.sqrt(groups.length)) : 1;
  const rows = Math.ceil(groups.length / columns);
  const [cellWidth, cellHeight] = [width / columns, height / rows];
  const places = new Map<NodeId, Point>();
  let [radius, reach, labelled, isLow] = [Infinity, Infinity, true, false];
  for (const [index, ids] of groups.entries()) {
    const left = (index % columns) * cellWidth;
    const top = Math.floor(index / columns) * cellHeight;
    const island = ringLayout(ids.length, cellWidth, cellHeight);
    for (const [at, id] of ids.entries()) {
      const { x, y } = island.places[at]!;
      places.set(id, { x: left + x, y: top + y });
    }
    radius = Math.min(radius, island.radius);
    reach = Math.min(reach, island.reach);
    labelled &&= island.labelled;
    isLow ||= island.isLow;
  }
  return {
    places: arranged.ids.map((id) => places.get(id) ?? frame.centre),
    ...{ centre: frame.centre, radius, reach, labelled, isLow },
  };
}

/** The sides of a cut; otherwise the parts that hang together, or that know one another more than the rest. */
export function islandsOf({ ids, links, cut }: Arranged): NodeId[][] {
  if (cut.length > 1) {
    const named = new Set(cut.flat());
    const rest = ids.filter((id) => !named.has(id));
    const groups = cut.map((group) => ids.filter((id) => group.includes(id)));
    return [...groups, rest].filter((group) => group.length > 0);
  }
  return communities(ids, links);
}

/** Rounds after which labels have settled in all but contrived networks. */
const ROUNDS = 8;

/** Everybody takes the word that most of its neighbours have, in order, so that the same network falls into the same parts. */
function communities(ids: readonly NodeId[], links: readonly PictureLink[]): NodeId[][] {
  const near = new Map<NodeId, NodeId[]>(ids.map((id) => [id, []]));
  for (const { from, to } of links) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const word = new Map(ids.map((id) => [id, id]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const id of ids) {
      const counts = new Map<NodeId, number>();
      for (const other of near.get(id)!) {
        const said = word.get(other)!;
        counts.set(said, (counts.get(said) ?? 0) + 1);
      }
      let [best, most] = [word.get(id)!, counts.get(word.get(id)!) ?? 0];
      for (const [said, count] of counts) if (count > most) [best, most] = [said, count];
      word.set(id, best);
    }
  }
  const groups = new Map<NodeId, NodeId[]>();
  for (const id of ids) {
    const said = word.get(id)!;
    groups.set(said, [...(groups.get(said) ?? []), id]);
  }
  return [...groups.values()];
}
