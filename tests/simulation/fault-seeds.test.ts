/** Faults follow from the seed: each of them happens the same way twice, and one that never happens changes nothing. */

import { beforeAll, describe, expect } from 'vitest';
import type { Faults } from '../../src/core/faults/faults.ts';
import { FAULT_KINDS, type FaultKind } from '../../src/core/faults/kinds.ts';
import { syncSigners } from '../../src/net/ed25519.ts';
import { someOf, test, testOften } from '../support/often.ts';
import {
  firstDifference,
  nodeIds,
  simulate,
  type Run,
  type RunOptions,
} from '../support/simulate.ts';
import { Busybody } from './busybody.ts';
import { firings, stormy } from './stormy.ts';

const options: RunOptions = { nodes: 5, latencyMs: { min: 1, max: 30 }, timeoutMs: 2000 };

/** A plan in which the fault fires, for each fault. */
const plans: Readonly<Record<FaultKind, Faults>> = {
  loss: { loss: 0.1 },
  duplication: { duplication: 0.2 },
  reordering: { reordering: 0.3 },
  bandwidth: { bandwidth: '20kB/s' },
  partition: { partitions: [{ split: 'random', every: 20, for: '10-40' }] },
  crash: { crashes: [{ node: 'n2', at: 30 }] },
  restart: { crashes: [{ nodes: ['n2', 'n4'], at: 30, for: '10-50' }] },
  amnesia: { crashes: [{ node: 'n2', at: 70, for: 20, disk: 'amnesia' }] },
  unsynced: {
    disk: { sync: '5-20' },
    crashes: [{ node: 'n2', at: 60, for: 20, disk: 'unsynced' }],
  },
  torn: { disk: { sync: '5-20' }, crashes: [{ every: 40, for: 20, disk: 'torn' }], heal: 300 },
  damaged: {
    disk: { sync: '1-5' },
    crashes: [{ node: 'n2', at: 60, for: 20, disk: 'damaged' }],
  },
  full: { disk: { sync: '1-5' }, crashes: [{ node: 'n2', at: 40, for: 60, disk: 'full' }] },
  refused: { disk: { sync: '1-5' }, crashes: [{ node: 'n2', at: 40, for: 60, disk: 'refused' }] },
  pause: { pauses: [{ every: 30, for: '10-60' }] },
  clock: { clocks: { n2: { offset: 50, drift: 0.1 }, n3: { drift: -0.3 } } },
  equivocate: { byzantine: { n2: 'equivocate' } },
  forge: { byzantine: { n2: 'forge' } },
  replay: { byzantine: { n2: 'replay' } },
  withhold: { byzantine: { n2: { withhold: 0.5 } } },
  delay: { byzantine: { n2: { delay: '5-50' } } },
  corrupt: { byzantine: { n2: 'corrupt' } },
  twins: { twins: ['n2'] },
};

/** Everything at once. */
const everything: Faults = {
  ...{ latency: { exponential: 20, max: 200 }, loss: 0.02, duplication: 0.05, reordering: 0.1 },
  links: { 'n1->n2': { bandwidth: '20kB/s' }, 'n3<->n4': { loss: 0.3, every: 50, for: 20 } },
  nodes: { n5: { latency: { normal: 20, deviation: 10 } } },
  partitions: [{ split: 'one', every: 100, for: '5-20', one_way: true }],
  crashes: [{ node: 'n3', at: 40, for: 30, disk: 'torn' }],
  disk: { sync: '1-10' },
  pauses: [{ every: 60, for: '5-20' }],
  clocks: { n4: { offset: -20, drift: 0.05 } },
  byzantine: { n5: { equivocate: 0.2, forge: 0.1, replay: 0.1, withhold: 0.1, corrupt: 0.1 } },
  twins: ['n2'],
  heal: 400,
};

/** The runs without any fault, by their seed: what runs with one are held against. */
const calmRuns = new Map<number, Promise<Run>>();

