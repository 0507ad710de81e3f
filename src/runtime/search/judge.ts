/** Whether a situation is as it should be: invariants of the nodes' states, properties of whole situations, nodes that threw. */

import { firstViolation, type Violation } from '../../check/invariants.ts';
import { messageOf } from '../../core/errors.ts';
import type { Invariant } from '../../core/invariant.ts';
import type { SituationView } from '../../core/small-world.ts';
import { finished, Fingerprints } from './fingerprints.ts';
import type { Outcome } from './node-situation.ts';
import type { Situation } from './situation.ts';

/** A property of every situation, messages and history among it. */
export interface SituationProperty {
  /** One sentence that states it positively. */
  readonly name: string;
  /** Returns undefined when it holds, otherwise what is wrong. */
  check(situation: SituationView): string | undefined;
}

/** Name of the property that a throwing machine breaks. */
export const NO_NODE_FAILS = 'No machine throws';

/** Judges situations; what it has judged once it does not judge again. */
export class Judge {
  readonly #invariants: readonly Invariant[];
  readonly #properties: readonly SituationProperty[];
  readonly #historyName: string;
  /** Invariants see the nodes alone: the same standings are right or wrong whatever is on its way. */
  readonly #judged = new Fingerprints();

  constructor(
    invariants: readonly Invariant[],
    properties: readonly SituationProperty[],
    historyName: string,
  ) {
    this.#invariants = invariants;
    this.#properties = properties;
    this.#historyName = historyName;
  }

  get bytes(): number {
    return this.#judged.bytes;
  }

  /** What is wrong, if anything is. */
  verdict(
    situation: Situation,
    outcome: Outcome | undefined,
    view: () => SituationView,
  ): Violation | undefined {
    const { problem } = situation.past;
    if (problem !== undefined) return { invariant: this.#historyName, detail: problem };
    if (outcome?.problem !== undefined) {
      const { id } = outcome.next.view;
      return { invariant: NO_NODE_FAILS, detail: `${id}: ${outcome.problem}` };
    }
    if (this.#invariants.length > 0 && this.#areNew(situation)) {
      const nodes = situation.nodes.map((node) => node.view);
      const violation = firstViolation(this.#invariants, { nodes });
      if (violation !== undefined) return violation;
    }
    for (const property of this.#properties) {
      const detail = tryCheck(property, view());
      if (detail !== undefined) return { invariant: property.name, detail };
    }
    return undefined;
  }

  #areNew({ nodes }: Situation): boolean {
    let low = 0;
    let high = 1;
    for (const { number } of nodes) {
      low = finished(Math.imul(low, 31) + number);
      high = finished(Math.imul(high, 0x9e3779b1) ^ number);
    }
    const bits = { low, high };
    if (this.#judged.find(bits) >= 0) return false;
    this.#judged.add(bits, -1, 0, 0);
    return true;
  }
}

function tryCheck(property: SituationProperty, view: SituationView): string | undefined {
  try {
    return property.check(view);
  } catch (error) {
    return `the check itself failed: ${messageOf(error)}`;
  }
}
