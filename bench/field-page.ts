/**
 * In a page: two peers of one library, both here, connected and measured: how long it takes to connect them, how many messages a second go one
 * way, how long an echo takes and how much goes through in bulk. Libraries that are no dependencies of ours bring themselves (`fieldGuests`).
 */

import { Peer, type DataConnection } from 'peerjs';
import SimplePeer from 'simple-peer';

/** One end of a connection. */
export interface End {
  /** Sends the way the library's manual says to. A promise is to be awaited before more is sent. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> | undefined;
  /** Called with the length of each message that arrives. */
  onMessage: (length: number) => void;
}

/** Two ends of one connection that is open at both. */
export interface Pair {
  readonly ends: readonly [End, End];
  close(): Promise<void> | void;
}

/** Starts two peers that know their server, if they have one, and returns what connects them. */
export type Library = (address: string) => Promise<() => Promise<Pair>>;

/** How much of each is done. */
export interface Amounts {
  readonly connections: number;
  readonly casts: number;
  readonly echoes: number;
  readonly frames: number;
}

export interface Figures {
  readonly connectMs: readonly number[];
  readonly castsPerSecond: number;
  readonly echoMs: number;
  readonly bulkMegabytesPerSecond: number;
}

declare global {
  interface Window {
    fieldGuests?: Record<string, Library>;
    fieldBench?: (library: string, address: string, amounts: Amounts) => Promise<Figures>;
  }
}

const MESSAGE_BYTES = 200;
const FRAME_BYTES = 16 * 1024;
const WARM_UP_MESSAGES = 500;
const ECHOES_PER_BLOCK = 20;
const HIGH_WATER_BYTES = 64 * 1024;
const LOW_WATER_BYTES = 32 * 1024;

/** A library that has not done one step by then has failed. */
const STEP_TIMEOUT_MS = 30_000;

window.fieldBench = async (name, address, amounts) => {
  const library = { ...window.fieldGuests, ...LIBRARIES }[name]!;
  const connect = await inTime(`${name} does not start`, library(address));
  const open = () => inTime(`${name} does not connect`, connect());
  // The first one waits until libraries are warm and servers know who is there.
  await (await open()).close();
  const connectMs: number[] = [];
  for (let i = 0; i < amounts.connections; i++) {
    const beganMs = performance.now();
    const pair = await open();
    connectMs.push(performance.now() - beganMs);
    await pair.close();
  }
  const pair = await open();
  await inTime(`${name} loses messages`, flood(pair, WARM_UP_MESSAGES, MESSAGE_BYTES));
  const casts = flood(pair, amounts.casts, MESSAGE_BYTES);
  const castsPerSecond = await inTime(`${name} loses messages`, casts);
  const echoMs = await inTime(`${name} does not answer`, echo(pair, amounts.echoes));
  const frames = flood(pair, amounts.frames, FRAME_BYTES);
  const framesPerSecond = await inTime(`${name} loses frames`, frames);
  await pair.close();
  const bulkMegabytesPerSecond = (framesPerSecond * FRAME_BYTES) / 1e6;
  return { connectMs, castsPerSecond, echoMs, bulkMegabytesPerSecond };
};

/** Messages a second from left to right, from before the first is sent until the last has arrived: both happen on one thread. */
async function flood({ ends: [left, right] }: Pair, count: number, bytes: number): Promise<number> {
  const message = new Uint8Array(bytes);
  const arrived = new Promise<void>((resolve, reject) => {
    let received = 0;
    right.onMessage = (length) => {
      if (length !== bytes) reject(new Error(`${length} bytes arrived instead of ${bytes}`));
      if (++received === count) resolve();
    };
  });
  const beganMs = performance.now();
  for (let i = 0; i < count; i++) {
    const room = left.send(message);
    if (room !== undefined) await room;
  }
  await arrived;
  return count / ((performance.now() - beganMs) / 1000);
}

/** The median time of a message to the right and back, one after the other. */
function echo({ ends: [left, right] }: Pair, count: number): Promise<number> {
  const message = new Uint8Array(MESSAGE_BYTES);
  return new Promise((resolve) => {
    const times: number[] = [];
    let received = 0;
    let beganMs = performance.now();
    right.onMessage = () => void right.send(message);
    left.onMessage = () => {
      // Blocks of them are timed together, for clocks are coarse.
      if (++received % ECHOES_PER_BLOCK === 0) {
        times.push((performance.now() - beganMs) / ECHOES_PER_BLOCK);
        beganMs = performance.now();
      }
      if (received < count) void left.send(message);
      else resolve(times.toSorted((a, b) => a - b)[times.length >> 1]!);
    };
    void left.send(message);
  });
}

