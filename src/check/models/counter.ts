/** A number that is added to. */

import { numeric, isUnrecorded, type Model } from './model.ts';

type CounterAction = { readonly do: 'add' | 'read'; readonly value: number };

/** `add` number (also `increment` and `decrement`, by 1 unless they have a value), `read` → number. Begins with 0. */
export const counter: Model<number, CounterAction> = {
  name: 'counter',
  operations: ['add', 'increment', 'decrement', 'read'],
  initial: (given) => numeric(given ?? 0, 'a counter begins with a number'),
  action({ f, input, output }, given) {
    switch (f) {
      case 'read':
        if (isUnrecorded(output, given ?? 0)) return undefined;
        return { do: 'read', value: numeric(output!, 'a read of a counter returns a number') };
      case 'add':
        return { do: 'add', value: numeric(input, 'add takes a number') };
      default: {
        const by = numeric(input ?? 1, `${f} takes a number`);
        return { do: 'add', value: f === 'decrement' ? -by : by };
      }
    }
  },
  step(state, { do: what, value }) {
    if (what === 'add') return state + value;
    return state === value ? state : undefined;
  },
  isRead: ({ do: what }) => what === 'read',
  foresight: {
    excludes: (state, { value }) => state > value,
    forgets: ({ do: what, value }) => what === 'add' && value < 0,
  },
  key: (state) => state,
  describe: ({ do: what, value }) => (what === 'read' ? `read → ${value}` : `add ${value}`),
};
