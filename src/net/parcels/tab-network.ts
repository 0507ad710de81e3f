/** A network between the tabs and workers of one browser, of one origin: a broadcast channel that everybody listens to. */

import type { NodeId } from '../../core/id.ts';
import type { Attachment, Network, Receiver } from './network.ts';

interface Parcel {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly bytes: Uint8Array;
}

/** The network called `name`. Whatever runs on this origin can read it and write to it. */
export class TabNetwork implements Network {
  readonly #name: string;

  constructor(name: string) {
    this.#name = `parley network ${name}`;
  }

  join(id: NodeId, receive: Receiver): Attachment {
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }: MessageEvent<Partial<Parcel> | null>) => {
      if (data?.to !== id || typeof data.from !== 'string') return;
      if (data.bytes instanceof Uint8Array) void receive(data.from, data.bytes);
    };
    return {
      send: (to, bytes) => channel.postMessage({ from: id, to, bytes } satisfies Parcel),
      leave: () => channel.close(),
    };
  }
}
