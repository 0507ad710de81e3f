/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { applicationNetwork, reportsOf } from '../application-verdict.ts';
import { spreadOf } from '../spread.ts';
import { first, firstOf, within, type Verdict } from '../verdict.ts';

const SAMPLING =
  'algorithm: gbps, delay: 0.5, view_size: 4, heal: 1, swap: 1, selection_policy: rand';
const APP = 'elapsed_time: 0.4, cycles: 15, tests: 50';

/** Everybody gets this share of the tests right, at least. */
function accurate(result: RunResult, share: number): Verdict {
  return firstOf(reportsOf<number>(result, 'accuracy'), ([id, accuracy]) =>
    within(`accuracy of ${id}`, accuracy, share, 1),
  );
}

function alike(result: RunResult, limit: number): Verdict {
  const models = [...reportsOf<readonly number[]>(result, 'model').values()];
  return within('spread of the models', spreadOf(models) ?? NaN, 0, limit);
}

/** Scenarios of {@link GossipLearning}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Half of the truth each',
    story:
      'Three nodes see one label, three the other; alone each would guess, together they know.',
    config: applicationNetwork(6, { app: `${APP}, skew: 1, probability: 1`, sampling: SAMPLING }),
    ends: (result) => first(accurate(result, 0.7), alike(result, 0.6)),
  },
  {
    name: 'Push alone',
    story: 'Models are sent, and none is asked for: half the messages, and it takes longer.',
    config: applicationNetwork(5, {
      app: `${APP}, exchange: push, probability: 1, skew: 0.5`,
      sampling: SAMPLING,
    }),
    ends: (result) => accurate(result, 0.7),
  },
  {
    name: 'Everybody asks everybody',
    story: 'Two at once, so that many are in the middle of an exchange when asked: they cancel.',
    config: applicationNetwork(5, {
      app: `${APP}, probability: 1, share_with: 2`,
      sampling: SAMPLING,
    }),
    ends: (result) => accurate(result, 0.7),
  },
  {
    name: 'Alone',
    story: 'One node and its own examples, of which a twentieth are wrong.',
    config: applicationNetwork(1, { app: `${APP}, skew: 0, samples: 40`, sampling: SAMPLING }),
    ends: (result) => accurate(result, 0.7),
  },
];
