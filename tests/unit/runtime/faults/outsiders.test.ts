/** Outsiders of a simulation: no fault is for them, and their messages take the time that is said of them. */

import * as v from 'valibot';
import { expect, test } from 'vitest';
import { defineAlgorithm } from '../../../../src/core/algorithm.ts';
import { cast } from '../../../../src/core/message.ts';
import type { Faults } from '../../../../src/core/faults/faults.ts';
import { planOf, simulatePlan, type Run } from '../../../support/simulate.ts';

/** Everybody tells everybody the time, again and again. */
class Hourly extends defineAlgorithm('hourly', {
  messages: { time: cast({ sent: v.number() }) },
  service: true,
}) {
  readonly took = new Map<string, number>();

  override onStart() {
    this.every(100, () => this.toAll.time({ sent: this.now() }));
  }

  handlers = this.on({
    time: (src, { sent }) => {
      this.took.set(src, Math.max(this.took.get(src) ?? 0, this.now() - sent));
    },
  });

  override report() {
    return Object.fromEntries(this.took);
  }
}

const OUTSIDERS = new Map([
  ['near', { kind: 'constant', value: 0 }],
  ['far', { kind: 'constant', value: 500 }],
] as const);

function run(nodes: readonly string[], faults: Faults): Promise<Run> {
  return simulatePlan(
    { ...planOf(Hourly, { nodes }), faults },
    { outsiders: OUTSIDERS, latencyMs: { min: 20, max: 20 }, serviceMs: 3000, traced: false },
  );
}

test('are spared, and are as far away as is said', async () => {
  const { nodes, faults_fired } = await run(['n1', 'n2', 'near', 'far'], {
    partitions: [{ split: 'one', at: 50 }],
  });
  // The nodes never hear of each other.
  expect(nodes['near']).toMatchObject({ status: 'stopped', report: { n1: 0, n2: 0, far: 0 } });
  expect(nodes['far']!.report).toEqual({ n1: 500, n2: 500, near: 0 });
  expect(nodes['n1']!.report).toEqual({ near: 0, far: 500 });
  expect(nodes['n2']!.report).toEqual({ near: 0, far: 500 });
  expect(faults_fired.partition).toBeGreaterThan(20);
});

test('stay up when everybody goes down', async () => {
  const crashes = [{ nodes: '*', at: 2000, for: 100 }];
  const { faults_fired } = await run(['n1', 'n2', 'near', 'far'], { crashes });
  expect(faults_fired).toMatchObject({ crash: 2, restart: 2 });
});

test('are nobody that a plan could name', async () => {
  const faults = { crashes: [{ node: 'near', at: 100 }] };
  await expect(run(['n1', 'near'], faults)).rejects.toThrow("there is no node 'near'");
});