function calm(seed: number): Promise<Run> {
  const known = calmRuns.get(seed) ?? simulate(Busybody, { ...options, seed });
  calmRuns.set(seed, known);
  return known;
}

describe.each([...FAULT_KINDS, 'everything'] as const)('%s', (kind) => {
  const faults = kind === 'everything' ? everything : plans[kind];
  let one: Run;
  beforeAll(async () => {
    one = await stormy(Busybody, faults, options);
  });

  test('happens, the same way twice, and otherwise with another seed', async () => {
    const again = await stormy(Busybody, faults, options);
    const other = await stormy(Busybody, faults, { ...options, seed: 2 });
    expect(firstDifference(one.lines, again.lines)).toBeUndefined();
    expect(again.hash).toBe(one.hash);
    expect(again.nodes).toEqual(one.nodes);
    expect(again.faults_fired).toEqual(one.faults_fired);
    expect(other.hash).not.toBe(one.hash);
    expect(one.hash).not.toBe((await calm(1)).hash);
    if (kind !== 'everything') {
      expect(one.faults_fired[kind]).toBeGreaterThan(0);
    }
  });

  test('is counted as often as the trace tells of it', () => {
    for (const each of FAULT_KINDS) {
      expect(firings(one, each).length, each).toBe(one.faults_fired[each] ?? 0);
    }
  });

  test('happens the same way whether or not anybody watches', async () => {
    const unwatched = await stormy(Busybody, faults, { ...options, traced: false });
    expect(unwatched.nodes).toEqual(one.nodes);
    expect(unwatched.faults_fired).toEqual(one.faults_fired);
  });
});

test('everything at once takes the same course with real signatures', async () => {
  const signerOf = syncSigners(1, nodeIds(5));
  const ideal = await stormy(Busybody, everything, options);
  const real = await stormy(Busybody, everything, { ...options, signerOf });
  expect(firstDifference(ideal.lines, real.lines)).toBeUndefined();
}, 30_000);

describe('a fault that never happens changes nothing', () => {
  const late = { at: '1h', for: '1s' };
  const never: Readonly<Record<string, Faults>> = {
    'a share too small': { loss: 1e-12, duplication: 1e-12, reordering: 1e-12 },
    'a link rule that comes too late': { links: { 'n1->*': { bandwidth: 1, loss: 1, ...late } } },
    'a node rule that comes too late': { nodes: { n1: { latency: 5, ...late } } },
    'a partition that comes too late': { partitions: [{ split: 'halves', ...late }] },
    'a partition at a rate too low': { partitions: [{ split: 'one', every: '20h', for: 1 }] },
    'a partition without anybody behind it': { partitions: [{ groups: [['n1'], []] }] },
    'a crash that comes too late': { crashes: [{ node: 'n1', ...late, disk: 'amnesia' }] },
    'a pause that comes too late': { pauses: [{ nodes: 'n*', ...late }] },
    'a clock that goes wrong too late': { clocks: { n1: { offset: 500, at: '1h' } } },
    'a liar that never says such a thing': {
      byzantine: { n1: { equivocate: { types: 'none' }, forge: { share: 0 } } },
    },
    'a heal of nothing': { heal: '1h' },
    'the usual latency': { latency: '1-30' },
  };

  testOften.each(Object.keys(never))('%s', async (name) => {
    for (const seed of someOf([1, 2, 3], 1)) {
      const run = await stormy(Busybody, never[name]!, { ...options, seed });
      expect(Object.values(run.faults_fired).filter((count) => count > 0)).toEqual([]);
      // Nobody waits for a liar, so its run ends earlier: what is said before is the same.
      const isLiar = never[name]!.byzantine !== undefined;
      const lines = ({ lines: all }: Run) =>
        isLiar ? all.filter((line) => !line.includes('"kind":"status"')).slice(0, 800) : all;
      expect(firstDifference(lines(await calm(seed)), lines(run)), `seed ${seed}`).toBeUndefined();
    }
  });
});
