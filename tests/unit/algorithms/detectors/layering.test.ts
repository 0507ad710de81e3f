/** An application takes its detector as a value, and hears the same words from each. */

import { expect, test } from 'vitest';
import type { DetectorClass } from '../../../../src/algorithms/failure-detector.ts';
import { PhiAccrual } from '../../../../src/algorithms/phi_accrual/index.ts';
import { Swim } from '../../../../src/algorithms/swim/index.ts';
import { defineAlgorithm } from '../../../../src/core/algorithm.ts';
import { fieldsSchema, parse } from '../../../../src/core/schema.ts';
import { planOf, reports, simulatePlan } from '../../../support/simulate.ts';

/** Writes down what it hears. */
function watching(detector: DetectorClass) {
  return class Watching extends defineAlgorithm('watching', {
    children: { detector },
    service: true,
  }) {
    readonly heard: string[] = [];
    handlers = this.on({});
    delivered = this.from({
      detector: {
        alive: ({ node }) => void this.heard.push(`alive ${node}`),
        suspect: ({ node }) => void this.heard.push(`suspect ${node}`),
        dead: ({ node, left }) => void this.heard.push(`${left ? 'left' : 'dead'} ${node}`),
      },
    });

    override onStart() {
      if (this.id === 'n3') this.after(3000, () => this.children.detector.call('leave', {}));
      this.after(9000, async () => {
        const members = await this.children.detector.call('members', {});
        for (const { node, verdict } of members) this.heard.push(`${node} is ${verdict}`);
      });
    }

    override report() {
      return { heard: this.heard };
    }
  };
}

const quick = {
  ...{ probe_interval: 0.4, probe_timeout: 0.2, gossip_interval: 0.1, sync_interval: 2 },
  ...{ suspicion_mult: 3, suspicion_max_mult: 1 },
};

test.each([
  ['swim', Swim, quick],
  ['phi_accrual', PhiAccrual, { heartbeat_interval: 0.25 }],
] as const)('a crash, a goodbye, and questions: %s', async (_name, detector, settings) => {
  const own = parse(fieldsSchema(detector.definition.settings), settings, 'settings') as object;
  const plan = planOf(watching(detector), {
    nodes: 4,
    settings: () => ({ own: {}, children: { detector: { own, children: {} } } }),
  });
  const faults = { crashes: [{ node: 'n2', at: '2s' }] };
  const run = await simulatePlan({ ...plan, faults });
  expect(run.logs.filter(({ level }) => level === 'error')).toEqual([]);
  const { heard } = reports(run)['n1'] as { heard: string[] };
  expect(heard.slice(0, 3).toSorted()).toEqual(['alive n2', 'alive n3', 'alive n4']);
  const changes = heard.slice(3);
  expect(changes.filter((line) => line.endsWith('n2'))).toEqual(['suspect n2', 'dead n2']);
  expect(changes.filter((line) => line.endsWith('n3'))).toEqual(['left n3']);
  expect(changes.slice(-3).toSorted()).toEqual(['n2 is dead', 'n3 is dead', 'n4 is alive']);
});
