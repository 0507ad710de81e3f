/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { missedBy } from '../detection.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the badge is the share of tests that it gets right. */
export function view(state: VisibleState): NodePicture {
  const { accuracy, model, steps, merges, awaited, asked, answered, cancelled, view } = state;
  return {
    role: awaited.length === 0 ? 'learning' : 'waiting',
    badges: [`${Math.round(accuracy * 100)} %`],
    gauge: { value: accuracy, scale: [0, 1] },
    rows: {
      ...{ accuracy, steps, merges, asked, answered, cancelled, given_up: state.given_up },
      model,
      waits_for: awaited.map(({ peer }) => peer),
      view,
      ...missedBy(state),
    },
    edges: view,
  };
}
