/** A network within one process: for tests, and for several nodes in one page. */

import type { NodeId } from '../../core/id.ts';
import type { Attachment, Network, Receiver } from './network.ts';

/** A network whose links can be cut. */
export class MemoryNetwork implements Network {
  readonly #members = new Map<NodeId, Receiver>();
  #isCut: (from: NodeId, to: NodeId) => boolean = () => false;

  join(id: NodeId, receive: Receiver): Attachment {
    this.#members.set(id, receive);
    const isHere = (): boolean => this.#members.get(id) === receive;
    return {
      send: (to, bytes) => {
        if (!isHere() || this.#isCut(id, to)) return;
        const own = bytes.slice();
        const receiver = this.#members.get(to);
        // A task of its own, as from a socket.
        setTimeout(() => {
          if (receiver !== undefined && this.#members.get(to) === receiver) void receiver(id, own);
        });
      },
      leave: () => {
        if (isHere()) this.#members.delete(id);
      },
    };
  }

  /** From now on nothing gets from one node to another where `isCut` says so; nothing is cut unless given. */
  cut(isCut: (from: NodeId, to: NodeId) => boolean = () => false): void {
    this.#isCut = isCut;
  }
}
