/** All workloads, by Maelstrom's names. Their judges stand under the same names in `src/check/workloads`. */

import { kafka } from './kafka.ts';
import { linKv } from './lin-kv.ts';
import { broadcast, echo, gCounter, gSet, pnCounter, uniqueIds } from './simple.ts';
import { txnListAppend, txnRwRegister } from './transactions.ts';
import type { Workload } from './workload.ts';

/** Every workload, by name. */
export const MAELSTROM_WORKLOADS: ReadonlyMap<string, Workload> = new Map(
  [
    ...[echo, uniqueIds, broadcast, gSet, gCounter, pnCounter],
    ...[linKv, kafka, txnListAppend, txnRwRegister],
  ].map((workload) => [workload.name, workload]),
);
