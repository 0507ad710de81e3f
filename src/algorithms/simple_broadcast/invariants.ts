/**
 * The properties of best-effort broadcast (CGR 2011, Module 3.1), as seen from the layer above it.
 */

import type { Invariant } from '../../core/invariant.ts';
import { firstOf, hasFinished, stateOf, withState } from '../verdict.ts';
import type { SimpleBroadcastState } from './simple-broadcast-upper.ts';

/** Invariants of {@link SimpleBroadcastUpper}. */
export const invariants: readonly Invariant<SimpleBroadcastState>[] = [
  {
    name: 'No creation: what is heard was broadcast',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.heard), ([speaker, { indexes, announced }]) => {
          const other = stateOf(view, speaker);
          if (other === undefined) return undefined;
          const { sends, echoed } = other;
          const made = indexes.find((index) => index >= sends);
          if (made !== undefined)
            return `${id} heard text ${made} of ${speaker}, which sent ${sends}`;
          if (announced === null || (echoed && announced === sends)) return undefined;
          return `${id} heard ${speaker} announce ${announced} texts, and it sent ${sends}`;
        }),
      ),
  },
  {
    name: 'No duplication: every text counts once',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.heard), ([speaker, { indexes }]) => {
          if (new Set(indexes).size === indexes.length) return undefined;
          return `${id} counts a text of ${speaker} twice: ${indexes.join(', ')}`;
        }),
      ),
  },
  {
    name: 'Validity: whoever has done its part was heard in full by itself and all its neighbours',
    check: (view) =>
      firstOf(withState(view), (speaker) => {
        const { echoed, sends, silent, neighbours } = speaker.state;
        if (!hasFinished(speaker) || !echoed) return undefined;
        const listeners = [speaker.id, ...neighbours.filter((id) => !silent.includes(id))];
        return firstOf(listeners, (id) => {
          const hearing = stateOf(view, id)?.heard[speaker.id];
          if (hearing?.announced === sends && hearing.indexes.length === sends) return undefined;
          return `${id} heard ${hearing?.indexes.length ?? 0} of ${sends} texts of ${speaker.id}`;
        });
      }),
  },
];
