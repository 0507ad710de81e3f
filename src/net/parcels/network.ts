/** How nodes that were not brought together by a room reach each other: by name, and without a promise that anything arrives. */

import type { NodeId } from '../../core/id.ts';
import type { LinkClass } from '../../core/message.ts';

/** Somewhere nodes can be reached. Parcels may be lost, doubled and late; what arrives is whole. */
export interface Network {
  /**
   * Takes part under a name; whoever had it before is reached no more.
   *
   * @param receive called with what others send, never from within `send`; a promise asks the sender to wait with the next
   * @param room called when there is room again on a link that had none
   */
  join(id: NodeId, receive: Receiver, room?: () => void): Attachment;
}

/** Takes what others send. */
export type Receiver = (from: NodeId, bytes: Uint8Array) => void | Promise<void>;

/** One node's place in a network. */
export interface Attachment {
  /** Sends to a node, if it is there; networks that have classes of messages keep them apart. */
  send(to: NodeId, bytes: Uint8Array, via?: LinkClass): void;
  /** False while `data` that is sent to this node would be queued for long, or lost: whoever can wait, does. */
  hasRoom?(to: NodeId): boolean;
  leave(): void;
}
