/** From a serialization graph and what was found on the way to a verdict. */

import { shortened } from '../text.ts';
import type { Findings, Verdict } from '../verdict.ts';
import { allowedAt, type ConsistencyLevel } from './consistency.ts';
import { cyclesOf, type Cycle } from './cycles.ts';
import {
  addProcessOrder,
  addRealtimeOrder,
  realtimeReason,
  type Edge,
  type Graph,
} from './graph.ts';
import { introduce, type Transaction } from './transaction.ts';

/** Options of the judges of transactions. */
export interface TransactionOptions {
  /** What is forbidden; `strict-serializable` unless given. */
  readonly level?: ConsistencyLevel;
}

/** Adds the orders of processes and time, seeks cycles, and judges. `verb` names a write: `append`, `write`. */
export function judgeTransactions(
  transactions: readonly Transaction[],
  graph: Graph,
  findings: Findings,
  { level = 'strict-serializable', verb }: TransactionOptions & { readonly verb: string },
): Verdict {
  addProcessOrder(graph, transactions);
  addRealtimeOrder(graph, transactions);
  const { cycles, isComplete } = cyclesOf(graph);
  for (const { kind, edges: found } of cycles) {
    const cycle = { kind, edges: withoutStations(found, transactions) };
    const members = cycle.edges.map(({ from }) => transactions[from]!);
    const indexes = members.map(({ operation }) => operation.index);
    findings.add(cycle.kind, indexes, () => describeCycle(cycle, members, verb));
  }
  const committed = transactions.filter(({ fate }) => fate === 'committed').length;
  const facts = { transactions: transactions.length, committed, level, cycles: cycles.length };
  const unknown =
    committed === 0
      ? 'nothing was committed'
      : isComplete
        ? undefined
        : 'too many dependencies to search for every kind of cycle';
  return findings.verdict(`no anomaly that ${level} forbids, in ${committed} transactions`, {
    facts,
    unknown,
    harmless: allowedAt(level, findings.kinds),
  });
}

/**
 * The cycle without transactions that are only stations between two others: what came before one that came before a third, in time or in one
 * process, came before the third.
 */
function withoutStations(
  edges: readonly Edge[],
  transactions: readonly Transaction[],
): readonly Edge[] {
  const kept: Edge[] = [];
  for (const edge of edges) {
    const last = kept.at(-1);
    if (last?.kind !== edge.kind || (edge.kind !== 'realtime' && edge.kind !== 'process')) {
      kept.push(edge);
      continue;
    }
    const [from, to] = [transactions[last.from]!.operation, transactions[edge.to]!.operation];
    const reason = edge.kind === 'realtime' ? () => realtimeReason(from, to) : edge.reason;
    kept[kept.length - 1] = { from: last.from, to: edge.to, kind: edge.kind, reason };
  }
  return kept;
}

/** A headline, the transactions, then the edges: why each must come before the next, and the last before the first. */
function describeCycle(cycle: Cycle, members: readonly Transaction[], verb: string): string {
  const { edges } = cycle;
  const ring = [...edges.map(({ from }) => `T${from}`), `T${edges[0]!.from}`];
  const lines = edges.map(({ from, to, kind, reason }) => {
    return `  T${from} comes before T${to} (${kind}): ${shortened(reason(), 200)}`;
  });
  const names = members.map((member) => `  ${introduce(member, verb)}`);
  return [
    `each comes before the next: ${shortened(ring.join(' → '), 120)}`,
    ...names,
    ...lines,
  ].join('\n');
}
