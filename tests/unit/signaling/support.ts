/** What the signaling tests share: tabs, recordings of events, raw sockets. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SignalingClient, type SignalingClientOptions } from '../../../src/net/signaling/client.ts';
import {
  parseServerMessage,
  signalingUrl,
  type JoinMessage,
  type ServerMessage,
  type ServerMessageOf,
} from '../../../src/net/signaling/protocol.ts';
import type {
  JoinRequest,
  Signaling,
  SignalingEvents,
} from '../../../src/net/signaling/signaling.ts';
import { startSignalingServer, type SignalingServer } from '../../../signaling-server/server.ts';

/** A join request of a tab nobody else is. */
export function tab(changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    room: 'TEST-ROOM',
    member: `member-${randomUUID().slice(0, 13)}`,
    token: randomUUID(),
    incarnation: 1,
    ...changes,
  };
}

/** The same as a message on the wire. */
export function joinFrame(request: JoinRequest): JoinMessage {
  return { type: 'join', protocol: 1, ...request };
}

type Name = keyof SignalingEvents;
type Recorded = { [N in Name]: { name: N; event: SignalingEvents[N] } }[Name];

/** Everything a signaling reports, from now on. */
export class Recording {
  readonly events: Recorded[] = [];
  #waiting: (() => void)[] = [];

  constructor(signaling: Signaling) {
    for (const name of ['joined', 'left', 'signal', 'broadcast', 'state', 'problem'] as const) {
      signaling.on(name, (event) => {
        this.events.push({ name, event } as Recorded);
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const wake of waiting) wake();
      });
    }
  }

  /** The events of one name so far. */
  all<N extends Name>(name: N): SignalingEvents[N][] {
    return this.events.filter((entry) => entry.name === name).map((entry) => entry.event) as never;
  }

  /** The first event that matches, which may have been already. */
  async until<N extends Name>(
    name: N,
    matches: (event: SignalingEvents[N]) => boolean = () => true,
  ): Promise<SignalingEvents[N]> {
    for (;;) {
      const found = this.all(name).find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** A tab that joined, with everything it heard. */
export interface Joined {
  readonly signaling: Signaling;
  readonly heard: Recording;
  readonly request: JoinRequest;
}

/** Joins with a recording from the start. */
export async function joinTab(
  signaling: Signaling,
  changes: Partial<JoinRequest> = {},
): Promise<Joined> {
  const heard = new Recording(signaling);
  const request = tab(changes);
  await signaling.join(request);
  return { signaling, heard, request };
}

/**
 * Waits until everything that was said to `to` before has arrived, because what is said last
 * arrives last. Afterwards what was not heard will not be heard.
 */
export async function settle(from: Signaling, to: Joined): Promise<void> {
  const fence = randomUUID();
  from.signal(to.request.member, { fence });
  await to.heard.until('signal', ({ payload }) => fenceOf(payload) === fence);
}

function fenceOf(payload: unknown): unknown {
  return (payload as { fence?: unknown } | null)?.fence;
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

  /** The next message of a type; what came before it is skipped. */
  async next<Type extends ServerMessage['type']>(type: Type): Promise<ServerMessageOf<Type>> {
    for (;;) {
      const index = this.messages.findIndex((message) => message.type === type);
      if (index >= 0) return this.messages.splice(0, index + 1).at(-1) as ServerMessageOf<Type>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async join(request: JoinRequest): Promise<ServerMessageOf<'welcome'>> {
    this.send(joinFrame(request));
    return this.next('welcome');
  }
}

/** One sample of the metrics. */
export async function metric(server: SignalingServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.urls[0]}metrics`)).text();
  const line = text.split('\n').find((row) => row.startsWith(`parley_signaling_${name} `));
  return Number(line?.split(' ')[1]);
}
