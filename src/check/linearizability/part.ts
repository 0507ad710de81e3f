/**
 * A history as the search wants it: parts that share no object, each with its operations numbered by their returns.
 *
 * Left out is what cannot matter: operations that failed, reads without an answer, and operations without an answer that
 * began after every other had ended.
 */

import type { Value } from '../../core/value.ts';
import type { Operation } from '../history.ts';
import type { Model } from '../models/model.ts';
import { textOf } from '../text.ts';
import { flags, foreseen, refined, type Foreseen } from './foreseen.ts';
import { joined } from './joined.ts';
import type { Read } from './read.ts';

/** Operations without an answer that do the same, in the order of their calls: the first is always the best one to use next. */
export interface OptionalGroup {
  readonly kind: number;
  /** Number of the first of them in {@link Part.optional}; the others follow. */
  readonly first: number;
  /** The events of their calls. */
  readonly calls: readonly number[];
}

/** Operations on objects that no other part touches. */
export interface Part {
  /** Names of its objects; empty when all is one object. */
  readonly objects: readonly string[];
  /** What it was made of, for {@link cutAt}. */
  readonly source: readonly Read[];
  readonly given: Value;
  /** Operations that took effect, in the order of their returns: the number of one is its place here. */
  readonly required: readonly Operation[];
  /** Operations without an answer, group by group. */
  readonly optional: readonly Operation[];
  readonly groups: readonly OptionalGroup[];
  /** What each operation does: an index into `actions`. */
  readonly requiredKinds: Int32Array;
  readonly actions: readonly unknown[];
  /** 1 for each action that changes no state. */
  readonly reads: Uint8Array;
  readonly foreseen: Foreseen;
  /** The events of call and return of the required operations. */
  readonly calls: Int32Array;
  readonly returns: Int32Array;
  /** The required operations in the order of their calls. */
  readonly byCall: Int32Array;
  /** A bit for each required operation, which no other has that runs at the same time. */
  readonly slots: Int32Array;
  readonly slotCount: number;
}

/** Divides what a model read into parts. */
export function partsOf(read: readonly Read[], model: Model, given: Value): Part[] {
  if (model.objects === undefined) return [partOf([], read, model, given)];
  return joined(read, ({ objects }) => objects).map(({ names, items }) =>
    partOf(names, items, model, given),
  );
}

/** The part up to the return of one required operation: what had not returned by then may have taken effect or not. */
export function cutAt(part: Part, last: number, model: Model): Part {
  const { objects, source, given, returns } = part;
  const end = returns[last]!;
  const begun = source.filter(({ operation }) => operation.invoked < end);
  const cut = begun.map((one) => {
    if (one.operation.returned <= end) return one;
    return {
      ...one,
      operation: { ...one.operation, outcome: 'info', returned: Infinity } as const,
    };
  });
  return partOf(objects, cut, model, given);
}

function partOf(
  objects: readonly string[],
  source: readonly Read[],
  model: Model,
  given: Value,
): Part {
  const read = refined(source, model, given);
  const required = read
    .filter(({ operation }) => operation.outcome === 'ok')
    .toSorted((a, b) => a.operation.returned - b.operation.returned);
  const lastReturn = required.at(-1)?.operation.returned ?? -1;
  const optional = read.filter(
    ({ operation }) => operation.outcome === 'info' && operation.invoked < lastReturn,
  );
  const kinds = new Map<string, number>();
  const actions: unknown[] = [];
  const kindOf = ({ action }: Read) => {
    const text = textOf(action as Value);
    const known = kinds.get(text);
    if (known !== undefined) return known;
    kinds.set(text, actions.length);
    return actions.push(action) - 1;
  };
  const calls = Int32Array.from(required, ({ operation }) => operation.invoked);
  const returns = Int32Array.from(required, ({ operation }) => operation.returned);
  const byCall = Int32Array.from(required.keys()).sort((a, b) => calls[a]! - calls[b]!);
  const requiredKinds = Int32Array.from(required, kindOf);
  const groups = grouped(optional, kindOf);
  return {
    objects,
    source,
    given,
    required: required.map(({ operation }) => operation),
    requiredKinds,
    ...groups,
    actions,
    reads: flags(actions, (action) => model.isRead?.(action)),
    foreseen: foreseen({ read, required, requiredKinds, byCall, actions }, model, given),
    calls,
    returns,
    byCall,
    ...slotsOf(calls, returns, byCall),
  };
}

function grouped(
  read: readonly Read[],
  kindOf: (read: Read) => number,
): Pick<Part, 'groups' | 'optional'> {
  const byKind = new Map<number, Operation[]>();
  for (const one of read) {
    const kind = kindOf(one);
    const alike = byKind.get(kind);
    if (alike === undefined) byKind.set(kind, [one.operation]);
    else alike.push(one.operation);
  }
  const groups: OptionalGroup[] = [];
  const optional: Operation[] = [];
  for (const [kind, alike] of byKind) {
    groups.push({ kind, first: optional.length, calls: alike.map(({ invoked }) => invoked) });
    optional.push(...alike);
  }
  return { groups, optional };
}

/** Gives each operation the lowest bit that is free from its call to its return. */
function slotsOf(
  calls: Int32Array,
  returns: Int32Array,
  byCall: Int32Array,
): Pick<Part, 'slots' | 'slotCount'> {
  const slots = new Int32Array(calls.length);
  const free: number[] = [];
  let slotCount = 0;
  let returned = 0;
  for (const operation of byCall) {
    while (returns[returned]! < calls[operation]!) free.push(slots[returned++]!);
    slots[operation] = free.pop() ?? slotCount++;
  }
  return { slots, slotCount };
}
