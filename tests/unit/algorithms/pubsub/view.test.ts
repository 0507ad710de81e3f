/** What a member shows of itself in the lab. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chapter } from '../../../../src/algorithms/pubsub/index.ts';
import type { PubsubState } from '../../../../src/algorithms/pubsub/state.ts';
import { planned } from '../../../compliance/algorithm.suite.ts';
import { resultOf, simulatePlan } from '../../../support/simulate.ts';

test('it shows how many messages it has delivered, as its report says at the end', async () => {
  const config = readFileSync('configs/pubsub.yaml', 'utf8');
  const run = await simulatePlan(planned(chapter, config, { seed: 1 }).plan);
  for (const id of ['n1', 'n2', 'n3']) {
    const { delivered } = resultOf(run, id).report as { delivered: number };
    expect(delivered).toBeGreaterThan(0);
    const last = run.trace.findLast(
      (event) => event.kind === 'state' && event.node === id && !event.path.includes('.'),
    ) as { readonly state: unknown } | undefined;
    const { badges } = chapter.view!(last!.state as PubsubState);
    expect(badges).toContain(`↓${delivered}`);
  }
});
