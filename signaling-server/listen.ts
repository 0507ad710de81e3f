/** Binding the port, and what to say when somebody else has it. */
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Ports tried when looking for a free one; a machine with more in a row has other troubles. */
const PORTS_TRIED_MAX = 50;
const PORT_MAX = 65_535;

/** The wanted port belongs to another program; the message names one that is free. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  /** The port that was asked for. */
  readonly port: number;
  /** The next free port above it, if one was found. */
  readonly nextFreePort: number | undefined;

  constructor(port: number, nextFreePort: number | undefined) {
    const other =
      nextFreePort === undefined ? 'another port' : `port ${nextFreePort}, which is free`;
    super(`Port ${port} is in use. Use ${other}, or stop the program that holds ${port}.`);
    this.port = port;
    this.nextFreePort = nextFreePort;
  }
}

/**
 * Binds a server and resolves with its port (another than `port` when that is 0).
 *
 * @throws PortInUseError
 */
export async function listen(
  server: Server,
  port: number,
  host: string | undefined,
): Promise<number> {
  try {
    return await bind(server, port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortInUseError(port, await nextFreePort(port, host));
  }
}

function bind(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function nextFreePort(port: number, host: string | undefined): Promise<number | undefined> {
  const last = Math.min(PORT_MAX, port + PORTS_TRIED_MAX);
  for (let candidate = port + 1; candidate <= last; candidate++) {
    const probe = createServer();
    try {
      await bind(probe, candidate, host);
    } catch {
      continue;
    }
    await new Promise((resolve) => probe.close(resolve));
    return candidate;
  }
  return undefined;
}
