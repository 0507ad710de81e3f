/** How nodes come to one number, drawn while a run goes on: a line for each of them, and the one to which they should come. */

import type { Dashboard } from '../core/chapter.ts';

/** A heading of its own for one such chart. */
export function convergenceOf<State>({ name, value, aim }: Convergence<State>): Dashboard<State> {
  return {
    name: 'Convergence',
    charts: [
      {
        ...{ name, unit: '' },
        ...(aim === undefined ? {} : { aim: aim.name }),
        lines: (states, ids) => ({
          // It comes first: of many nodes not all have a line.
          ...(aim === undefined ? {} : { [aim.name]: aim.of(states) }),
          ...Object.fromEntries(ids.map((id, at) => [id, value(states[at]!)] as const)),
        }),
      },
    ],
  };
}

/** What is to be drawn. */
export interface Convergence<State> {
  /** For people, e.g. `Value of each node`. */
  readonly name: string;
  readonly value: (state: State) => number | undefined;
  /** Where all should come to, where that can be said. */
  readonly aim?: {
    /** No node has this name, e.g. `mean at the start`. */
    readonly name: string;
    readonly of: (states: readonly State[]) => number | undefined;
  };
}
