/** From where a client comes, for limits that are kept per address. */
import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * The address of a client behind so many proxies of ours, each of which adds to `X-Forwarded-For`
 * whom it heard from. Without proxies (0) the header is the client's own invention and not looked at.
 * Of an IPv6 address only the network counts (its first 64 bits): a host has all of it.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const header = request.headers['x-forwarded-for'] ?? '';
  const chain = [...String(header).split(','), request.socket.remoteAddress ?? ''];
  const network = networkOf(chain.at(-1 - proxies)?.trim() ?? '');
  return network ?? networkOf(chain.at(-1)!) ?? 'unknown';
}

function networkOf(address: string): string | undefined {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return undefined;
  const [head = '', tail = ''] = plain.toLowerCase().split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = plain.includes('::') ? [...before, ...zeros, ...after] : before;
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** The groups of one side of `::`; an IPv4 address at the end stands for two. */
function groupsOf(side: string): string[] {
  if (side === '') return [];
  return side.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
