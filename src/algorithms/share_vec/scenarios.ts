/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { applicationNetwork, reportsOf } from '../application-verdict.ts';
import { connected, viewsHold } from '../overlay-verdict.ts';
import { spreadOf } from '../spread.ts';
import { first, same, within, type Verdict } from '../verdict.ts';

const SAMPLING =
  'algorithm: gbps, delay: 0.4, view_size: 4, heal: 1, swap: 1, selection_policy: rand';
const APP = 'elapsed_time: 0.4, cycles: 16';

/** All vectors are alike up to this. */
function alike(result: RunResult, limit: number): Verdict {
  const vectors = [...reportsOf<readonly number[]>(result, 'vector').values()];
  return within('spread of the vectors', spreadOf(vectors) ?? NaN, 0, limit);
}

/** Scenarios of {@link ShareVec}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Until all are alike',
    story: 'Six nodes with a number each, 1 to 6: after sixteen cycles nobody can tell them apart.',
    config: applicationNetwork(6, { app: APP, sampling: SAMPLING }, (at) => `vector: [${at + 1}]`),
    // Began with a spread of 2.3; a cycle leaves .61 of the square of it on average.
    ends: (result) => first(alike(result, 0.3), viewsHold(result, 3), connected(result)),
  },
  {
    name: 'One voice among many',
    story: 'A single 1 among zeroes: where it ends is chance, for who is heard is not who listens.',
    config: applicationNetwork(
      6,
      { app: APP, sampling: 'algorithm: cyclon, delay: 0.4, view_size: 4' },
      (at) => `vector: [${at === 0 ? 1 : 0}]`,
    ),
    ends: (result) => alike(result, 0.15),
  },
  {
    name: 'Vectors on a ring',
    story: 'No sampling: everybody has two neighbours for ever, and news takes its time.',
    config: Array.from({ length: 6 }, (_, at) => {
      const [left, right] = [((at + 5) % 6) + 1, ((at + 1) % 6) + 1];
      const app = `{ elapsed_time: 0.2, cycles: 40, vector: [${at}, ${-at}] }`;
      return `n${at + 1}: { neighbours: [n${left}, n${right}], app: ${app}, sampling: { algorithm: static } }`;
    }).join('\n'),
    ends: (result) => first(alike(result, 0.6), viewsHold(result, 2)),
  },
  {
    name: 'Alone',
    story: 'Nobody to share with: the vector stays as it was.',
    config: applicationNetwork(1, { app: `${APP}, vector: [1, 2]`, sampling: SAMPLING }),
    ends: (result) => same('n1 reports', result.nodes['n1']?.report['vector'], [1, 2]),
  },
];
