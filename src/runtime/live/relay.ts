/** Where a browser cannot transfer data channels into workers, the page carries their frames over a port, with backpressure. */

import { ChannelLink } from '../../net/channel-link.ts';
import type { Link } from '../../net/link.ts';
import { PortLink } from '../../net/port-link.ts';

/** Frames that wait for one of the two links; the other is not acknowledged meanwhile, so there are few. */
const QUEUE_FRAMES_MAX = 1024;

/** Relays a channel; returns the port for the worker. */
export function relay(channel: RTCDataChannel): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const towardsWorker = new RelayQueue();
  const towardsPeer = new RelayQueue();
  const channelLink = new ChannelLink(channel, {
    frame: (frame) => towardsWorker.push(frame),
    closed: (reason) => portLink.close(reason),
  });
  const portLink = new PortLink(port1, {
    frame: (frame) => towardsPeer.push(frame),
    closed: (reason) => channelLink.close(reason),
  });
  towardsWorker.flowInto(portLink);
  towardsPeer.flowInto(channelLink);
  return port2;
}

class RelayQueue {
  readonly #frames: Uint8Array[] = [];
  #link: Link | undefined;
  #isFlowing = false;

  flowInto(link: Link): void {
    this.#link = link;
  }

  push(frame: Uint8Array): void {
    if (this.#frames.length >= QUEUE_FRAMES_MAX) {
      this.#link?.close('the page could not keep up with relaying');
      return;
    }
    this.#frames.push(frame);
    if (!this.#isFlowing) void this.#flow();
  }

  async #flow(): Promise<void> {
    this.#isFlowing = true;
    for (let frame = this.#frames[0]; frame !== undefined; frame = this.#frames[0]) {
      const result = this.#link!.send(frame);
      if (result === 'full') await this.#link!.drained();
      else this.#frames.shift();
    }
    this.#isFlowing = false;
  }
}
