/** What the tests of fault plans share. */

import { ConfigError } from '../../../../src/core/config/config-error.ts';
import type { Faults } from '../../../../src/core/faults/faults.ts';
import { loadFaults } from '../../../../src/core/faults/load-faults.ts';
import type { FaultPlan } from '../../../../src/core/faults/plan.ts';
import { FaultsError, resolveFaults } from '../../../../src/core/faults/resolve.ts';

export const FOUR = ['n1', 'n2', 'n3', 'n4'];

/** The plan of a text that must be right. */
export function planOf(text: string, nodes: readonly string[] = FOUR, seed = 1): FaultPlan {
  return resolveFaults(loadFaults(text, { file: 'f.yaml', nodes, seed }), nodes, seed);
}

/** What a terminal prints of a text; nothing when it is right. */
export function problemsOf(text: string, nodes: readonly string[] = FOUR): readonly string[] {
  try {
    loadFaults(text, { file: 'f.yaml', nodes, seed: 1 });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** What code is told; nothing when it is right. */
export function codeProblemsOf(
  faults: unknown,
  nodes: readonly string[] = FOUR,
): readonly string[] {
  try {
    resolveFaults(faults as Faults, nodes, 1);
  } catch (error) {
    if (error instanceof FaultsError) return error.message.split('\n');
    throw error;
  }
  return [];
}
