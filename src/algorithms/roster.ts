/**
 * Nodes as whole numbers, for the samplers: their rules work on numbers, so that the Machine of one node and the engine for a
 * million of them can share them.
 */

import * as v from 'valibot';
import type { NodeId } from '../core/id.ts';
import type { MachineSeat } from '../core/machine.ts';
import { nearest } from '../core/nearest-name.ts';
import { hashText, type Random } from '../core/random.ts';
import type { SettingsProblem, SettingsSeat } from '../core/settings-check.ts';

/** A list or a typed array of numbers. */
export interface Numbers {
  readonly length: number;
  [index: number]: number;
}

/** Who is who, as one node sees it. Frozen: it never changes, and forks share it. */
export interface Roster {
  readonly self: number;
  /** All nodes of the run, by their number. */
  readonly names: readonly NodeId[];
  readonly numbers: ReadonlyMap<NodeId, number>;
  /** Whom this node can send to. */
  readonly reachable: ReadonlySet<number>;
  /** Rank keys, by number. */
  readonly keys: readonly number[];
}

/** Settings that every sampler has. */
export const samplerSettings = {
  /** Seconds from one cycle to the next. */
  delay: v.optional(v.pipe(v.number(), v.minValue(0.001)), 2),
  /** Whom the node knows at the start; anybody that it can send to, unless given. */
  bootnodes: v.optional(v.array(v.string())),
};

/** A whole number from `min` on. */
export function wholeFrom(min: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(min));
}

/**
 * A list of at most `max` items. Its length is looked at first: a list of a million costs whoever sent it, not whoever refuses it.
 */
export function boundedList<S extends v.GenericSchema>(item: S, max: number) {
  const fits = (value: unknown): boolean => Array.isArray(value) && value.length <= max;
  return v.pipe(
    v.custom<v.InferInput<S>[]>(fits, `Expected a list of at most ${max} items`),
    v.array(item),
  );
}

/** How whoever wrote a setting wrote it: a refusal names it in the same words. */
export type Written = (setting: string, value: number) => string;

/** As in a configuration file. */
export const inFile: Written = (setting, value) => `${setting}: ${value}`;

/** What a rule says by throwing, as a problem of the setting that it is about. */
export function refusedBy<K extends string>(setting: K, rule: () => unknown): SettingsProblem<K>[] {
  try {
    rule();
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ setting, text: error.message, severity: 'error' }];
  }
}

/** Bootnodes that are nobody's: what every sampler's settings can have wrong. */
export function checkBootnodes(
  bootnodes: readonly NodeId[] | undefined,
  seat: SettingsSeat,
): SettingsProblem<'bootnodes'>[] {
  return refusedBy('bootnodes', () =>
    bootnodesOf(rosterOf({ ...seat, settings: {} }), bootnodes ?? []),
  );
}

/**
 * A view that the network cannot fill. It works, and nothing is sampled, because everybody is known: hardly anybody means that.
 *
 * @param least a smaller view is none, however small the network is
 */
export function checkViewSize<K extends string>(
  setting: K,
  size: number,
  { nodes }: SettingsSeat,
  least = 1,
): SettingsProblem<K>[] {
  const others = nodes.length - 1;
  const most = Math.max(others, least);
  // Whoever is alone has no network that a view could be too large for.
  if (others === 0 || size <= most) return [];
  const know = others === 1 ? 'is 1 other' : `are ${others} others`;
  const text = `${setting}: ${size} is more than the network has: there ${know} to know; write ${most} at most, or add nodes`;
  return [{ setting, text, severity: 'warning' }];
}

/** A share of a whole. */
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** The roster of a node's place. */
export function rosterOf({ id, nodes, neighbours }: MachineSeat<{}>): Roster {
  const numbers = new Map(nodes.map((name, number) => [name, number]));
  return Object.freeze({
    self: numbers.get(id)!,
    names: nodes,
    numbers,
    reachable: new Set(neighbours.map((name) => numbers.get(name)!)),
    keys: nodes.map((name) => hashText(name)),
  });
}

/** The number of a peer; undefined for this node itself, for a stranger, and for one that it cannot send to. */
export function numberOf({ numbers, reachable }: Roster, id: NodeId): number | undefined {
  const number = numbers.get(id);
  return number !== undefined && reachable.has(number) ? number : undefined;
}

/** The peers of a message that this node can speak to; `limit` of them at most. */
export function numbersOf(roster: Roster, ids: readonly NodeId[], limit: number): number[] {
  const result: number[] = [];
  for (const id of ids) {
    const number = numberOf(roster, id);
    if (number !== undefined && result.length < limit) result.push(number);
  }
  return result;
}

/**
 * How many names of a message were not taken, be it that they are nobody's this node can speak to, or more than a message may bring.
 * Its own name does not count: honest peers know it too.
 */
export function refusedOf({ names, self }: Roster, ids: readonly NodeId[], taken: number): number {
  return ids.filter((id) => id !== names[self]).length - taken;
}

/**
 * Whom the node knows at the start: `count` of its bootnodes, or of all that it can send to.
 *
 * @throws {RangeError} naming a bootnode that is none of its neighbours
 */
export function firstPeers(
  roster: Roster,
  bootnodes: readonly NodeId[] | undefined,
  count: number,
  random: Random,
): number[] {
  const known = bootnodes === undefined ? [...roster.reachable] : bootnodesOf(roster, bootnodes);
  return random.shuffled(known).slice(0, count);
}

function bootnodesOf(roster: Roster, bootnodes: readonly NodeId[]): number[] {
  const { names, self } = roster;
  const result = new Set<number>();
  for (const id of bootnodes) {
    if (id === names[self]) continue;
    const number = numberOf(roster, id);
    if (number === undefined) throw new RangeError(unknownBootnode(roster, id));
    result.add(number);
  }
  return [...result];
}

function unknownBootnode({ names, self, numbers }: Roster, id: NodeId): string {
  if (numbers.has(id)) {
    return `bootnodes: ${names[self]} cannot send to ${id}, which is not among its neighbours`;
  }
  const meant = nearest(id, names);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return `bootnodes: ${id} is no node of the run${hint}`;
}
