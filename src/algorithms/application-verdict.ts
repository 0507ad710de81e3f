/** Configurations of applications, and what their scenarios have in common. */

import type { NodeId } from '../core/id.ts';
import type { RunResult } from '../core/result.ts';
import { nodeNames, type Verdict } from './verdict.ts';

/** So many nodes, each with these blocks; `at` gives a node what is its own. */
export function applicationNetwork(
  count: number,
  { app, sampling }: { readonly app: string; readonly sampling: string },
  at: (index: number) => string = () => '',
): string {
  const tail = (index: number) => (at(index) === '' ? '' : `, ${at(index)}`);
  return nodeNames(count)
    .map((id, index) => `${id}: { app: { ${app}${tail(index)} }, sampling: { ${sampling} } }`)
    .join('\n');
}

/** What the correct nodes report under a key. */
export function reportsOf<T>({ nodes }: RunResult, key: string): Map<NodeId, T> {
  const correct = Object.entries(nodes).filter(([, { fault }]) => fault === undefined);
  return new Map(correct.map(([id, { report }]) => [id, report[key] as T]));
}

/** Two numbers are the same but for what adding in another order makes of them. */
export function nearly(what: string, actual: number, expected: number, tolerance: number): Verdict {
  if (Math.abs(actual - expected) <= tolerance) return undefined;
  return `${what}: ${actual} instead of ${expected}`;
}
