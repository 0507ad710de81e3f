/**
 * Words that every chapter's scenarios and invariants need: a verdict is a complaint, or undefined
 * when all is well.
 */

import { encodeCanonical, equalBytes } from '../core/canonical.ts';
import type { NodeId } from '../core/id.ts';
import type { GlobalView, NodeView } from '../core/invariant.ts';
import type { RunResult } from '../core/result.ts';

/** What is wrong, naming nodes and values; undefined when nothing is. */
export type Verdict = string | undefined;

/** The first complaint, if there is one. */
export function first(...verdicts: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => verdict !== undefined);
}

/** The first complaint that `judge` has about one of the items. */
export function firstOf<T>(items: Iterable<T>, judge: (item: T) => Verdict): Verdict {
  for (const item of items) {
    const verdict = judge(item);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** Every node must have terminated by itself. */
export function allTerminated({ nodes }: RunResult): Verdict {
  return firstOf(Object.entries(nodes), ([id, { status, error }]) =>
    status === 'terminated' ? undefined : `${id} is ${status}: ${error ?? 'no error'}`,
  );
}

/** Two values must be equal, as the value domain sees it. */
export function same(what: string, actual: unknown, expected: unknown): Verdict {
  if (equalBytes(encodeCanonical(actual), encodeCanonical(expected))) return undefined;
  return `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
}

/** A number must lie from `min` to `max`, both included. */
export function within(what: string, actual: number, min: number, max: number): Verdict {
  if (actual >= min && actual <= max) return undefined;
  return `${what}: ${actual} does not lie between ${min} and ${max}`;
}

/** The fields given must stand so in the node's report. */
export function reported(
  { nodes }: RunResult,
  id: NodeId,
  expected: Readonly<Record<string, unknown>>,
): Verdict {
  const report = nodes[id]?.report;
  if (report === undefined) return `${id} is no node of the run`;
  return firstOf(Object.entries(expected), ([key, value]) =>
    same(`${id} reports ${key}`, report[key] ?? null, value),
  );
}

/** The fields given must stand so in every node's report. */
export function allReported(
  result: RunResult,
  expected: Readonly<Record<string, unknown>>,
): Verdict {
  return firstOf(Object.keys(result.nodes), (id) => reported(result, id, expected));
}

/**
 * The nodes of which something can be said: they have a state (one that is still joining, or whose
 * construction failed, has none), and they do not lie.
 */
export function withState<State extends object>(view: GlobalView<State>): NodeView<State>[] {
  return view.nodes.filter(({ state, fault }) => fault !== 'byzantine' && !isEmpty(state));
}

/** The state of one node; undefined when there is no such node, it has none, or it lies. */
export function stateOf<State extends object>(
  view: GlobalView<State>,
  id: NodeId,
): State | undefined {
  const node = view.nodes.find((other) => other.id === id);
  if (node === undefined || node.fault === 'byzantine' || isEmpty(node.state)) return undefined;
  return node.state;
}

/** True for a node that says it has done its part. */
export function hasFinished({ status }: { readonly status: string }): boolean {
  return status === 'finished' || status === 'terminated';
}

/** States that are not empty: each is asked about many times, and listing the keys of a large one takes long. */
const filled = new WeakSet<object>();

function isEmpty(state: object): boolean {
  if (filled.has(state)) return false;
  for (const _ in state) {
    filled.add(state);
    return false;
  }
  return true;
}

/** `n1` to `n<count>`. */
export function nodeNames(count: number): NodeId[] {
  return Array.from({ length: count }, (_, index) => `n${index + 1}`);
}
