/** Unique ids: Maelstrom's unique-ids workload. No two acknowledged ids are equal; any value is an id. */

import { nameOf, type Operation } from '../history.ts';
import { listed, textOf } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { operationsNamed } from './workload.ts';

/** Judges `generate` → id. */
export function checkUniqueIds(operations: readonly Operation[]): Verdict {
  const acknowledged = operationsNamed(operations, ['generate']).filter(
    ({ outcome }) => outcome === 'ok',
  );
  const owners = new Map<string, Operation[]>();
  for (const operation of acknowledged) {
    const id = textOf(operation.output!);
    const others = owners.get(id);
    if (others === undefined) owners.set(id, [operation]);
    else others.push(operation);
  }
  const findings = new Findings();
  for (const [id, own] of owners) {
    if (own.length === 1) continue;
    const indexes = own.map(({ index }) => index);
    findings.add('duplicate', indexes, () => `${id} was given to ${listed(own.map(nameOf), 3)}`);
  }
  const facts = {
    attempted: operations.length,
    acknowledged: acknowledged.length,
    duplicates: findings.count('duplicate'),
  };
  const unknown = acknowledged.length === 0 ? 'no id was acknowledged' : undefined;
  return findings.verdict(`all ${acknowledged.length} ids differ`, { facts, unknown });
}
