/** What must be true of all nodes together while chains grow. */

import type { GlobalView, Invariant, NodeView } from '../../core/invariant.ts';
import { firstOf, hasFinished, stateOf, withState, type Verdict } from '../verdict.ts';
import type { MessageChainState } from './message-chain.ts';

/** Invariants of {@link MessageChain}. */
export const invariants: readonly Invariant<MessageChainState>[] = [
  {
    name: 'A chain is a simple path from an initiator, no longer than max_hops',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(state.chains, (path) => {
          const first = view.nodes.find((node) => node.id === path[0]);
          const isSimple = new Set([...path, id]).size === path.length + 1;
          const begins = first === undefined || first.settings['is_initiator'] === true;
          if (isSimple && begins && path.length <= state.max_hops) return undefined;
          return `${id} holds the chain ${path.join(' → ')}`;
        }),
      ),
  },
  {
    name: 'Whoever signed a chain had received the chain before its signature',
    check: (view) => {
      const held = new Map(
        withState(view).map(({ id, state }) => [id, new Set(state.chains.map(pathKey))]),
      );
      return firstOf(withState(view), ({ id, state }) =>
        firstOf(state.chains, (path) => {
          const chains = held.get(path.at(-1)!);
          if (path.length < 2 || chains === undefined) return undefined;
          if (chains.has(pathKey(path.slice(0, -1)))) return undefined;
          return `${id} holds ${path.join(' → ')}, which ${path.at(-1)} never had`;
        }),
      );
    },
  },
  {
    name: 'What arrives is what the initiator said',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.values), ([initiator, values]) => {
          const said = stateOf(view, initiator)?.value;
          const wrong = values.find((value) => said !== undefined && value !== said);
          return wrong === undefined ? undefined : `${id} has '${wrong}' from ${initiator}`;
        }),
      ),
  },
  {
    name: 'When all initiators have done their part, no chain is under way',
    check: (view) => {
      const isOver = view.nodes.every(
        (node) => node.settings['is_initiator'] !== true || hasFinished(node),
      );
      // A timeout is a guess that the answer will not come: after one, nobody can be sure.
      const isCertain = withState(view).every(({ state }) => state.unanswered === 0);
      return isOver && isCertain ? waiting(view) : undefined;
    },
  },
];

function waiting(view: GlobalView<MessageChainState>): Verdict {
  return firstOf(withState(view), ({ id, state }: NodeView<MessageChainState>) =>
    state.deficit === 0 ? undefined : `${id} still waits for ${state.deficit} answers`,
  );
}

function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}
