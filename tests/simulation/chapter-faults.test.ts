/** Every chapter says which faults it withstands, and does: its invariants hold after every step, and every run comes to its end. */

import { expect, describe, test } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import type { FaultKind } from '../../src/core/faults/kinds.ts';
import { resolveFaults } from '../../src/core/faults/resolve.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { planned } from '../compliance/algorithm.suite.ts';
import { simulatePlan, type Run } from '../support/simulate.ts';

const SEEDS = 200;

/** For a busy machine; a run takes milliseconds. */
const PATIENCE_MS = 120_000;

const modules = import.meta.glob<{ readonly chapter: Chapter }>('../../src/algorithms/*/index.ts', {
  eager: true,
});

for (const { chapter } of Object.values(modules)) {
  const { faults, name } = chapter;
  describe(name, () => {
    test('says what it withstands', () => expect(faults).toBeDefined());

    test(
      `withstands it, ${SEEDS} seeds, and each of its faults fires`,
      async () => {
        const fired = new Map<FaultKind, number>();
        for (let seed = 0; seed < SEEDS; seed++) {
          const { run, where } = await play(chapter, seed);
          expect(run.violation, where).toBeUndefined();
          expect(run.problems, where).toEqual([]);
          expect(lateOrBroken(run), where).toEqual([]);
          expect(run.ok, where).toBe(true);
          for (const [kind, count] of Object.entries(run.faults_fired) as [FaultKind, number][]) {
            fired.set(kind, (fired.get(kind) ?? 0) + count);
          }
        }
        const { kinds } = resolveFaults(faults!, ['n1', 'n2', 'n3', 'n4'], 1);
        expect(kinds.filter((kind) => (fired.get(kind) ?? 0) === 0)).toEqual([]);
      },
      PATIENCE_MS,
    );
  });
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
