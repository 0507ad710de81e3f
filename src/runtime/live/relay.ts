/** Where a browser cannot transfer data channels into workers, the page carries their frames over a port, with backpressure. */

import { RtcChannel } from '../../net/rtc-channel.ts';
import type { Channel } from '../../net/channel.ts';
import { PortChannel } from '../../net/port-channel.ts';

/**
 * Bytes that wait for one of the two links. A data channel cannot be told to wait, so this is how long a worker may be busy while its
 * peers send as fast as they can: more than a second. The worker itself waits for its acknowledgements, and never comes close.
 */
const QUEUE_BYTES_MAX = 64 << 20;

/** What a waiting frame costs beside its bytes, about: a flood of empty frames must be bounded too. */
const FRAME_COST_BYTES = 256;

/** Relays a channel; returns the port for the worker. */
export function relay(channel: RTCDataChannel): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const towardsWorker = new RelayQueue();
  const towardsPeer = new RelayQueue();
  const channelLink = new RtcChannel(channel, {
    frame: (frame) => void towardsWorker.push(frame),
    closed: (reason) => portLink.close(reason),
  });
  const portLink = new PortChannel(port1, {
    frame: (frame) => towardsPeer.push(frame),
    closed: (reason) => channelLink.close(reason),
  });
  towardsWorker.flowInto(portLink);
  towardsPeer.flowInto(channelLink);
  return port2;
}

/** Frames on their way into one link. */
class RelayQueue {
  readonly #frames: { readonly frame: Uint8Array; readonly handedOn: () => void }[] = [];
  #link: Channel | undefined;
  #bytes = 0;
  #isFlowing = false;

  flowInto(link: Channel): void {
    this.#link = link;
  }

  /** Fulfilled when the link has taken the frame. */
  push(frame: Uint8Array): Promise<void> {
    if (this.#bytes + costOf(frame) > QUEUE_BYTES_MAX) {
      this.#link?.close('the page could not keep up with relaying');
      return Promise.resolve();
    }
    this.#bytes += costOf(frame);
    return new Promise((handedOn) => {
      this.#frames.push({ frame, handedOn });
      if (!this.#isFlowing) void this.#flow();
    });
  }

  async #flow(): Promise<void> {
    this.#isFlowing = true;
    for (let next = this.#frames[0]; next !== undefined; next = this.#frames[0]) {
      const { frame, handedOn } = next;
      if (this.#link!.send(frame) === 'full') {
        await this.#link!.drained();
        continue;
      }
      this.#frames.shift();
      this.#bytes -= costOf(frame);
      handedOn();
    }
    this.#isFlowing = false;
  }
}

function costOf(frame: Uint8Array): number {
  return frame.length + FRAME_COST_BYTES;
}
