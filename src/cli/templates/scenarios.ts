/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';

const ring = `
n1: { neighbours: [n2, n5], rumour: the ring is round }
n2: { neighbours: [n1, n3] }
n3: { neighbours: [n2, n4] }
n4: { neighbours: [n3, n5] }
n5: { neighbours: [n4, n1] }
`;

/** Scenarios of {@link ChapterName}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'A ring of five',
    story: 'The rumour runs around both ways and meets itself on the far side.',
    config: ring,
    ends: ({ nodes }) => {
      const deaf = Object.entries(nodes).find(
        ([, { report }]) => report['heard'] !== 'the ring is round',
      );
      return deaf && `${deaf[0]} did not hear it`;
    },
  },
];
