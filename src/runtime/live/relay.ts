/** Where a browser cannot transfer data channels into workers, the page carries their frames over ports, with backpressure. */

import { eachClass, type Channel, type Channels } from '../../net/channel.ts';
import { MESSAGE_BYTES_MAX } from '../../net/limits.ts';
import { PortChannel } from '../../net/port-channel.ts';
import { RtcChannel } from '../../net/rtc-channel.ts';

/**
 * Bytes that wait for one end of an ordered channel. A data channel cannot be told to wait, so this is how long a worker may be busy while its
 * peers send as fast as they can: more than a second. Peers of ours stop far below, because they wait for acknowledgements.
 */
const QUEUE_BYTES_MAX = 64 << 20;

/** Bytes that wait for one end of a channel whose frames may be lost: what waits longer is too old to be worth it. */
const LOSSY_QUEUE_BYTES_MAX = MESSAGE_BYTES_MAX;

/** What a waiting frame costs beside its bytes, about: a flood of empty frames must be bounded too. */
const FRAME_COST_BYTES = 256;

/** Relays the channels of a link; returns the ports for the worker. */
export function relay(channels: Channels<RTCDataChannel>): Channels<MessagePort> {
  return eachClass((linkClass) => relayChannel(channels[linkClass], linkClass === 'gossip'));
}

function relayChannel(channel: RTCDataChannel, isLossy: boolean): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const towardsWorker = new RelayQueue(isLossy);
  const towardsPeer = new RelayQueue(isLossy);
  const peerEnd = new RtcChannel(channel, {
    frame: (frame) => void towardsWorker.push(frame),
    closed: (reason) => workerEnd.close(reason),
  });
  const workerEnd = new PortChannel(port1, {
    frame: (frame) => towardsPeer.push(frame),
    closed: (reason) => peerEnd.close(reason),
  });
  towardsWorker.flowInto(workerEnd);
  towardsPeer.flowInto(peerEnd);
  return port2;
}

/** Frames on their way into one end. */
class RelayQueue {
  readonly #isLossy: boolean;
  readonly #frames: { readonly frame: Uint8Array; readonly handedOn: () => void }[] = [];
  #end: Channel | undefined;
  #bytes = 0;
  #isFlowing = false;

  constructor(isLossy: boolean) {
    this.#isLossy = isLossy;
  }

  flowInto(end: Channel): void {
    this.#end = end;
  }

  /** Fulfilled when the end has taken the frame, or it was lost. */
  push(frame: Uint8Array): Promise<void> {
    const bytesMax = this.#isLossy ? LOSSY_QUEUE_BYTES_MAX : QUEUE_BYTES_MAX;
    if (this.#bytes + costOf(frame) > bytesMax) {
      if (!this.#isLossy) this.#end?.close('the page could not keep up with relaying');
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
      if (this.#end!.send(frame) === 'full') {
        await this.#end!.drained();
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
