/** A set of values. */

import type { Value } from '../../core/value.ts';
import { isList, listed, shown, textOf } from '../text.ts';
import { ModelError, type Model, type TimedAction } from './model.ts';

type SetAction =
  | { readonly do: 'add' | 'remove'; readonly element: string }
  | { readonly do: 'contains'; readonly element: string; readonly is: boolean }
  | { readonly do: 'read'; readonly elements: readonly string[] };

/**
 * `add` value, `remove` value, `contains` value → boolean, `read` → list of all values in any order. The state is the list of what is in it,
 * in ascending order of their texts.
 */
export const set: Model<readonly string[], SetAction> = {
  name: 'set',
  operations: ['add', 'remove', 'contains', 'read'],
  initial(given) {
    if (given === null) return [];
    if (isList(given)) return elementsOf(given);
    throw new ModelError(`the initial state of a set is a list; it is ${shown(given)}`);
  },
  action({ f, input, output }) {
    if (f === 'add' || f === 'remove') return { do: f, element: textOf(input) };
    if (output === undefined) return undefined;
    if (f === 'contains') {
      if (typeof output === 'boolean') return { do: f, element: textOf(input), is: output };
      throw new ModelError(`contains returns true or false; it is ${shown(output)}`);
    }
    if (isList(output)) return { do: 'read', elements: elementsOf(output) };
    // A read of nothing recorded tells nothing.
    if (output === null) return undefined;
    throw new ModelError(`a read of a set returns a list; it is ${shown(output)}`);
  },
  step(state, action) {
    if (action.do === 'read') return isSameList(state, action.elements) ? state : undefined;
    const place = placeOf(state, action.element);
    const isIn = state[place] === action.element;
    switch (action.do) {
      case 'contains':
        return isIn === action.is ? state : undefined;
      case 'add':
        return isIn ? state : state.toSpliced(place, 0, action.element);
      case 'remove':
        return isIn ? state.toSpliced(place, 1) : state;
    }
  },
  isRead: (action) => action.do === 'read' || action.do === 'contains',
  foresight: {
    excludes(state, action) {
      if (action.do === 'contains') return !action.is && state.includes(action.element);
      return action.do === 'read' && !isSubset(state, action.elements);
    },
    forgets: (action) => action.do === 'remove',
    impossible,
  },
  key: (state) => state.join('\n'),
  describe(action) {
    switch (action.do) {
      case 'read':
        return `read → {${listed(action.elements, 8)}}`;
      case 'contains':
        return `contains ${action.element} → ${action.is}`;
      case 'add':
      case 'remove':
        return `${action.do} ${action.element}`;
    }
  },
  describeState: (state) => `{${listed(state, 8)}}`,
};

/** Reads of elements that nobody ever added. */
function* impossible(actions: readonly TimedAction<SetAction>[], given: Value): Generator<number> {
  const added = new Set(isList(given) ? given.map(textOf) : []);
  for (const { action } of actions) if (action.do === 'add') added.add(action.element);
  for (const [at, { action }] of actions.entries()) {
    const seen =
      action.do === 'read'
        ? action.elements
        : action.do === 'contains' && action.is
          ? [action.element]
          : [];
    if (seen.some((element) => !added.has(element))) yield at;
  }
}

function elementsOf(values: readonly Value[]): readonly string[] {
  return [...new Set(values.map(textOf))].toSorted();
}

/** Where the element is, or would have to be inserted. */
function placeOf(elements: readonly string[], element: string): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (elements[middle]! < element) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((element, at) => element === b[at]);
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  return some.every((element) => {
    while (at < all.length && all[at]! < element) at++;
    return all[at] === element;
  });
}
