/** What stands before several servers: a TCP proxy that gives every connection to the next one that answers. */

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A load balancer on loopback. */
export interface Balancer {
  readonly port: number;
  close(): void;
}

/** Balances over these ports of loopback, from the first on. */
export async function balance(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  let next = 0;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    hold(client);
    forward(client, ports.length);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };

  function hold(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  }

  function forward(client: Socket, attempts: number): void {
    if (attempts === 0) return void client.destroy();
    const upstream = connect(ports[next++ % ports.length]!, '127.0.0.1');
    hold(upstream);
    upstream.once('connect', () => {
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
      client.pipe(upstream);
      upstream.pipe(client);
    });
    upstream.once('error', () => forward(client, attempts - 1));
  }
}