const LIBRARIES: Readonly<Record<string, Library>> = {
  raw: () => Promise.resolve(connectRaw),
  'simple-peer': () => Promise.resolve(connectSimplePeers),
  PeerJS: startPeerJs,
};

async function connectRaw(): Promise<Pair> {
  const [left, right] = [new RTCPeerConnection(), new RTCPeerConnection()];
  let described = () => {};
  const ready = new Promise<void>((resolve) => {
    described = resolve;
  });
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.onicecandidate = ({ candidate }) => {
      // One that is found before the other side has its description has to wait.
      if (candidate !== null) void ready.then(() => to.addIceCandidate(candidate));
    };
  }
  const channels = [left, right].map((connection) =>
    connection.createDataChannel('raw', { negotiated: true, id: 0 }),
  );
  const opened = channels.map((channel) => {
    channel.binaryType = 'arraybuffer';
    return new Promise((resolve) => channel.addEventListener('open', resolve));
  });
  await left.setLocalDescription();
  await right.setRemoteDescription(left.localDescription!);
  await right.setLocalDescription();
  await left.setRemoteDescription(right.localDescription!);
  described();
  await Promise.all(opened);
  const ends = channels.map((channel) => {
    const end = windowed(channel, (bytes) => channel.send(bytes));
    channel.onmessage = ({ data }) => end.onMessage((data as ArrayBuffer).byteLength);
    return end;
  });
  return {
    ends: [ends[0]!, ends[1]!],
    close() {
      left.close();
      right.close();
    },
  };
}

/** `_channel` is where its own stream looks at how much is waiting. */
type WithChannel = SimplePeer.Instance & { readonly _channel: RTCDataChannel };

async function connectSimplePeers(): Promise<Pair> {
  const peers = [true, false].map((initiator) => {
    return new SimplePeer({ initiator, config: { iceServers: [] } }) as WithChannel;
  });
  const opened = peers.map((peer, at) => {
    peer.on('signal', (data) => peers[1 - at]!.signal(data));
    return new Promise<void>((resolve, reject) => {
      peer.on('connect', resolve);
      peer.on('error', reject);
    });
  });
  await Promise.all(opened);
  const ends = peers.map((peer) => {
    const end = windowed(peer._channel, (bytes) => peer.send(bytes));
    peer.on('data', (data: Uint8Array) => end.onMessage(data.byteLength));
    return end;
  });
  return {
    ends: [ends[0]!, ends[1]!],
    close() {
      for (const peer of peers) peer.destroy();
    },
  };
}

/** Both peers are known to the server before the first of them connects. */
async function startPeerJs(address: string): Promise<() => Promise<Pair>> {
  const { hostname: host, port } = new URL(address);
  const options = { host, port: Number(port), config: { iceServers: [] } };
  const [left, right] = [new Peer(options), new Peer(options)];
  await Promise.all([left, right].map((peer) => event(peer, 'open')));
  return async () => {
    const accepted = event(right, 'connection') as Promise<DataConnection>;
    const dialed = left.connect(right.id, { reliable: true, serialization: 'raw' });
    const dialedIsOpen = event(dialed, 'open');
    const taken = await accepted;
    await Promise.all([dialedIsOpen, taken.open ? undefined : event(taken, 'open')]);
    const ends = [dialed, taken].map((connection) => {
      const end = windowed(connection.dataChannel, (bytes) => void connection.send(bytes));
      connection.on('data', (data) => end.onMessage((data as ArrayBuffer).byteLength));
      return end;
    });
    return {
      ends: [ends[0]!, ends[1]!],
      close() {
        dialed.close();
        taken.close();
      },
    };
  };
}

interface Emitter {
  once(name: string, listener: (value: unknown) => void): unknown;
}

function event(emitter: Emitter | Peer | DataConnection, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    (emitter as Emitter).once(name, resolve);
    (emitter as Emitter).once('error', reject);
  });
}

/** An end for a library that leaves it to its user how much may wait in the channel. */
function windowed(channel: RTCDataChannel, send: (bytes: Uint8Array<ArrayBuffer>) => void): End {
  channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  return {
    send(bytes) {
      send(bytes);
      if (channel.bufferedAmount <= HIGH_WATER_BYTES) return undefined;
      return new Promise((resolve) => {
        channel.addEventListener('bufferedamountlow', resolve, { once: true });
      });
    },
    onMessage: () => {},
  };
}

async function inTime<T>(problem: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`${problem} within ${STEP_TIMEOUT_MS / 1000} s`));
    timer = setTimeout(fail, STEP_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
