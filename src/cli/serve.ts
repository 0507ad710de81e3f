/** What `signal` and `lab` have in common: one port, addresses that people can use, and an orderly end. */

import type { SignalingServer, SignalingServerOptions } from '../../signaling-server/server.ts';
import { startSignalingServer } from '../../signaling-server/server.ts';
import { coloursFor, type Colours } from './colours.ts';
import { EnvironmentError, EXIT_STATUS, UsageError } from './failures.ts';
import { Interrupt } from './interrupt.ts';
import type { ServeOptions } from './program.ts';
import { qrCode } from './qr-code.ts';

/** The port of both commands, and where network runs look for a server. */
export const DEFAULT_PORT = 9000;

/** What a server serves, beside signaling. */
export type Served = Pick<
  SignalingServerOptions,
  'staticRoot' | 'fallbackRequest' | 'fallbackUpgrade'
>;

/** What else a server needs to be of use. */
export interface Service {
  /** What the addresses lead to. */
  readonly title: string;
  readonly served: Served;
  /** Done when the port is taken and before anybody is told of it. */
  readonly prepare?: () => Promise<unknown>;
  /** Done when the server has ended, however it ended. */
  readonly close?: () => Promise<void>;
}

/**
 * Serves until Ctrl-C or SIGTERM; the exit status.
 *
 * @throws {EnvironmentError} when the port is taken, naming the next free one
 */
export async function serve(options: ServeOptions, service: Service): Promise<number> {
  const interrupt = new Interrupt((signal) => console.error(`${signal}: stopping`));
  try {
    const server = await start(options, service.served);
    try {
      await Promise.race([service.prepare?.(), interrupt.received()]);
      if (!interrupt.signal.aborted) announce(service.title, server);
      await interrupt.received();
    } finally {
      await server.close();
    }
  } finally {
    await service.close?.();
    interrupt.close();
  }
  // This is how a server is meant to end.
  return EXIT_STATUS.ok;
}

/**
 * The port to listen on: the option, else PORT of the environment, else {@link DEFAULT_PORT}.
 *
 * @throws {UsageError} when PORT is no port
 */
export function portOf(options: ServeOptions, environment = process.env): number {
  if (options.port !== undefined) return options.port;
  const text = environment['PORT'] ?? '';
  if (text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`PORT=${text} in the environment is no port: it is 0 to 65535`);
}

async function start(options: ServeOptions, served: Served): Promise<SignalingServer> {
  const port = portOf(options);
  try {
    return await startSignalingServer({
      port,
      ...(options.host === undefined ? {} : { host: options.host }),
      ...served,
      log: ({ level, event, ...details }) => {
        if (options.verbose !== true && level !== 'warn' && level !== 'error') return;
        console.error(`${level} ${event} ${JSON.stringify(details)}`);
      },
    });
  } catch (error) {
    throw explained(error, port, options.host);
  }
}

function explained(error: unknown, port: number, host: string | undefined): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'PortInUseError') {
    const { nextFreePort } = error as { nextFreePort?: number };
    const command = nextFreePort === undefined ? '' : ` (--port ${nextFreePort})`;
    return new EnvironmentError(`${message}${command}`);
  }
  if (code === 'EACCES') {
    return new EnvironmentError(`port ${port} needs more rights: choose one above 1023 (--port)`);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new UsageError(`--host ${host} is no address of this machine: ${message}`);
  }
  return error;
}

function announce(title: string, { urls }: SignalingServer): void {
  const colours = coloursFor(process.stdout, process.env);
  const [own, ...others] = urls;
  const lines = [
    '',
    `  ${colours.bold(title)}`,
    '',
    `  on this machine    ${colours.cyan(own ?? '')}`,
    ...others.map((url) => `  on your network    ${colours.cyan(url)}`),
    ...codeLines(others[0], colours),
    '',
    `  ${colours.dim('Ctrl-C stops it.')}`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function codeLines(url: string | undefined, colours: Colours): string[] {
  if (url === undefined) return [];
  return ['', ...qrCode(url, colours).map((line) => `  ${line}`)];
}
