/** How nodes that were not brought together by a room reach each other: by name, and without a promise that anything arrives. */

import type { NodeId } from '../../core/id.ts';

/** Somewhere nodes can be reached. Parcels may be lost, doubled and late; what arrives is whole. */
export interface Network {
  /**
   * Takes part under a name; whoever had it before is reached no more.
   *
   * @param receive called with what others send, never from within `send`
   */
  join(id: NodeId, receive: (from: NodeId, bytes: Uint8Array) => void): Attachment;
}

/** One node's place in a network. */
export interface Attachment {
  /** Sends to a node, if it is there. */
  send(to: NodeId, bytes: Uint8Array): void;
  leave(): void;
}
