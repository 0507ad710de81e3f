/** Transactions as the cycle checker reads them: what each read and wrote, and whether it may have committed. */

import type { Value } from '../../core/value.ts';
import { HistoryError, nameOf, type Operation } from '../history.ts';
import { isList, shortened, shown, textOf } from '../text.ts';

/** One read or write of a transaction. */
export interface Access {
  readonly kind: 'read' | 'write';
  /** The key as text. */
  readonly key: string;
  /** What was written, or read; undefined for a read whose answer nobody knows. */
  readonly value: Value | undefined;
}

/** One transaction; its number is its place in the list. */
export interface Transaction {
  readonly number: number;
  readonly operation: Operation;
  readonly accesses: readonly Access[];
  /** `committed`, `aborted`, or `unknown`: it may have committed at any time after its call. */
  readonly fate: 'committed' | 'aborted' | 'unknown';
}

/** The names of micro-operations. */
export interface Vocabulary {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/**
 * Reads `txn` operations: lists of [name, key, value], with the reads filled in in the answer.
 *
 * @throws {HistoryError} when something in them is malformed
 */
export function transactionsOf(
  operations: readonly Operation[],
  { read, write }: Vocabulary,
): Transaction[] {
  const known = [...read, ...write];
  return operations.map((operation, number) => {
    const { f, input, output, outcome, invoked, returned } = operation;
    if (f !== 'txn') throw new HistoryError(invoked, `this workload has only txn, not ${f}`);
    const fail = (problem: string) =>
      new HistoryError(output === undefined ? invoked : returned, problem);
    const micros = output ?? input;
    if (!isList(micros)) throw fail(`a txn is a list of [name, key, value], not ${shown(micros)}`);
    const accesses = micros.map((micro): Access => {
      const [name, key, value] = isList(micro) && micro.length === 3 ? micro : [];
      if (typeof name !== 'string' || !known.includes(name)) {
        throw fail(`[${known.join(' or ')}, key, value] is expected, not ${shown(micro)}`);
      }
      const isRead = read.includes(name);
      return {
        kind: isRead ? 'read' : 'write',
        key: textOf(key!),
        value: isRead && outcome !== 'ok' ? undefined : value!,
      };
    });
    return { number, operation, accesses, fate: FATES[outcome] };
  });
}

const FATES = { ok: 'committed', fail: 'aborted', info: 'unknown' } as const;

/** A transaction for a list: `T3 = process 1’s txn (events 4 to 9): read x → [1], append 2 to x`. */
export function introduce(transaction: Transaction, verb: string): string {
  const { number, operation, accesses } = transaction;
  const parts = accesses.map(({ kind, key, value }) =>
    kind === 'read'
      ? `read ${key} → ${value === undefined ? '?' : shown(value, 32)}`
      : `${verb} ${key} ${shown(value!, 32)}`,
  );
  return `T${number} = ${nameOf(operation)}: ${shortened(parts.join(', '), 200)}`;
}
