/**
 * One member's way through the relay, shared by the links of its page and of each of its nodes: three bytes in front of every packet, four
 * characters of base64, say whose it is.
 */

import { fromBase64, toBase64 } from '../../net/base64.ts';
import { RelayHub } from '../../net/relay/relay-hub.ts';
import { relayPipe, type RelayPipe } from '../../net/relay/relay-pipe.ts';
import { relayPorts } from '../../net/relay/relay-ports.ts';
import type { Signaling } from '../../net/signaling/signaling.ts';
import type { RelayFactory } from '../../runtime/live/carrier.ts';

/** What stands in front of a packet. */
type Header = readonly [lane: number, from: number, to: number];

const HEADER_LENGTH = 4;

/** Whose packets are whose: the other end's name for its member and back. */
interface Lane {
  /** Where a packet for `name` goes; undefined when nobody is called so. */
  out(name: string): { readonly member: string; readonly header: Header } | undefined;
  /** Who sent a packet; undefined when it is none of this lane's. */
  from(member: string, header: Header): string | undefined;
}

/** A node's seat, as the relay counts them. */
export interface RelaySeat {
  /** Of the link's end. */
  readonly name: string;
  readonly member: string;
  /** From 0 to 255. */
  readonly index: number;
}

/** The links between the pages of members. */
export function memberLane(): Lane {
  const header: Header = [0, 0, 0];
  return {
    out: (member) => ({ member, header }),
    from: (member, [lane]) => (lane === 0 ? member : undefined),
  };
}

/**
 * The links of one node.
 *
 * @param lane from 1 to 255, the same for all nodes of a run
 */
export function seatLane(lane: number, own: number, seats: readonly RelaySeat[]): Lane {
  return {
    out: (name) => {
      const seat = seats.find((one) => one.name === name);
      return seat && { member: seat.member, header: [lane, own, seat.index] };
    },
    from: (member, [ofLane, from, to]) => {
      if (ofLane !== lane || to !== own) return undefined;
      const seat = seats.find(({ index }) => index === from);
      return seat?.member === member ? seat.name : undefined;
    },
  };
}

/** Links through the server, for whoever owns the lane; `nameOf` gives the name that the lane has for an end. */
export function relayFactory(
  signaling: Signaling,
  lane: Lane,
  nameOf: (end: string) => string,
): { readonly make: RelayFactory; readonly close: () => void } {
  const hub = new RelayHub(lanePipe(relayPipe(signaling), lane));
  const make: RelayFactory = (end, attempt) => relayPorts(hub, nameOf(end), attempt);
  return { make, close: () => hub.close('this member has left') };
}

function lanePipe(pipe: RelayPipe, lane: Lane): RelayPipe {
  return {
    send: (to, data) => {
      const way = lane.out(to);
      if (way === undefined) return 'closed';
      return pipe.send(way.member, toBase64(Uint8Array.from(way.header)) + data);
    },
    drained: () => pipe.drained(),
    on: (listener) =>
      pipe.on((member, data) => {
        const header = readHeader(data);
        const name = header === undefined ? undefined : lane.from(member, header);
        if (name !== undefined) listener(name, data.slice(HEADER_LENGTH));
      }),
  };
}

function readHeader(data: string): Header | undefined {
  try {
    const [lane, from, to] = fromBase64(data.slice(0, HEADER_LENGTH));
    return lane === undefined || from === undefined || to === undefined
      ? undefined
      : [lane, from, to];
  } catch {
    return undefined;
  }
}
