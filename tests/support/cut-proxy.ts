/** A TCP proxy that loses connections as networks do: without a word to either side. */

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between pages and a server on loopback. */
export interface CutProxy {
  /** Where pages find the server now, e.g. `localhost:40123`. */
  readonly authority: string;
  /** Cuts the WebSocket that was opened last. */
  cutLastSocket(): void;
  /** From now on every open connection stays open and carries nothing, as when a cable is pulled. */
  mute(): void;
  close(): void;
}

/** Puts a proxy in front of `localhost:PORT`. */
export async function cutProxy(serverPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  const muted = new Set<Socket>();
  const webSockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      if (bytes.toString('latin1').includes('Upgrade: websocket')) webSockets.push(client);
    });
    const carry = (from: Socket, to: Socket) =>
      from.on('data', (bytes: Buffer) => {
        if (!muted.has(from)) to.write(bytes);
      });
    carry(client, upstream);
    carry(upstream, client);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    authority: `localhost:${(server.address() as AddressInfo).port}`,
    mute: () => sockets.forEach((socket) => muted.add(socket)),
    cutLastSocket: () => webSockets.pop()?.destroy(),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
