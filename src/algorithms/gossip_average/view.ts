/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { missedBy } from '../detection.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: who waits for an answer plays another part. */
export function view(state: VisibleState): NodePicture {
  const { value, initial, exchange, pending, cycle, exchanges, refused, given_up, view } = state;
  const counts =
    exchange === 'pushpull'
      ? { exchanges, refused, given_up, waits_for: pending?.peer ?? null }
      : { sum: state.sum, weight: state.weight };
  return {
    role: pending === null ? 'at rest' : 'waiting',
    badges: [value.toFixed(2)],
    gauge: { value },
    rows: { cycle, value, initial, ...counts, view, ...missedBy(state) },
    edges: view,
  };
}
