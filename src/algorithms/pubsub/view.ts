/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { PubsubState } from './state.ts';

/** A pure function of the node's state. */
export function view(state: PubsubState): NodePicture {
  const {
    orders,
    published,
    delivered,
    lamport,
    unreachable,
    leader,
    have,
    passed,
    registry,
    stream,
  } = state;
  const me = stream.slice(stream.indexOf('/') + 1);
  return {
    role: leader === me ? 'leads the registry' : 'member',
    badges: [`↑${published}`, `↓${delivered}`, `L${lamport}`],
    rows: {
      'has everything up to': have,
      'delivers up to': passed,
      ...Object.fromEntries(
        Object.entries(orders).map(([name, names]) => [name, names.slice(-5).join(', ')]),
      ),
      subscriptions: registry,
      'not reached': unreachable,
    },
  };
}
