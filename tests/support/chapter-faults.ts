/** A chapter under all that it says it withstands: its invariants hold after every step, and every run comes to its end. */

import { expect } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import type { FaultKind } from '../../src/core/faults/kinds.ts';
import { resolveFaults } from '../../src/core/faults/resolve.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { planned } from '../compliance/algorithm.suite.ts';
import { simulatePlan, type Run } from './simulate.ts';

/** A fault that has not fired in one of so many seeds never will. */
const SEEDS_MAX = 200;

/** Every chapter that there is. */
export const CHAPTERS: readonly Chapter[] = Object.values(
  import.meta.glob<{ readonly chapter: Chapter }>('../../src/algorithms/*/index.ts', {
    eager: true,
  }),
).map(({ chapter }) => chapter);

/** Runs a chapter with these seeds, and on until each of its faults has fired. */
export async function withstands(chapter: Chapter, seeds: readonly number[]): Promise<void> {
  const { kinds } = resolveFaults(chapter.faults!, ['n1', 'n2', 'n3', 'n4'], 1);
  const missing = new Set<FaultKind>(kinds);
  const last = seeds.at(-1)!;
  for (let seed = seeds[0]!; seed <= last || (missing.size > 0 && seed < SEEDS_MAX); seed++) {
    const { run, where } = await play(chapter, seed);
    expect(run.violation, where).toBeUndefined();
    expect(run.problems, where).toEqual([]);
    expect(lateOrBroken(run), where).toEqual([]);
    expect(run.ok, where).toBe(true);
    for (const [kind, count] of Object.entries(run.faults_fired) as [FaultKind, number][]) {
      if (count > 0) missing.delete(kind);
    }
  }
  expect([...missing]).toEqual([]);
}

/** One of the chapter's scenarios under the chapter's faults. */
async function play(chapter: Chapter, seed: number): Promise<{ run: Run; where: string }> {
  const scenario = chapter.scenarios[seed % chapter.scenarios.length]!;
  const format = FORMAT_NAMES[seed % FORMAT_NAMES.length]!;
  const { plan } = planned(chapter, scenario.config, { seed, format });
  const faults = scenario.faults ?? chapter.faults!;
  const run = await simulatePlan(
    { ...plan, faults },
    { invariants: chapter.invariants, traced: false },
  );
  return { run, where: `seed ${seed}, '${scenario.name}', ${format}` };
}

/** Correct nodes that did not come to a good end. */
function lateOrBroken({ nodes }: Run): string[] {
  return Object.entries(nodes)
    .filter(([, { status, fault }]) => {
      return fault === undefined && status !== 'terminated' && status !== 'stopped';
    })
    .map(([id, { status, error }]) => `${id} ${status}: ${error}`);
}
