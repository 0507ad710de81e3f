/** The addresses under which people reach the server. */
import { networkInterfaces } from 'node:os';

const EVERY_INTERFACE: ReadonlySet<string | undefined> = new Set([undefined, '::', '0.0.0.0']);

/** This machine's own address first, then those that others on its networks can use. */
export function serverUrls(host: string | undefined, port: number): string[] {
  if (!EVERY_INTERFACE.has(host))
    return [`http://${host!.includes(':') ? `[${host}]` : host}:${port}/`];
  const lanHosts = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    // IPv6 addresses on a LAN carry a zone, which no browser takes.
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return ['localhost', ...lanHosts].map((name) => `http://${name}:${port}/`);
}
