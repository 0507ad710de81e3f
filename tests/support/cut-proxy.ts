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
  /** What was said meanwhile arrives after all, as when the cable is put back in time. */
  unmute(): void;
  /** Cuts everything, and lets nobody in any more. */
  refuse(): void;
  close(): void;
}

/** Puts a proxy in front of `localhost:PORT`. */
export async function cutProxy(serverPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  /** What each muted socket said, and to whom. */
  const muted = new Map<Socket, { readonly to: Socket; readonly held: Buffer[] }>();
  const receivers = new Map<Socket, Socket>();
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
    const carry = (from: Socket, to: Socket) => {
      receivers.set(from, to);
      from.on('data', (bytes: Buffer) => {
        const silence = muted.get(from);
        if (silence === undefined) to.write(bytes);
        else silence.held.push(bytes);
      });
    };
    carry(client, upstream);
    carry(upstream, client);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const refuse = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return {
    authority: `localhost:${(server.address() as AddressInfo).port}`,
    mute: () => {
      for (const socket of sockets) muted.set(socket, { to: receivers.get(socket)!, held: [] });
    },
    unmute: () => {
      for (const { to, held } of muted.values()) for (const bytes of held) to.write(bytes);
      muted.clear();
    },
    cutLastSocket: () => webSockets.pop()?.destroy(),
    refuse,
    close: refuse,
  };
}
