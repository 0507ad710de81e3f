/**
 * The direct serialization graph: which transaction must come before which (Adya, “Weak consistency”, PhD thesis, MIT 1999, section 3), with the
 * order of processes and of time beside it (Kingsbury and Alvaro, “Elle”, VLDB 14(3), 2020).
 */

import type { Operation, ProcessId } from '../history.ts';
import type { Transaction } from './transaction.ts';

/**
 * Why one comes before the other:
 * - `ww`: it wrote what the other overwrote next;
 * - `wr`: it wrote what the other read;
 * - `rw`: it read what the other overwrote next;
 * - `process`: the same process did one after the other;
 * - `realtime`: it had returned before the other was called.
 */
export type Dependency = 'ww' | 'wr' | 'rw' | 'process' | 'realtime';

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: Dependency;
  /** The reason in words. */
  readonly reason: () => string;
}

/** Transactions by number, with the edges that leave each. */
export class Graph {
  readonly edges: readonly Edge[][];

  constructor(size: number) {
    this.edges = Array.from({ length: size }, () => []);
  }

  /** Adds an edge, unless it is one from a transaction to itself. */
  add(kind: Dependency, from: number, to: number, reason: () => string): void {
    if (from !== to) this.edges[from]!.push({ kind, from, to, reason });
  }
}

/** Adds what each process did one after the other. */
export function addProcessOrder(graph: Graph, transactions: readonly Transaction[]): void {
  const last = new Map<ProcessId, Transaction>();
  for (const transaction of transactions) {
    if (transaction.fate === 'aborted') continue;
    const { process } = transaction.operation;
    const before = last.get(process);
    if (before !== undefined) {
      const reason = () => `process ${process} did one after the other`;
      graph.add('process', before.number, transaction.number, reason);
    }
    // What has no answer may take effect after whatever its process does next.
    if (transaction.fate === 'committed') last.set(process, transaction);
  }
}

/**
 * Adds what had returned before it was called: not every pair, but so many that paths show all of them. The frontier holds what returned
 * last: a transaction leaves it when one returns that was called after it.
 */
export function addRealtimeOrder(graph: Graph, transactions: readonly Transaction[]): void {
  let frontier: Transaction[] = [];
  const events = transactions
    .filter(({ fate }) => fate !== 'aborted')
    .flatMap((transaction) => {
      const { invoked, returned } = transaction.operation;
      const call = { at: invoked, transaction, isCall: true };
      const end = { at: returned, transaction, isCall: false };
      return transaction.fate === 'committed' ? [call, end] : [call];
    })
    .toSorted((a, b) => a.at - b.at);
  for (const { transaction, isCall } of events) {
    if (isCall) {
      for (const before of frontier) {
        const reason = () => realtimeReason(before.operation, transaction.operation);
        graph.add('realtime', before.number, transaction.number, reason);
      }
    } else {
      const { invoked } = transaction.operation;
      frontier = frontier.filter(({ operation }) => operation.returned > invoked);
      frontier.push(transaction);
    }
  }
}

/** Why one came before another in time. */
export function realtimeReason(before: Operation, after: Operation): string {
  return `it returned at event ${before.returned}, the other was called at event ${after.invoked}`;
}
