/** What must be true of every disseminator at every moment. */

import type { Invariant } from '../../core/invariant.ts';
import { firstOf, stateOf, withState } from '../verdict.ts';
import { PENDING_MAX } from './state.ts';
import type { CommonVisible } from './visible.ts';

/** No message goes up twice. */
export const DELIVERED_ONCE = 'Every message is delivered once at most';
/** What goes up was said. */
export const NO_CREATION = 'What is delivered was published by its origin';

/** Invariants of every disseminator. */
export const commonInvariants: readonly Invariant<CommonVisible>[] = [
  {
    name: DELIVERED_ONCE,
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.topics), ([topic, { heard }]) =>
          firstOf(heard, ({ origin, delivered, seen }) =>
            delivered <= seen
              ? undefined
              : `${id} has delivered ${delivered} messages of ${origin} in ${topic}, and seen ${seen}`,
          ),
        ),
      ),
  },
  {
    name: NO_CREATION,
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.topics), ([topic, { heard }]) =>
          firstOf(heard, ({ origin, incarnation, end }) => {
            const author = stateOf(view, origin);
            // Of an incarnation that is over nobody can say any more what it published.
            if (author === undefined || author.incarnation !== incarnation) return undefined;
            const published = author.topics[topic]?.published ?? 0;
            if (end <= published) return undefined;
            return `${id} has message ${end - 1} of ${origin} in ${topic}, which published ${published}`;
          }),
        ),
      ),
  },
  {
    name: 'No more publications wait for a verdict than may',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.unjudged <= PENDING_MAX ? undefined : `${id} keeps ${state.unjudged} back`,
      ),
  },
];
