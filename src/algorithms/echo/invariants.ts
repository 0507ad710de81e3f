/** What must be true of all nodes together while a wave is out. */

import type { Invariant } from '../../core/invariant.ts';
import { firstOf, hasFinished, stateOf, withState } from '../verdict.ts';
import type { EchoState } from './echo.ts';

/** Invariants of {@link Echo}. */
export const invariants: readonly Invariant<EchoState>[] = [
  {
    name: 'Whoever answered a call had heard it',
    check: (view) =>
      firstOf(withState(view), (caller) =>
        firstOf(caller.state.answered, (id) => {
          const other = stateOf(view, id);
          if (other === undefined || (other.heard[caller.id] ?? 0) > 0) return undefined;
          return `${caller.id} has an answer of ${id}, which never heard the call`;
        }),
      ),
  },
  {
    name: 'Only what a start node called is heard',
    check: (view) =>
      firstOf(withState(view), (listener) =>
        firstOf(Object.keys(listener.state.heard), (id) => {
          const caller = stateOf(view, id);
          if (caller === undefined) return undefined;
          const called = [...caller.awaiting, ...caller.answered, ...caller.silent];
          if (caller.start_node && called.includes(listener.id)) return undefined;
          return `${listener.id} heard a call that ${id} did not make`;
        }),
      ),
  },
  {
    name: 'A node has done its part only when nobody owes it an answer',
    check: (view) =>
      firstOf(withState(view), (node) => {
        const { awaiting } = node.state;
        if (!hasFinished(node) || awaiting.length === 0) return undefined;
        return `${node.id} is ${node.status} and still waits for ${awaiting.join(', ')}`;
      }),
  },
];
