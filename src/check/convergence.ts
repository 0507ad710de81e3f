/** Convergence: after all is said and healed, every replica holds the same (Shapiro and others, “Conflict-free replicated data types”, SSS 2011). */

import type { NodeId } from '../core/id.ts';
import type { Value, ValueMap } from '../core/value.ts';
import { field, isMap, listed, sameValue, shown, textOf } from './text.ts';
import { Findings, type Verdict } from './verdict.ts';

/** One replica at the end. */
export interface Replica {
  readonly id: NodeId;
  /** What must be the same everywhere: a state, or the part of it that is replicated. */
  readonly value: Value;
}

/** Judges the replicas at the end of a run. With less than two there is nothing to compare. */
export function checkConvergence(replicas: readonly Replica[]): Verdict {
  const groups = new Map<string, Replica[]>();
  for (const replica of replicas) {
    const text = textOf(replica.value);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [replica]);
    else group.push(replica);
  }
  const findings = new Findings();
  const [first, ...others] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  for (const other of others) {
    const names = (group: readonly Replica[]) => listed(group.map(({ id }) => id));
    const detail = () =>
      `${names(other)} and ${names(first!)} differ: ${difference(other[0]!.value, first![0]!.value, '')}`;
    findings.add('diverged', [], detail);
  }
  const facts = { replicas: replicas.length, groups: groups.size };
  const unknown = replicas.length < 2 ? 'there are not two replicas to compare' : undefined;
  return findings.verdict(`all ${replicas.length} replicas are equal`, { facts, unknown });
}

/** The first place at which two values differ, and what stands there. */
function difference(a: Value, b: Value, path: string): string {
  if (Array.isArray(a) && Array.isArray(b)) {
    const at = a.findIndex(
      (item: Value, place) => place >= b.length || textOf(item) !== textOf(b[place] as Value),
    );
    if (at < 0) return `${path || 'the list'} has ${a.length} items here and ${b.length} there`;
    if (at < b.length) return difference(a[at] as Value, b[at] as Value, `${path}[${at}]`);
    return `${path}[${at}] is ${shown(a[at] as Value)} here and missing there`;
  }
  if (isMap(a) && isMap(b)) return mapDifference(a, b, path);
  return `${path === '' ? '' : `${path} is `}${shown(a)} here and ${shown(b)} there`;
}

function mapDifference(a: ValueMap, b: ValueMap, path: string): string {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  const key = keys.find((one) => !sameValue(field(a, one) ?? null, field(b, one) ?? null)) ?? '';
  const place = path === '' ? key : `${path}.${key}`;
  const [here, there] = [field(a, key), field(b, key)];
  if (here === undefined || there === undefined) {
    const at = (value: Value | undefined) => (value === undefined ? 'missing' : shown(value));
    return `${place} is ${at(here)} here and ${at(there)} there`;
  }
  return difference(here, there, place);
}
