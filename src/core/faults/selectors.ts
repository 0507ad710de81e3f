/** Which nodes, and which links: names, patterns, and some that the seed draws. */

import type { NodeId } from '../id.ts';
import { nearest } from '../nearest-name.ts';
import { Random } from '../random.ts';
import type { Place } from './place.ts';

/** The run that a plan is for. */
export interface FaultWorld {
  /** In the order of the configuration. */
  readonly nodes: readonly NodeId[];
  readonly seed: number;
}

/** Some nodes. */
export interface Selection {
  readonly ids: readonly NodeId[];
  /** True when the seed has drawn them: another seed draws others. */
  readonly isDrawn: boolean;
}

const ANY = /^any (\d+|minority|third)$/;

/** The nodes that are meant, each once, in the order of the configuration; undefined when it is wrong. */
export function readNodes(place: Place, world: FaultWorld): Selection | undefined {
  const ids = new Set<NodeId>();
  let isDrawn = false;
  let isRight = true;
  for (const item of place.items()) {
    const some = readSome(item, item.word, world);
    if (some === undefined) isRight = false;
    for (const id of some?.ids ?? []) ids.add(id);
    isDrawn ||= some?.isDrawn === true;
  }
  if (!isRight) return undefined;
  return { ids: world.nodes.filter((id) => ids.has(id)), isDrawn };
}

/**
 * The nodes that one text means.
 *
 * @param place where it stands: problems are noted there
 * @param stream names what is drawn
 */
export function readSome(
  place: Place,
  text: string,
  { nodes, seed }: FaultWorld,
  stream = place.name,
): Selection | undefined {
  if (place.word === '') return place.problem('here stands the name of a node, or any 1');
  if (nodes.includes(text)) return { ids: [text], isDrawn: false };
  const drawn = ANY.exec(text);
  if (drawn !== null) {
    const count = countOf(drawn[1]!, nodes.length);
    if (count > nodes.length) return place.problem(`there are ${nodes.length} nodes`);
    const random = Random.stream(seed, `faults/any/${stream}`);
    return { ids: random.shuffled(nodes).slice(0, count), isDrawn: true };
  }
  if (text.includes('*')) {
    const pattern = new RegExp(`^${text.split('*').map(escaped).join('.*')}$`);
    const ids = nodes.filter((id) => pattern.test(id));
    return ids.length > 0 ? { ids, isDrawn: false } : place.problem(`no node fits '${text}'`);
  }
  return place.problem(`there is no node '${text}'`, nearest(text, nodes));
}

function countOf(text: string, n: number): number {
  if (text === 'minority') return Math.floor((n - 1) / 2);
  return text === 'third' ? Math.floor((n - 1) / 3) : Number(text);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Some directed links. */
export type Links = (from: NodeId, to: NodeId) => boolean;

const LINK = /^(.*?)\s*(<->|->)\s*(.*)$/;

/** The links that a text means: `n1->n2`, `n1<->n2`, with patterns on either side, nothing meaning all. */
export function readLink(place: Place, world: FaultWorld): Links | undefined {
  const match = LINK.exec(place.word);
  if (match === null) return place.problem('a link is written n1->n2, n1<->n2 or n1->*');
  const [, left, arrow, right] = match;
  const from = readSome(place, left === '' ? '*' : left!, world, `${place.name} from`);
  const to = readSome(place, right === '' ? '*' : right!, world, `${place.name} to`);
  if (from === undefined || to === undefined) return undefined;
  const [sources, targets] = [new Set(from.ids), new Set(to.ids)];
  if (sources.size === 1 && targets.size === 1 && from.ids[0] === to.ids[0]) {
    return place.problem(`${from.ids[0]} has no link to itself`);
  }
  if (arrow === '->') return (source, target) => sources.has(source) && targets.has(target);
  return (source, target) =>
    (sources.has(source) && targets.has(target)) || (sources.has(target) && targets.has(source));
}
