/** What relayed links need of the one who relays: packets to members of the room, in order, each at most once, or not at all. */

import { RELAY_DATA_LENGTH_MAX } from '../signaling/protocol.ts';
import type { SendOutcome, Signaling } from '../signaling/signaling.ts';

/** Bytes of a packet: what base64 makes the longest data of a relayed frame of. */
export const RELAY_PACKET_BYTES_MAX = (RELAY_DATA_LENGTH_MAX / 4) * 3;

/** Carries packets between this member and the others of its room. */
export interface RelayPipe {
  /**
   * Sends base64 of at most {@link RELAY_PACKET_BYTES_MAX} bytes. `full`: not taken, send it again when {@link drained}. `closed`: it will
   * never be sent.
   */
  send(to: string, data: string): SendOutcome;
  /** Fulfilled when packets may be taken again, or the pipe is closed. */
  drained(): Promise<void>;
  /** Calls `listener` with every packet, until the returned function is called. `data` comes from a stranger. */
  on(listener: (from: string, data: string) => void): () => void;
}

/** The pipe through a signaling server. */
export function relayPipe(signaling: Signaling): RelayPipe {
  return {
    send: (to, data) => signaling.relay(to, data),
    drained: () => drained(signaling),
    on: (listener) => signaling.on('relay', ({ from, data }) => listener(from, data)),
  };
}

function drained(signaling: Signaling): Promise<void> {
  if (signaling.state === 'closed') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      for (const unsubscribe of subscriptions) unsubscribe();
      resolve();
    };
    const subscriptions = [
      signaling.on('relayDrained', done),
      signaling.on('state', ({ state }) => {
        if (state === 'closed') done();
      }),
    ];
  });
}
