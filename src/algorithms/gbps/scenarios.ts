/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { connected, everybodyKnown, happened, viewsHold } from '../overlay-verdict.ts';
import { first, nodeNames, same } from '../verdict.ts';

const SWAPPER = 'view_size: 4, heal: 0, swap: 2, selection_policy: rand';

/** So many nodes with these settings, each with the bootnodes that `knows` names. */
export function network(
  count: number,
  settings: string,
  knows?: (at: number) => readonly string[],
): string {
  return nodeNames(count)
    .map((id, at) => {
      const bootnodes = knows === undefined ? '' : `, bootnodes: [${knows(at).join(', ')}]`;
      return `${id}: { delay: 1, ${settings}${bootnodes} }`;
    })
    .join('\n');
}

/** The next nodes of a ring. */
export function lattice(count: number, known: number): (at: number) => readonly string[] {
  return (at) => Array.from({ length: known }, (_, i) => `n${((at + i + 1) % count) + 1}`);
}

/** Scenarios of {@link Gbps}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'From a ring to a random graph',
    story: 'Eight nodes know the next three of a ring; swapping spreads them over the whole.',
    config: network(8, SWAPPER, lattice(8, 3)),
    ends: (result) => first(viewsHold(result, 4), connected(result), happened(result, 'exchanges')),
  },
  {
    name: 'Everybody knows one door',
    story:
      'All begin with n1 alone, the paper’s growing start: it is known by all, and soon no more than others.',
    config: network(7, SWAPPER, () => ['n1']),
    ends: (result) => first(viewsHold(result, 2), connected(result)),
  },
  {
    name: 'The healer',
    story: 'Half a view of the oldest goes in every exchange: what is dead is forgotten at once.',
    config: network(8, 'view_size: 6, heal: 3, swap: 0, selection_policy: old'),
    faults: { crashes: [{ nodes: 'any 2', at: '3s' }] },
    ends: (result) => first(viewsHold(result, 4), connected(result)),
  },
  {
    name: 'Push alone',
    story: 'Nobody answers: fewer messages, and a network that may fall apart when it grows.',
    config: network(6, 'view_size: 4, heal: 1, swap: 1, propagation_policy: push'),
    ends: (result) => first(viewsHold(result, 4), happened(result, 'exchanges')),
  },
  {
    name: 'A view for everybody',
    story: 'Three nodes and views of two: each ends with both others in its view.',
    config: network(3, 'view_size: 2, heal: 0, swap: 1, selection_policy: rand', lattice(3, 1)),
    ends: (result) => first(viewsHold(result, 2), connected(result), everybodyKnown(result)),
  },
  {
    name: 'Alone',
    story: 'Nobody to gossip with, nothing to send.',
    config: network(1, SWAPPER),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];
