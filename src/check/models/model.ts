/**
 * Models: what an object does when one client at a time uses it. The checker finds out whether many clients could have seen the same.
 *
 * A model of one's own is one object. This one is a register that can also be cleared:
 *
 * ```ts
 * const clearable: Model<Value, { do: 'read' | 'write'; value: Value }> = {
 *   name: 'clearable',
 *   operations: ['read', 'write', 'clear'],
 *   initial: (given) => given,
 *   action({ f, input, output }) {
 *     if (f === 'read') return output === undefined ? undefined : { do: 'read', value: output };
 *     return { do: 'write', value: f === 'clear' ? null : input };
 *   },
 *   step: (state, { do: what, value }) =>
 *     what === 'write' ? value : sameValue(state, value) ? state : undefined,
 *   isRead: ({ do: what }) => what === 'read',
 *   describe: ({ do: what, value }) => `${what} ${textOf(value)}`,
 * };
 * ```
 */

import type { Value } from '../../core/value.ts';
import { isList, shown } from '../text.ts';

/** One operation as a model reads it. */
export interface Call {
  readonly f: string;
  readonly input: Value;
  /** What it returned; undefined when nobody knows, and it may not have happened. */
  readonly output: Value | undefined;
}

/**
 * An object of the kind `name`. All of it must be pure: same arguments, same answers; states are never changed.
 *
 * `State` and `Action` are plain data.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a bound: a list of models holds models of every state
export interface Model<State = any, Action = any> {
  readonly name: string;
  /** Names of the operations it knows. */
  readonly operations: readonly string[];
  /**
   * The state at the beginning. `given` is what the history says of it, null when it says nothing.
   *
   * @throws {ModelError} when it cannot be one
   */
  initial(given: Value): State;
  /**
   * What an operation does, and what it saw. Two operations with equal actions must be alike in everything, so put nothing into it
   * that makes no difference. Undefined when the operation tells nothing: a read without an answer.
   *
   * @param given as for `initial`
   * @throws {ModelError} when input or output are not those of this operation
   */
  action(call: Call, given: Value): Action | undefined;
  /** The state after the action; undefined when it cannot have happened in this state. Return `state` itself if it does not change. */
  step(state: State, action: Action): State | undefined;
  /**
   * True for an action that changes no state in which it is possible, as reads do: it can be put in its place at once, which makes checks of
   * long histories quick. Unless given, none is.
   */
  isRead?(action: Action): boolean;
  /** For objects whose states grow: what a state already rules out. Only speed depends on it. */
  readonly foresight?: Foresight<State, Action>;
  /** A text that two states share exactly when they are the same; unless given, the state as JSON. */
  key?(state: State): string | number;
  /**
   * The independent objects that an action concerns (the keys of a store). Objects that no action joins are checked one by one, which is
   * sound because linearizability is local (Herlihy and Wing, section 3.1). Unless given, all is one object.
   */
  objects?(action: Action): readonly string[];
  /** The action for people: `write 4`, `read → 4`. */
  describe(action: Action): string;
  /** The state for people; unless given, as JSON. */
  describeState?(state: State): string;
}

/** An action with the events of its call and its return; Infinity for one without an answer, which may not happen at all. */
export interface TimedAction<Action> {
  readonly action: Action;
  readonly invoked: number;
  readonly returned: number;
}

/** What a model knows of the future. Nothing here may rule out what is possible. */
// oxlint-disable-next-line typescript/no-explicit-any -- a bound, as for Model
export interface Foresight<State = any, Action = any> {
  /** True when this read (see `isRead`) is not possible after the state, nor after any that follow without an action that `forgets`. */
  excludes?(state: State, read: Action): boolean;
  /** True for an action that can make a read possible which the state excludes; unless given, there is none. */
  forgets?(action: Action): boolean;
  /**
   * Given all actions on some objects, the same list with those without an answer made more exact, or undefined where it makes no difference
   * whether they happened.
   */
  refine?(actions: readonly TimedAction<Action>[], given: Value): readonly (Action | undefined)[];
  /**
   * Given all actions on some objects, the places in the list of those that no order allows once all that returned before them have taken
   * effect: a read of what nobody ever wrote.
   */
  impossible?(actions: readonly TimedAction<Action>[], given: Value): Iterable<number>;
  /**
   * Given all actions on some objects, pairs of them (by their places in the list) of which the first must take effect before the second, though
   * they run at the same time: what came out first went in first. Pairs of actions that occur more than once are not used.
   */
  precedences?(
    actions: readonly TimedAction<Action>[],
    given: Value,
  ): Iterable<readonly [number, number]>;
}

/** A history that this model cannot read; the message says why. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** @throws {ModelError} unless the value is a list of this many items */
export function tuple(value: Value, count: number, what: string): readonly Value[] {
  if (isList(value) && value.length === count) return value;
  throw new ModelError(`${what}; it is ${shown(value)}`);
}

/** @throws {ModelError} unless the value is a number */
export function numeric(value: Value, what: string): number {
  if (typeof value === 'number') return value;
  throw new ModelError(`${what}; it is ${shown(value)}`);
}

/** A key of a store as text. */
export function keyText(value: Value, f: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new ModelError(`a key of ${f} is a text or a number; it is ${shown(value)}`);
}

/**
 * True for an answer null where nothing was ever null: the client recorded no value, so the read tells nothing. (Knossos’ histories are
 * written so; where the object begins with null, null means that nothing was written yet.)
 */
export function isUnrecorded(output: Value | undefined, given: Value): boolean {
  return output === undefined || (output === null && given !== null);
}
