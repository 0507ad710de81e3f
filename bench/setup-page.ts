/** In a page: how long one connection takes from nothing until its three channels are open at both ends, negotiated in one way or another. */

import { eachClass, type Channels } from '../src/net/channel.ts';
import { openTransport } from '../src/net/rtc/open-transport.ts';
import { openChannels } from '../src/net/rtc-channel.ts';
import type {
  LinkKind,
  Negotiation,
  NegotiationEvents,
  Transport,
} from '../src/net/rtc/transport.ts';

/** What is measured: one of the transports, bare connections, or a new way on a connection that is up. */
export type Subject = LinkKind | 'raw' | 'restart';

declare global {
  interface Window {
    /** Milliseconds of each of `count` connections, one after the other. */
    setupBench?: (subject: Subject, count: number, port: number) => Promise<readonly number[]>;
  }
}

window.setupBench = async (subject, count, port) => {
  const connect = await connectorOf(subject, port);
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await connect());
  return times;
};

/** Makes and closes one connection, and says how long it took to make. */
type Connect = () => Promise<number>;

async function connectorOf(subject: Subject, port: number): Promise<Connect> {
  if (subject === 'raw') return connectRaw;
  const kind = subject === 'restart' ? 'native' : subject;
  const names = [`left${subject}${performance.now()}`, `right${subject}${performance.now()}`];
  const [left, right] = names.map((name) =>
    openTransport(kind, {
      localName: name.replace('.', ''),
      iceServers: () => [],
      peerServer: { host: '127.0.0.1', port, secure: false },
    }),
  );
  const [leftName, rightName] = names.map((name) => name.replace('.', ''));
  const pair = () => connectPair([left!, leftName!], [right!, rightName!]);
  // The first one waits until libraries are loaded and servers know who is there.
  await pair().then(({ close }) => close());
  return async () => {
    const { tookMs, restart, close } = await pair();
    const result = subject === 'restart' ? await restart() : tookMs;
    await close();
    return result;
  };
}

let attempts = 0;

/** A connection between two transports, each with its name. */
async function connectPair(
  left: readonly [Transport, string],
  right: readonly [Transport, string],
) {
  const beganMs = performance.now();
  const attempt = `1.${++attempts}`;
  const sides: Negotiation[] = [];
  const closed: Promise<void>[] = [];
  let answered = () => {};
  const opened = [left, right].map(([transport], at) => {
    const [, remoteName] = at === 0 ? right : left;
    return new Promise<void>((resolve) => {
      const end = new Promise<void>((ended) => {
        const events: NegotiationEvents = {
          channels: (channels) => void allOpen(channels).then(resolve),
          signal: (data) => {
            queueMicrotask(() => sides[1 - at]!.signal(data));
            if ((data as { type: string }).type === 'answer') answered();
          },
          secured: () => {},
          doubtful: () => {},
          closed: () => ended(),
        };
        sides.push(transport.negotiate({ isInitiator: at === 0, attempt, remoteName }, events));
      });
      closed.push(end);
    });
  });
  await Promise.all(opened);
  return {
    tookMs: performance.now() - beganMs,
    restart: async () => {
      const restartedMs = performance.now();
      await new Promise<void>((resolve) => {
        answered = resolve;
        sides[0]!.restart();
      });
      return performance.now() - restartedMs;
    },
    close: async () => {
      for (const side of sides) side.close();
      await Promise.all(closed);
    },
  };
}

/** What no library and no check stands in the way of. */
async function connectRaw(): Promise<number> {
  const beganMs = performance.now();
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
  const opened = [left, right].map((connection) => allOpen(openChannels(connection)));
  await left.setLocalDescription();
  await right.setRemoteDescription(left.localDescription!);
  await right.setLocalDescription();
  await left.setRemoteDescription(right.localDescription!);
  described();
  await Promise.all(opened);
  const tookMs = performance.now() - beganMs;
  left.close();
  right.close();
  return tookMs;
}

async function allOpen(channels: Channels<RTCDataChannel>): Promise<void> {
  const opened = eachClass(
    (linkClass) =>
      new Promise<void>((resolve) => {
        channels[linkClass].onopen = () => resolve();
      }),
  );
  await Promise.all(Object.values(opened));
}
