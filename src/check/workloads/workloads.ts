/** The workloads that histories can be judged by, under the names of Maelstrom (its doc/workloads.md). */

import { HistoryError, type Operation } from '../history.ts';
import { checkLinearizability } from '../linearizability/linearizability.ts';
import type { Budget } from '../linearizability/budget.ts';
import { kv } from '../models/kv.ts';
import { shown } from '../text.ts';
import type { Value } from '../../core/value.ts';
import type { ConsistencyLevel } from '../transactions/consistency.ts';
import { checkListAppend } from '../transactions/list-append.ts';
import { checkRwRegister } from '../transactions/rw-register.ts';
import type { Verdict } from '../verdict.ts';
import { checkBank } from './bank.ts';
import { checkCounter } from './counter.ts';
import { checkEcho } from './echo.ts';
import { checkKafka } from './kafka.ts';
import { checkSetFull } from './set-full.ts';
import { checkUniqueIds } from './unique-ids.ts';

/** What a judge is told beside the operations. */
export interface WorkloadOptions extends Budget {
  /** What the history says of the beginning, null when it says nothing. */
  readonly initial?: Value;
  /** For transactions. */
  readonly level?: ConsistencyLevel | undefined;
}

/** Judges a history. @throws {HistoryError} when something in it is not of the workload */
export type Judge = (operations: readonly Operation[], options: WorkloadOptions) => Verdict;

/** Every workload by its name. */
export const WORKLOADS: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['echo', checkEcho],
  ['unique-ids', checkUniqueIds],
  ['broadcast', (operations) => checkSetFull(operations)],
  ['g-set', (operations) => checkSetFull(operations)],
  ['set-full', (operations) => checkSetFull(operations)],
  ['g-counter', counterJudge('final')],
  ['pn-counter', counterJudge('final')],
  ['counter', counterJudge('every')],
  ['bank', (operations, { initial = null }) => checkBank(operations, { initial })],
  ['lin-kv', (operations, options) => checkLinearizability(operations, kv, options)],
  ['kafka', checkKafka],
  ['txn-list-append', (operations, options) => checkListAppend(operations, levelOf(options))],
  ['txn-rw-register', (operations, options) => checkRwRegister(operations, levelOf(options))],
]);

function counterJudge(reads: 'final' | 'every'): Judge {
  return (operations, { initial = null }) => {
    if (initial !== null && typeof initial !== 'number') {
      throw new HistoryError(0, `a counter begins with a number, not ${shown(initial)}`);
    }
    return checkCounter(operations, { reads, initial: initial ?? 0 });
  };
}

function levelOf({ level }: WorkloadOptions): { readonly level?: ConsistencyLevel } {
  return level === undefined ? {} : { level };
}
