/** Judges one situation by the invariants that an algorithm's chapter declares. */

import { steadyMessageOf } from '../core/errors.ts';
import type { GlobalView, Invariant } from '../core/invariant.ts';

/** An invariant that does not hold, and why. */
export interface Violation {
  /** The invariant's sentence. */
  readonly invariant: string;
  /** What is wrong, naming nodes and values. */
  readonly detail: string;
}

/** The first invariant that does not hold; undefined when all do. One that throws does not hold: it could not be shown. */
export function firstViolation(
  invariants: readonly Invariant[],
  view: GlobalView,
): Violation | undefined {
  for (const invariant of invariants) {
    const detail = tryCheck(invariant, view);
    if (detail !== undefined) return { invariant: invariant.name, detail };
  }
  return undefined;
}

function tryCheck(invariant: Invariant, view: GlobalView): string | undefined {
  try {
    return invariant.check(view);
  } catch (error) {
    return `the check itself failed: ${steadyMessageOf(error)}`;
  }
}
