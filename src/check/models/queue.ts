/** A first-in-first-out queue: the example of Herlihy and Wing, section 2. */

import type { Value } from '../../core/value.ts';
import { isList, sameValue, shown, textOf } from '../text.ts';
import { ModelError, type Model, type TimedAction } from './model.ts';

type QueueAction =
  | { readonly do: 'enqueue'; readonly value: Value }
  | { readonly do: 'dequeue'; readonly value: Value }
  /** A dequeue without an answer; `of` are the values that it may have taken, as texts, if that is known. */
  | { readonly do: 'take'; readonly of?: readonly string[] };

/** `enqueue` value, `dequeue` → value, null when the queue was empty. The state is the list of what is in it, the next one first. */
export const queue: Model<readonly Value[], QueueAction> = {
  name: 'queue',
  operations: ['enqueue', 'dequeue'],
  initial(given) {
    if (given === null) return [];
    if (isList(given)) return given;
    throw new ModelError(`the initial state of a queue is a list; it is ${shown(given)}`);
  },
  action({ f, input, output }) {
    if (f === 'dequeue') return output === undefined ? { do: 'take' } : { do: f, value: output };
    if (input === null)
      throw new ModelError('null cannot be enqueued: it stands for an empty queue');
    return { do: 'enqueue', value: input };
  },
  step(state, action) {
    const [head] = state;
    switch (action.do) {
      case 'enqueue':
        return [...state, action.value];
      case 'dequeue':
        if (head === undefined || action.value === null) {
          return head === undefined && action.value === null ? state : undefined;
        }
        return sameValue(head, action.value) ? state.slice(1) : undefined;
      case 'take':
        if (head === undefined) return state;
        return action.of?.includes(textOf(head)) === false ? undefined : state.slice(1);
    }
  },
  isRead: (action) => action.do === 'dequeue' && action.value === null,
  foresight: { impossible, refine, precedences },
  describe(action) {
    if (action.do === 'take') return 'dequeue';
    const value = action.value === null ? 'empty' : shown(action.value);
    return action.do === 'enqueue' ? `enqueue ${value}` : `dequeue → ${value}`;
  },
};

/** What became of the values, by their texts. */
interface Traffic {
  /** True for values that are enqueued once and returned at most once: of others nothing can be said. */
  readonly isSingle: ReadonlyMap<string, boolean>;
  /** The dequeue that returned a value, or would have. */
  readonly dequeued: ReadonlyMap<string, TimedAction<QueueAction>>;
}

function trafficOf(actions: readonly TimedAction<QueueAction>[], given: Value): Traffic {
  const isSingle = new Map<string, boolean>();
  const dequeued = new Map<string, TimedAction<QueueAction>>();
  const count = (text: string) => isSingle.set(text, !isSingle.has(text));
  if (isList(given)) given.map(textOf).forEach(count);
  for (const { action } of actions) if (action.do === 'enqueue') count(textOf(action.value));
  for (const timed of actions) {
    if (timed.action.do !== 'dequeue') continue;
    const text = textOf(timed.action.value);
    if (dequeued.has(text)) isSingle.set(text, false);
    dequeued.set(text, timed);
  }
  return { isSingle, dequeued };
}

/** Dequeues of a value that was never enqueued, or not so often. */
function* impossible(
  actions: readonly TimedAction<QueueAction>[],
  given: Value,
): Generator<number> {
  const left = new Map<string, number>();
  const change = (value: Value, by: number) => {
    const count = (left.get(textOf(value)) ?? 0) + by;
    left.set(textOf(value), count);
    return count;
  };
  if (isList(given)) for (const value of given) change(value, 1);
  for (const { action } of actions) if (action.do === 'enqueue') change(action.value, 1);
  const byReturn = [...actions.entries()].toSorted(([, a], [, b]) => a.returned - b.returned);
  for (const [at, { action, returned }] of byReturn) {
    if (action.do !== 'dequeue' || action.value === null || returned === Infinity) continue;
    if (change(action.value, -1) < 0) yield at;
  }
}

/**
 * A dequeue without an answer did not take a value that is enqueued once and that another dequeue returned. A value whose enqueue has no answer
 * and that nobody returned may as well never have been there.
 */
function refine(
  actions: readonly TimedAction<QueueAction>[],
  given: Value,
): (QueueAction | undefined)[] {
  const { isSingle, dequeued } = trafficOf(actions, given);
  const useful = actions.map(({ action, returned }) => {
    if (action.do !== 'enqueue' || returned < Infinity) return action;
    const text = textOf(action.value);
    return isSingle.get(text) === true && !dequeued.has(text) ? undefined : action;
  });
  const isTaken = (text: string) => (dequeued.get(text)?.returned ?? Infinity) < Infinity;
  const of = [...isSingle].filter(([text, is]) => !is || !isTaken(text)).map(([text]) => text);
  return useful.map((action) => {
    if (action?.do !== 'take') return action;
    return of.length === 0 ? undefined : { do: 'take', of };
  });
}

/**
 * Of two values enqueued at the same time, the one that came out before the dequeue of the other began went in first, and one that came out
 * before one that never did. Said only of values that are enqueued once. (Emmi and Enea, “Sound, complete, and tractable linearizability
 * monitoring for concurrent collections”, POPL 2018, decide whole histories by such rules.)
 */
function precedences(
  actions: readonly TimedAction<QueueAction>[],
  given: Value,
): [number, number][] {
  const { isSingle, dequeued } = trafficOf(actions, given);
  // A dequeue without an answer may have taken what nobody returned.
  const isGuess = actions.some(({ action }) => action.do === 'take');
  const pairs: [number, number][] = [];
  let running: { at: number; returned: number; out: TimedAction<QueueAction> | undefined }[] = [];
  for (const [at, { action, invoked, returned }] of actions.entries()) {
    if (action.do !== 'enqueue' || isSingle.get(textOf(action.value)) !== true) continue;
    running = running.filter((other) => other.returned > invoked);
    const out = dequeued.get(textOf(action.value));
    for (const other of running) {
      if (isOutBefore(other.out, out, isGuess)) pairs.push([other.at, at]);
      else if (isOutBefore(out, other.out, isGuess)) pairs.push([at, other.at]);
    }
    running.push({ at, returned, out });
  }
  return pairs;
}

/** True when the value of `a` came out before that of `b` could; undefined stands for a value that nobody returned. */
function isOutBefore(
  a: TimedAction<QueueAction> | undefined,
  b: TimedAction<QueueAction> | undefined,
  isGuess: boolean,
): boolean {
  if (a === undefined || a.returned === Infinity) return false;
  return b === undefined ? !isGuess : a.returned < b.invoked;
}
