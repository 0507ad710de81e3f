/** What a runtime gives to each algorithm instance; algorithm authors meet it only through `Algorithm`. */

import type { NodeId } from './id.ts';
import type { Clock, Logger, Store } from './ports.ts';
import type { Random } from './random.ts';
import type { AnySigned, SignedSchema } from './signed.ts';

/** The world of one algorithm of one node. The runtime builds it, `Algorithm` shows it. */
export interface NodeContext {
  readonly id: NodeId;
  readonly nodes: ReadonlySet<NodeId>;
  readonly path: string;
  readonly peers: ReadonlyMap<NodeId, object>;
  readonly toAll: object;
  readonly settings: object;
  readonly children: object;
  readonly deliver: object;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
  readonly store: Store;
  readonly restarted: boolean;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  sign(schema: SignedSchema, fields: object): AnySigned;
  terminate(): void;
}
