/** What the signaling tests share: servers, clients and raw sockets; tabs are in tests/support/signaling-tabs.ts. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SignalingClient, type SignalingClientOptions } from '../../../src/net/signaling/client.ts';
import { toHex } from '../../../src/net/hex.ts';
import { joinMessage } from '../../../src/net/signaling/outgoing.ts';
import { proofContent } from '../../../src/net/signaling/proof.ts';
import {
  parseServerMessage,
  signalingUrl,
  type JoinMessage,
  type ServerMessage,
  type ServerMessageOf,
} from '../../../src/net/signaling/protocol.ts';
import type { JoinRequest } from '../../../src/net/signaling/signaling.ts';
import { startSignalingServer, type SignalingServer } from '../../../signaling-server/server.ts';

export {
  joinTab,
  newKey,
  Recording,
  settle,
  tab,
  type Joined,
} from '../../support/signaling-tabs.ts';

/** The same as a message on the wire. */
export function joinFrame(request: JoinRequest): JoinMessage {
  return joinMessage(request);
}

/** Servers and sockets of one test; `close` ends them all. */
export class Fixture {
  readonly #closers: (() => unknown)[] = [];

  /** Closes something at the end, in reverse order. */
  later(close: () => unknown): void {
    this.#closers.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }

  async server(options: Parameters<typeof startSignalingServer>[0] = {}): Promise<SignalingServer> {
    const server = await startSignalingServer({ port: 0, host: '127.0.0.1', ...options });
    this.later(() => server.close());
    return server;
  }

  client(server: SignalingServer, options: Partial<SignalingClientOptions> = {}): SignalingClient {
    const url = signalingUrl(server.urls[0]!);
    const client = new SignalingClient({ url, webSocket: WebSocket, ...options });
    this.later(() => client.close());
    return client;
  }

  /** A socket that is open and says what it is told. */
  async raw(server: SignalingServer, options: { autoPong?: boolean } = {}): Promise<RawClient> {
    const client = new RawClient(server, options);
    this.later(() => client.socket.terminate());
    await once(client.socket, 'open');
    return client;
  }
}

/** A client that keeps no rules. */
export class RawClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  readonly #waiting: (() => void)[] = [];

  constructor(server: SignalingServer, options: { autoPong?: boolean }) {
    this.socket = new WebSocket(signalingUrl(server.urls[0]!), options);
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('message', (data) => {
      const parsed = parseServerMessage((data as Buffer).toString());
      if (!parsed.ok) throw new Error(`the server sent nonsense: ${parsed.problem}`);
      this.messages.push(parsed.message);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message. */
  async nextOfAny(): Promise<ServerMessage> {
    while (this.messages.length === 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.messages.shift()!;
  }

  /** The next message of a type; what came before it is skipped. */
  async next<Type extends ServerMessage['type']>(type: Type): Promise<ServerMessageOf<Type>> {
    for (;;) {
      const index = this.messages.findIndex((message) => message.type === type);
      if (index >= 0) return this.messages.splice(0, index + 1).at(-1) as ServerMessageOf<Type>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Answers the challenge to a join, or says what else is to be proven. */
  async prove(request: JoinRequest, claim: JoinRequest = request): Promise<string> {
    const { nonce } = await this.next('challenge');
    const signature = toHex(await request.sign!(proofContent(nonce, claim)));
    this.send({ type: 'prove', signature });
    return signature;
  }

  async join(request: JoinRequest): Promise<ServerMessageOf<'welcome'>> {
    this.send(joinFrame(request));
    if (request.sign !== undefined) await this.prove(request);
    return this.next('welcome');
  }
}

/** One sample of the metrics. */
export async function metric(server: SignalingServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.urls[0]}metrics`)).text();
  const line = text.split('\n').find((row) => row.startsWith(`parley_signaling_${name} `));
  return Number(line?.split(' ')[1]);
}
