/** What a model's foresight says of one part, as the search wants it. */

import type { Value } from '../../core/value.ts';
import type { Model, TimedAction } from '../models/model.ts';
import type { Read } from './read.ts';

export interface Foreseen {
  /** 1 for each action after which exclusions mean nothing; undefined when the model excludes nothing. */
  readonly forgets: Uint8Array | undefined;
  /** Of each required operation the call of the first that forgets and is called no earlier; Infinity when none does. */
  readonly forgottenFrom: Float64Array;
  /** The first required operation that no order allows; undefined when none is known. */
  readonly impossible: number | undefined;
  /** Of each required operation those that must come before it; undefined for most. */
  readonly before: readonly (readonly number[] | undefined)[];
}

/** What foresight starts from. */
interface Numbered {
  readonly read: readonly Read[];
  readonly required: readonly Read[];
  readonly requiredKinds: Int32Array;
  readonly byCall: Int32Array;
  readonly actions: readonly unknown[];
}

export function foreseen(numbered: Numbered, model: Model, given: Value): Foreseen {
  const forgets = flags(numbered.actions, (action) => model.foresight?.forgets?.(action));
  return {
    forgets: model.foresight?.excludes === undefined ? undefined : forgets,
    forgottenFrom: forgottenFrom(numbered, forgets),
    impossible: impossible(numbered, model, given),
    before: before(numbered, model, given),
  };
}

/** The operations without those whose happening makes no difference. */
export function refined(source: readonly Read[], model: Model, given: Value): readonly Read[] {
  const actions = model.foresight?.refine?.(timed(source), given);
  if (actions === undefined) return source;
  return source.flatMap((one, at) => {
    const action = actions[at];
    if (one.operation.outcome === 'ok') return one;
    return action === undefined ? [] : { ...one, action };
  });
}

/** 1 where the test says true. */
export function flags(
  actions: readonly unknown[],
  test: (action: unknown) => boolean | undefined,
): Uint8Array {
  return Uint8Array.from(actions, (action) => (test(action) === true ? 1 : 0));
}

function forgottenFrom(
  { required, requiredKinds, byCall }: Numbered,
  forgets: Uint8Array,
): Float64Array {
  const result = new Float64Array(required.length);
  let from = Infinity;
  for (const operation of byCall.toReversed()) {
    if (forgets[requiredKinds[operation]!] === 1) from = required[operation]!.operation.invoked;
    result[operation] = from;
  }
  return result;
}

function impossible({ read, required }: Numbered, model: Model, given: Value): number | undefined {
  if (model.foresight?.impossible === undefined) return undefined;
  const places = new Set([...model.foresight.impossible(timed(read), given)].map((at) => read[at]));
  const first = required.findIndex((one) => places.has(one));
  return first < 0 ? undefined : first;
}

function before(
  { read, required, requiredKinds }: Numbered,
  model: Model,
  given: Value,
): (readonly number[] | undefined)[] {
  const result: (number[] | undefined)[] = required.map(() => undefined);
  if (model.foresight?.precedences === undefined) return result;
  const numbers = new Map(required.map((one, at) => [one, at]));
  const uses = new Map<number, number>();
  for (const kind of requiredKinds) uses.set(kind, (uses.get(kind) ?? 0) + 1);
  for (const pair of model.foresight.precedences(timed(read), given)) {
    const [first, second] = pair.map((at) => numbers.get(read[at]!));
    if (first === undefined || second === undefined) continue;
    if (uses.get(requiredKinds[first]!) !== 1 || uses.get(requiredKinds[second]!) !== 1) continue;
    (result[second] ??= []).push(first);
  }
  return result;
}

function timed(read: readonly Read[]): TimedAction<unknown>[] {
  return read.map(({ operation: { invoked, returned }, action }) => ({
    action,
    invoked,
    returned,
  }));
}
