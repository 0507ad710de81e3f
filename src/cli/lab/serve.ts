/** What `signal` and `lab` have in common: one port, addresses that people can use, and an orderly end. */

import type { Log } from '../../../signaling-server/log.ts';
import type { SignalingServer, SignalingServerOptions } from '../../../signaling-server/server.ts';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { coloursFor, type Colours } from '../colours.ts';
import { EnvironmentError, EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { packageVersion } from '../package-root.ts';
import { qrCode } from './qr-code.ts';
import { serverLog } from '../signal/signal-log.ts';
import type { ServeOptions } from '../signal/signal-options.ts';
import { serverSettings, type ServerSettings } from '../signal/signal-settings.ts';

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
 * @throws {UsageError} when what was asked for cannot be
 * @throws {EnvironmentError} when the port is taken, naming the next free one
 */
export async function serve(options: ServeOptions, service: Service): Promise<number> {
  const settings = serverSettings(options, process.env);
  const log = serverLog(settings.log, settings.verbose, process, () => Date.now());
  const interrupt = new Interrupt((signal) => console.error(`${signal}: stopping`));
  try {
    const server = await start(settings, service.served, log);
    try {
      for (const problem of settings.certificate?.problems(server.urls, Date.now()) ?? []) {
        log({ level: 'warn', event: 'certificate', problem });
      }
      await Promise.race([service.prepare?.(), interrupt.received()]);
      // Programs read the addresses in the log, where nothing but lines of JSON may stand.
      if (!interrupt.signal.aborted && settings.log !== 'json') announce(service.title, server);
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

async function start(settings: ServerSettings, served: Served, log: Log): Promise<SignalingServer> {
  const { port, host, certificate, ice, allowDiscovery, requireKey, redis, proxies, limits } =
    settings;
  try {
    return await startSignalingServer({
      port,
      ...(host === undefined ? {} : { host }),
      ...(certificate === undefined ? {} : { tls: certificate.pem }),
      ...served,
      ice,
      allowDiscovery,
      requireKey,
      ...(redis === undefined ? {} : { redis }),
      proxies,
      limits,
      log,
      version: packageVersion(),
    });
  } catch (error) {
    throw explained(error, port, host);
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
