/** A network whose cable can be pulled: then nothing gets from here to some nodes, nor from them to here. */

import type { NodeId } from '../../core/id.ts';
import type { Attachment, Network, Receiver } from './network.ts';

/** A network over another, and a fault to try things with. */
export class Plug implements Network {
  readonly #network: Network;
  #cut: ReadonlySet<NodeId> = new Set();

  constructor(network: Network) {
    this.#network = network;
  }

  /** From now on nothing gets through to and from these nodes; without any, everything does again. */
  pull(nodes: Iterable<NodeId>): void {
    this.#cut = new Set(nodes);
  }

  join(id: NodeId, receive: Receiver, room?: () => void): Attachment {
    const attachment = this.#network.join(
      id,
      (from, bytes) => (this.#cut.has(from) ? undefined : receive(from, bytes)),
      room,
    );
    return {
      send: (to, bytes, via) => {
        if (!this.#cut.has(to)) attachment.send(to, bytes, via);
      },
      // Nobody waits for a cable.
      hasRoom: (to) => this.#cut.has(to) || (attachment.hasRoom?.(to) ?? true),
      leave: () => attachment.leave(),
    };
  }
}
