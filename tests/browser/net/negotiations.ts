/** Two sides of a connection in one page, wired to each other. */

import { afterAll, inject } from 'vitest';
import { cdp } from 'vitest/browser';
import type { Channels } from '../../../src/net/channel.ts';
import { openTransport } from '../../../src/net/rtc/open-transport.ts';
import type {
  Certificates,
  Ending,
  LinkKind,
  Negotiation,
  NegotiationEvents,
  Transport,
} from '../../../src/net/rtc/transport.ts';
import { deferred } from '../../support/deferred.ts';

/** Connections that a file of tests makes, at the most. */
const CONNECTIONS_MAX = 60;

/** Milliseconds between two attempts to find room. */
const COLLECTION_MS = 500;

/** Closed connections count against the browser's bound of 500 until they are collected: no file leaves its own to the next. */
afterAll(roomForMore, 60_000);

/** Fulfilled when the browser takes as many connections as the next file may want. */
async function roomForMore(): Promise<void> {
  for (;;) {
    await collectGarbage();
    const made: RTCPeerConnection[] = [];
    try {
      for (let i = 0; i < CONNECTIONS_MAX; i++) made.push(new RTCPeerConnection());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, COLLECTION_MS));
      continue;
    } finally {
      for (const connection of made) connection.close();
    }
    await collectGarbage();
    return;
  }
}

/** What the browser does by itself after half a minute, or when memory is short. */
export async function collectGarbage(): Promise<void> {
  await cdp().send('HeapProfiler.collectGarbage');
}

/** Who may connect: a transport and the name under which it is known. */
export interface Party {
  readonly name: string;
  readonly transport: Transport;
}

/** A party whose name was never used before. */
export function newParty(kind: LinkKind): Party {
  const name = crypto.getRandomValues(new Uint32Array(4)).join('');
  const peerServer = { host: '127.0.0.1', port: inject('signalingPort'), secure: false };
  return {
    name,
    transport: openTransport(kind, { localName: name, iceServers: () => [], peerServer }),
  };
}

/** One side of a connection, and what it told. */
export interface Side {
  readonly negotiation: Negotiation;
  readonly channels: Promise<Channels<RTCDataChannel>>;
  readonly certificates: Promise<Certificates>;
  readonly closed: Promise<Ending>;
  /** How often it told what. */
  readonly told: Readonly<Record<'channels' | 'secured' | 'closed', number>>;
  /** What it signalled, in order. */
  readonly signals: readonly unknown[];
}

/** What happens between and beside the two sides. */
export interface Circumstances {
  /** Carries a signal to the other side: at once and as it is, unless given. */
  readonly carry?: (
    data: unknown,
    deliver: (data: unknown) => void,
    from: 'left' | 'right',
  ) => void;
  /** Takes the right side's channels in the task that made them. */
  readonly takeRight?: (channels: Channels<RTCDataChannel>) => void;
}

/** Both sides; the left one is the initiator. */
export interface Connection {
  readonly left: Side;
  readonly right: Side;
  close(): void;
}

let attempts = 0;

/** Begins a connection between two parties. */
export function connect(left: Party, right: Party, circumstances: Circumstances = {}): Connection {
  const { carry = (data, deliver) => deliver(data), takeRight = () => {} } = circumstances;
  const attempt = `1.${++attempts}`;
  const signal = (from: 'left' | 'right', to: () => Side) => (data: unknown) => {
    // As signaling would carry it.
    const copy = JSON.parse(JSON.stringify(data)) as unknown;
    // Never within `negotiate`: the other side may not have begun.
    queueMicrotask(() => carry(copy, (arrived) => to().negotiation.signal(arrived), from));
  };
  const leftSide: Side = begin(
    left,
    { isInitiator: true, attempt, remoteName: right.name },
    {
      signal: signal('left', () => rightSide),
      channels: () => {},
    },
  );
  const rightSide = begin(
    right,
    { isInitiator: false, attempt, remoteName: left.name },
    {
      signal: signal('right', () => leftSide),
      channels: takeRight,
    },
  );
  return {
    left: leftSide,
    right: rightSide,
    close: () => {
      leftSide.negotiation.close();
      rightSide.negotiation.close();
    },
  };
}

/** Begins one side. */
export function begin(
  { transport }: Party,
  request: Parameters<Transport['negotiate']>[0],
  events: Partial<Pick<NegotiationEvents, 'signal' | 'channels' | 'doubtful'>>,
): Side {
  const channels = deferred<Channels<RTCDataChannel>>();
  const certificates = deferred<Certificates>();
  const closed = deferred<Ending>();
  const told = { channels: 0, secured: 0, closed: 0 };
  const signals: unknown[] = [];
  const negotiation = transport.negotiate(request, {
    channels: (made) => {
      told.channels++;
      events.channels?.(made);
      channels.resolve(made);
    },
    signal: (data) => {
      signals.push(data);
      events.signal?.(data);
    },
    secured: (both) => {
      told.secured++;
      certificates.resolve(both);
    },
    doubtful: (isDoubtful) => events.doubtful?.(isDoubtful),
    closed: (ending) => {
      told.closed++;
      closed.resolve(ending);
    },
  });
  return {
    negotiation,
    channels: channels.promise,
    certificates: certificates.promise,
    closed: closed.promise,
    told,
    signals,
  };
}

/** Fulfilled when all of a side's channels are open; rejected with the reason when it is closed before. */
export async function opened(side: Side): Promise<Channels<RTCDataChannel>> {
  const channels = side.channels.then(async (made) => {
    await Promise.all(
      Object.values(made).map(
        (channel) =>
          new Promise<void>((resolve) => {
            if (channel.readyState === 'open') resolve();
            else channel.addEventListener('open', () => resolve());
          }),
      ),
    );
    return made;
  });
  const closed = side.closed.then(({ reason }) => {
    throw new Error(`it was closed before it was open: ${reason}`);
  });
  return Promise.race([channels, closed]);
}

/** Milliseconds until a text that did not arrive is sent again: on channels for gossip it may be lost. */
const AGAIN_MS = 100;

/** Fulfilled when a text gets from one end to the other. */
export function carries(from: RTCDataChannel, to: RTCDataChannel, text: string): Promise<void> {
  return new Promise((resolve) => {
    const again = setInterval(() => from.send(text), AGAIN_MS);
    const heard = ({ data }: MessageEvent) => {
      if (data !== text) return;
      clearInterval(again);
      to.removeEventListener('message', heard);
      resolve();
    };
    to.addEventListener('message', heard);
    from.send(text);
  });
}
