/**
 * The properties of Byzantine reliable broadcast (CGR 2011, Module 3.12), and the lemmas on the way
 * to them.
 */

import type { NodeId } from '../../core/id.ts';
import type { GlobalView, Invariant, NodeView } from '../../core/invariant.ts';
import { first, firstOf, stateOf, withState, type Verdict } from '../verdict.ts';
import type { Delivery } from './bracha.ts';
import { amplification, deliveryQuorum, echoQuorum } from './quorums.ts';

/** One broadcast, as a node shows it. */
export interface VisibleInstance {
  readonly echoed: string | null;
  readonly readied: string | null;
  readonly echoes: Readonly<Record<NodeId, string>>;
  readonly readies: Readonly<Record<NodeId, string>>;
}

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly f: number;
  readonly value: string | null;
  readonly instances: Readonly<Record<NodeId, VisibleInstance>>;
  readonly deliveries: readonly Delivery[];
}

type Node = NodeView<VisibleState>;

/** Invariants of {@link Bracha}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'Agreement: no two nodes deliver different values of one origin',
    check: (view) =>
      oneValueEach(withState(view), 'delivered', ({ state }) =>
        state.deliveries.map(({ origin, value }) => [origin, value]),
      ),
  },
  {
    name: 'Integrity: a node delivers once for an origin, and what that origin broadcast',
    check: (view) =>
      firstOf(withState(view), ({ id, state: { deliveries } }) =>
        firstOf(deliveries, ({ origin, value }) => {
          const said = stateOf(view, origin)?.value;
          if (said !== undefined && said !== value) {
            return `${id} delivered '${value}' of ${origin}, which broadcast ${said ?? 'nothing'}`;
          }
          const times = deliveries.filter((other) => other.origin === origin).length;
          return times === 1 ? undefined : `${id} delivered ${times} times for ${origin}`;
        }),
      ),
  },
  {
    name: 'No two nodes are ready for different values of one origin',
    check: (view) => oneValueEach(withState(view), 'was ready for', readiedOf),
  },
  {
    name: 'A ready has a quorum of echoes or f + 1 readies behind it, a delivery 2f + 1 readies',
    check: (view) =>
      firstOf(withState(view), (node) => {
        const { f, deliveries } = node.state;
        const quorum = echoQuorum(view.nodes.length, f);
        const voters = view.nodes.map(({ id }) => id);
        return first(
          firstOf(readiedOf(node), ([origin, value]) => {
            const { echoes, readies } = node.state.instances[origin]!;
            if (supporters(voters, echoes, value) >= quorum) return undefined;
            if (supporters(voters, readies, value) >= amplification(f)) return undefined;
            return `${node.id} was ready for '${value}' of ${origin} without a quorum`;
          }),
          firstOf(deliveries, ({ origin, value }) => {
            const support = supporters(voters, node.state.instances[origin]?.readies ?? {}, value);
            if (support >= deliveryQuorum(f)) return undefined;
            return `${node.id} delivered '${value}' of ${origin} on ${support} readies`;
          }),
        );
      }),
  },
  {
    name: 'Nobody is quoted with an echo or a ready that it did not send',
    check: (view) =>
      firstOf(withState(view), (node) =>
        firstOf(Object.entries(node.state.instances), ([origin, { echoes, readies }]) =>
          first(
            misquoted(node, view, origin, 'echoed', echoes),
            misquoted(node, view, origin, 'readied', readies),
          ),
        ),
      ),
  },
];

function readiedOf({ state }: Node): [origin: NodeId, value: string][] {
  return Object.entries(state.instances).flatMap(([origin, { readied }]) =>
    readied === null ? [] : [[origin, readied]],
  );
}

/** All nodes must have the same value for an origin, as far as they have one. */
function oneValueEach(
  nodes: readonly Node[],
  did: string,
  valuesOf: (node: Node) => readonly (readonly [origin: NodeId, value: string])[],
): Verdict {
  const seen = new Map<NodeId, { readonly id: NodeId; readonly value: string }>();
  return firstOf(nodes, (node) =>
    firstOf(valuesOf(node), ([origin, value]) => {
      const other = seen.get(origin);
      if (other === undefined) seen.set(origin, { id: node.id, value });
      if (other === undefined || other.value === value) return undefined;
      return `of ${origin}, ${other.id} ${did} '${other.value}' and ${node.id} '${value}'`;
    }),
  );
}

function misquoted(
  node: Node,
  view: GlobalView<VisibleState>,
  origin: NodeId,
  what: 'echoed' | 'readied',
  quotes: Readonly<Record<NodeId, string>>,
): Verdict {
  return firstOf(Object.entries(quotes), ([id, quote]) => {
    const quoted = stateOf(view, id);
    if (quoted === undefined) return undefined;
    const said = quoted.instances[origin]?.[what] ?? null;
    if (said === quote) return undefined;
    return `${node.id} holds that ${id} ${what} '${quote}' of ${origin}, not ${said ?? 'nothing'}`;
  });
}

/** Nodes that said `value`, each counted once, however its words are kept. */
function supporters(
  voters: readonly NodeId[],
  words: Readonly<Record<NodeId, string>>,
  value: string,
): number {
  return voters.filter((id) => words[id] === value).length;
}
