/** A network whose cable can be pulled: then nothing gets from here to some nodes, nor from them to here. */

import type { NodeId } from '../../core/id.ts';
import type { Attachment, Network } from './network.ts';

/** A network over another, and a fault to try things with. */
export class Plug implements Network {
  readonly #network: Network;
  #isCut: (node: NodeId) => boolean = () => false;

  constructor(network: Network) {
    this.#network = network;
  }

  /** From now on nothing gets through to and from these nodes; without any, everything does again. */
  pull(nodes: Iterable<NodeId>): void {
    const cut = new Set(nodes);
    this.#isCut = (node) => cut.has(node);
  }

  join(id: NodeId, receive: (from: NodeId, bytes: Uint8Array) => void): Attachment {
    const attachment = this.#network.join(id, (from, bytes) => {
      if (!this.#isCut(from)) receive(from, bytes);
    });
    return {
      send: (to, bytes) => {
        if (!this.#isCut(to)) attachment.send(to, bytes);
      },
      leave: () => attachment.leave(),
    };
  }
}
