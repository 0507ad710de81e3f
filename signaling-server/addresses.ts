/** The addresses under which people reach the server. */
import { networkInterfaces } from 'node:os';

const EVERY_INTERFACE: ReadonlySet<string> = new Set(['::', '0.0.0.0']);

/** This machine's own address first, then those that others on its networks can use. */
export function serverUrls(
  scheme: 'http' | 'https',
  host: string | undefined,
  port: number,
): string[] {
  if (host !== undefined && !EVERY_INTERFACE.has(host)) {
    return [`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/`];
  }
  const lanHosts = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    // IPv6 addresses on a LAN carry a zone, which no browser takes.
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return ['localhost', ...lanHosts].map((name) => `${scheme}://${name}:${port}/`);
}
