/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { missedBy } from '../detection.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the arrows are whom it knows. */
export function view(state: VisibleState): NodePicture {
  const { vector, initial, view, cycle, received, sent } = state;
  return {
    role: received === 0 ? 'as it began' : 'sharing',
    badges: [vector[0]?.toFixed(2) ?? '–'],
    ...(vector[0] === undefined ? {} : { gauge: { value: vector[0] } }),
    rows: { cycle, vector, initial, received, sent, view, ...missedBy(state) },
    edges: view,
  };
}
