/** A PeerJS client that keeps no rules, for any server that speaks the protocol of PeerServer. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Fixture } from './support.ts';

/** A message as it arrived; `msg` says something to a person, and every server says it its own way. */
export interface PeerFrame {
  readonly type: string;
  readonly src?: string;
  readonly dst?: string;
  readonly payload?: unknown;
}

/** Who connects, and with what. What is undefined is left out of the address. */
export interface PeerAddress {
  readonly id?: string | undefined;
  readonly token?: string | undefined;
  readonly key?: string | undefined;
}

/** One socket of a PeerJS client. */
export class PeerClient {
  readonly id: string;
  readonly socket: WebSocket;
  readonly heard: PeerFrame[] = [];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  #waiting: (() => void)[] = [];

  /** `base` is the server's address, for example `http://127.0.0.1:9000/`. */
  constructor(base: string, { key = 'peerjs', id, token }: PeerAddress) {
    this.id = id ?? '';
    const url = new URL('/peerjs', base.replace('http', 'ws'));
    for (const [name, value] of Object.entries({ key, id, token, version: '1.5.5' })) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    this.socket = new WebSocket(url);
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('message', (data) => {
      this.heard.push(withoutText(JSON.parse((data as Buffer).toString()) as PeerFrame));
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    });
  }

  /** Sends a message, or a frame as it is. */
  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Fulfilled when so many messages have arrived. */
  async until(count: number): Promise<PeerFrame[]> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.heard;
  }

  /** Waits until all that was said to it before has arrived: what it says to itself comes last. */
  async settle(): Promise<void> {
    const fence = { fence: Math.random() };
    this.send({ type: 'CANDIDATE', dst: this.id, payload: fence });
    const index = () =>
      this.heard.findIndex(({ payload }) => (payload as typeof fence)?.fence === fence.fence);
    while (index() < 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.heard.splice(index(), 1);
  }
}

/** Connects; the socket is open, and what the server says to that comes later. */
export async function connectPeer(
  fixture: Fixture,
  base: string,
  address: PeerAddress,
): Promise<PeerClient> {
  const client = new PeerClient(base, address);
  fixture.later(() => client.socket.terminate());
  await once(client.socket, 'open');
  return client;
}

function withoutText(frame: PeerFrame): PeerFrame {
  const { payload } = frame as { payload?: { msg?: unknown } };
  return typeof payload?.msg === 'string' ? { ...frame, payload: { msg: '…' } } : frame;
}
