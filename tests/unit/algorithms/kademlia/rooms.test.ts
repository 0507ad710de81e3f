/** Rooms found by their name: who is in one is found, and who crashed is not for long. */

import { expect, test } from 'vitest';
import { chapter } from '../../../../src/algorithms/kademlia/index.ts';
import { planned } from '../../../compliance/algorithm.suite.ts';
import { simulatePlan, type Run } from '../../../support/simulate.ts';

const scenario = chapter.scenarios.find(({ name }) => name === 'A room forgets who crashed')!;

function play(seed: number, serviceMs: number, faults = scenario.faults!): Promise<Run> {
  const { plan } = planned(chapter, scenario.config, { seed });
  return simulatePlan({ ...plan, faults }, { serviceMs, traced: false });
}

const autumn = (run: Run, id: string) => run.nodes[id]!.report['rooms'];

test('a record outlives its node by three refreshes and no more', async () => {
  for (const seed of [1, 2, 3]) {
    // It crashes at 3 s, and has said a moment before that it is there.
    const soon = await play(seed, 4500);
    expect(autumn(soon, 'n2'), `seed ${seed}`).toEqual({ autumn: ['n5', 'n9'] });
    const later = await play(seed, 9000);
    expect(later.nodes['n5']!.status).toBe('departed');
    expect(autumn(later, 'n2'), `seed ${seed}`).toEqual({ autumn: ['n9'] });
    expect(autumn(later, 'n9'), `seed ${seed}`).toEqual({ autumn: ['n2'] });
  }
});
