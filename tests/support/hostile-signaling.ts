/** A signaling server that cannot be trusted: it reads everything, and does with it what the test says. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { SIGNAL_PATH } from '../../src/net/signaling/protocol.ts';

/** A frame as JSON. */
export type Said = Record<string, unknown>;

/** One client of the server. */
export interface Client {
  /** The node that it joined as. */
  node: string;
  member: string;
  incarnation: number;
  /** Says something to it that no honest server says. */
  tell(message: Said): void;
}

/** What the server does with what clients say: the frames that really go on, in their order. */
export type Intercept = (client: Client, message: Said) => readonly Said[];

/** An honest server's address, behind somebody who is not. */
export class HostileSignaling {
  readonly authority: string;
  readonly clients: Client[] = [];
  readonly #close: () => void;

  private constructor(authority: string, close: () => void) {
    this.authority = authority;
    this.#close = close;
  }

  /** @param upstream where the honest server is, e.g. `localhost:9000` */
  static async start(upstream: string, intercept: Intercept): Promise<HostileSignaling> {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    const { port } = http.address() as AddressInfo;
    const hostile = new HostileSignaling(`localhost:${port}`, () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.close();
    });
    sockets.on('connection', (socket) => {
      const server = new WebSocket(`ws://${upstream}${SIGNAL_PATH}`);
      const waiting: string[] = [];
      const client: Client = {
        ...{ node: '', member: '', incarnation: 0 },
        tell: (message) => socket.send(JSON.stringify(message)),
      };
      hostile.clients.push(client);
      const goOn = (text: string) => {
        if (server.readyState === WebSocket.OPEN) server.send(text);
        else waiting.push(text);
      };
      server.on('open', () => {
        for (const text of waiting.splice(0)) server.send(text);
      });
      server.on('message', (data) => socket.send(String(data)));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as Said;
        if (message['type'] === 'join') {
          client.node = String(message['node']);
          client.member = String(message['member']);
          client.incarnation = Number(message['incarnation']);
        }
        for (const one of intercept(client, message)) goOn(JSON.stringify(one));
      });
      for (const [one, other] of [
        [socket, server],
        [server, socket],
      ] as const) {
        one.on('close', () => other.close());
        one.on('error', () => other.close());
      }
    });
    return hostile;
  }

  /** The client that joined as this node. */
  client(node: string): Client {
    return this.clients.find((one) => one.node === node)!;
  }

  close(): void {
    this.#close();
  }
}
