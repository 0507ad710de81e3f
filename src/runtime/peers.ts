/** Typed proxies at run time: for each message record one class, whose methods are the record's keys and nothing else. */

import type { CallOptions, MessageRecord } from '../core/message.ts';
import type { NodeId } from '../core/id.ts';

/** Where the calls on a proxy end up. */
export interface CallTarget {
  /** A message to one node. */
  call(
    to: NodeId,
    type: string,
    message: unknown,
    options: CallOptions | undefined,
  ): Promise<unknown>;
  /** A cast to every neighbour. */
  broadcast(type: string, message: unknown): Promise<unknown>;
}

/** The proxies of the neighbours, in the order given. */
export function makePeers(
  messages: MessageRecord,
  neighbours: readonly NodeId[],
  target: CallTarget,
): ReadonlyMap<NodeId, object> {
  // Methods live on a prototype without a prototype: `then`, `toString` and symbols are undefined, and `await peer` does not hang.
  const prototype: Record<string, unknown> = Object.create(null);
  for (const type of Object.keys(messages)) {
    prototype[type] = function call(this: { id: NodeId }, message: unknown, options?: CallOptions) {
      return target.call(this.id, type, message, options);
    };
  }
  return new Map(
    neighbours.map((id) => [
      id,
      Object.freeze(Object.create(prototype, { id: { value: id, enumerable: true } })),
    ]),
  );
}

/** The casts of a record, to all neighbours. */
export function makeBroadcasts(messages: MessageRecord, target: CallTarget): object {
  const result: Record<string, unknown> = Object.create(null);
  for (const [type, { kind }] of Object.entries(messages)) {
    if (kind === 'cast') result[type] = (message: unknown) => target.broadcast(type, message);
  }
  return Object.freeze(result);
}

/** One method for each entry of a record, e.g. for deliveries. */
export function makeCalls(
  messages: MessageRecord,
  call: (type: string, message: unknown) => Promise<unknown>,
): object {
  const result: Record<string, unknown> = Object.create(null);
  for (const type of Object.keys(messages)) {
    result[type] = (message: unknown) => call(type, message);
  }
  return Object.freeze(result);
}
