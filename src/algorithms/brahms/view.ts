/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the view is what the node's arrows are. */
export function view({ view, samples, ...state }: VisibleState): NodePicture {
  const known = samples.filter((sample) => sample !== null);
  return {
    role: state.pushes > state.push_limit ? 'blocked' : 'member',
    badges: [`${new Set(view).size}/${state.view_size}`],
    rows: {
      rounds: state.rounds,
      renewals: state.renewals,
      blocked: state.blocked,
      refused: state.refused,
      pushes: `${state.pushes} of ${state.push_limit}`,
      view: [...view],
      samples: [...known],
    },
    edges: [...new Set(view)],
  };
}
