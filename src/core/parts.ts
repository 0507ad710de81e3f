/** The same algorithm out of other parts: other layers below, other rules. */

import type { AlgorithmClass, ChildRecord } from './algorithm.ts';
import type { NodeContext } from './context.ts';
import type { Machine } from './machine.ts';
import type { Rules } from './rules.ts';

/** A class like `algorithm`, with these layers below and these rules. */
export function withParts(
  algorithm: AlgorithmClass,
  children: ChildRecord,
  rules: Rules = algorithm.definition.rules,
): AlgorithmClass {
  const { definition } = algorithm;
  const { machine } = algorithm as { readonly machine?: Machine };
  class Rebuilt extends (algorithm as new (context: NodeContext) => object) {
    static readonly definition = { ...definition, children, rules };
    /** For a search, which steps the machine itself. */
    static readonly machine = machine?.withRules(rules);
  }
  return Rebuilt as unknown as AlgorithmClass;
}
