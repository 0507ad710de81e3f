/** Worlds of Paxos in which everything that can happen is tried. */

import type { SmallWorld } from '../../core/small-world.ts';
import { nodeNames } from '../verdict.ts';
import type { VisibleState } from './invariants.ts';

/** Nodes that begin one round each, and no second. */
function impatient(n: number, ...values: readonly string[]): string {
  return nodeNames(n)
    .map((id, index) => {
      const own = values[index] === undefined ? '' : `value: ${values[index]}, `;
      return `${id}: { ${own}retry: never }`;
    })
    .join('\n');
}

/** Small worlds of {@link Paxos}. */
export const smallWorlds: readonly SmallWorld<VisibleState>[] = [
  {
    name: 'Two proposers',
    story: 'Three nodes, two of which want different things; any message may come again, or never.',
    config: impatient(3, 'red', 'blue'),
    adversary: { duplicates: true },
  },
  {
    name: 'Four nodes',
    story: 'An even number: two halves share nobody, two majorities do.',
    config: impatient(4, 'red', 'blue'),
    adversary: { duplicates: true },
  },
  {
    name: 'An acceptor restarts',
    story:
      'The one that wants nothing goes down at the worst moment, and comes back with its disk.',
    config: impatient(3, 'red', 'blue'),
    adversary: { duplicates: true, crashes: 1, mayCrash: ['n3'] },
  },
  {
    name: 'Before it is written',
    story: 'The same, and what was being written when it went down is lost.',
    config: impatient(3, 'red', 'blue'),
    adversary: { duplicates: true, crashes: 1, mayCrash: ['n3'], slowDisks: true },
  },
  {
    name: 'Three proposers',
    story: 'All three want something: a ballot may find two older ones, with different values.',
    config: impatient(3, 'red', 'blue', 'green'),
    adversary: { duplicates: true },
  },
  {
    name: 'A second round',
    story: 'One node tries again with a higher ballot, and must find what was chosen meanwhile.',
    config: 'n1: { value: red }\nn2: { value: blue, retry: never }\nn3: { retry: never }',
    adversary: { duplicates: true, timeouts: 1 },
  },
];
