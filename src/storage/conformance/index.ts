/**
 * What every storage promises, as cases for any test runner. See the README beside.
 *
 * @packageDocumentation
 */

import { durabilityCases } from './durability-cases.ts';
import { logCases } from './log-cases.ts';
import { snapshotCases } from './snapshot-cases.ts';
import { storeCases } from './store-cases.ts';
import type { WorldMaker } from './world.ts';

export { ConformanceError } from './expect.ts';
export type { Ability, OpenOptions, OpenStorage, StorageWorld, WorldMaker } from './world.ts';

/** A case that is ready to be run: it fails by rejecting. */
export interface ReadyCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** The cases for a storage: those that its world has the abilities for. Each runs in a world of its own. */
export function storageCases({ abilities, make }: WorldMaker): readonly ReadyCase[] {
  return [...storeCases, ...durabilityCases, ...logCases, ...snapshotCases]
    .filter(({ needs = [] }) => needs.every((need) => abilities.includes(need)))
    .map(({ name, run }) => ({
      name,
      run: async () => {
        const world = await make();
        try {
          await run(world);
        } finally {
          await world.dispose();
        }
      },
    }));
}
