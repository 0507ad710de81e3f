/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { connected, happened } from '../overlay-verdict.ts';
import { first, nodeNames, reported, same } from '../verdict.ts';

/** So many nodes that know n1 at the start; `more` are further settings of one. */
export function network(
  count: number,
  settings: string,
  more: Readonly<Record<string, string>> = {},
): string {
  return nodeNames(count)
    .map((id) => {
      const door = id === 'n1' ? '[]' : '[n1]';
      const own = more[id] === undefined ? '' : `, ${more[id]}`;
      return `${id}: { timeout: 0.5, refresh: 2, bootnodes: ${door}, ${settings}${own} }`;
    })
    .join('\n');
}

/** Scenarios of {@link Kademlia}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'A value is found',
    story:
      'n2 stores a poem under its title; n9 looks for the title and finds the poem, having asked no more than a few.',
    config: network(9, 'k: 3', { n2: 'put: { autumn: an old pond }', n9: 'get: [autumn, winter]' }),
    ends: (result) =>
      first(
        reported(result, 'n9', { found: { autumn: 'an old pond', winter: null } }),
        connected(result),
        happened(result, 'kept'),
      ),
  },
  {
    name: 'Everybody through one door',
    story: 'All know n1 alone, look for themselves, and thereby meet those who are near them.',
    config: network(12, 'k: 2'),
    ends: (result) => first(connected(result), happened(result, 'asked')),
  },
  {
    name: 'Two of those who keep it crash',
    story: 'A record lies with the k closest to its key, so that two of them may go.',
    config: network(9, 'k: 5', { n2: 'put: { autumn: an old pond }', n9: 'get: [autumn]' }),
    faults: { latency: '1-20', crashes: [{ nodes: ['n3', 'n4'], at: '1200ms' }] },
    ends: (result) => reported(result, 'n9', { found: { autumn: 'an old pond' } }),
  },
  {
    name: 'Those in a room find each other',
    story:
      'n2, n5 and n9 are in the same room, n9 and n3 in another. Nobody has a list of anybody: each says where it is under the name of the room.',
    config: network(9, 'k: 3, room_refresh: 1', {
      n2: 'rooms: [autumn]',
      n3: 'rooms: [winter]',
      n5: 'rooms: [autumn]',
      n9: 'rooms: [autumn, winter]',
    }),
    ends: (result) =>
      first(
        reported(result, 'n2', { rooms: { autumn: ['n5', 'n9'] } }),
        reported(result, 'n9', { rooms: { autumn: ['n2', 'n5'], winter: ['n3'] } }),
        reported(result, 'n4', { rooms: {} }),
      ),
  },
  {
    name: 'A room forgets who crashed',
    story: 'What n5 said of itself is not renewed any more: the record expires, and n5 is no peer.',
    config: network(9, 'k: 3, room_refresh: 1', {
      n2: 'rooms: [autumn]',
      n5: 'rooms: [autumn]',
      n9: 'rooms: [autumn]',
    }),
    faults: { latency: '1-20', crashes: [{ nodes: ['n5'], at: '3s' }] },
    ends: (result) => {
      const isGone = result.nodes['n5']?.status === 'departed';
      const others = isGone ? [] : ['n5'];
      return first(
        reported(result, 'n2', { rooms: { autumn: [...others, 'n9'] } }),
        reported(result, 'n9', { rooms: { autumn: ['n2', ...others] } }),
      );
    },
  },
  {
    name: 'Alone',
    story: 'Nobody to ask: what is looked for is not there.',
    config: network(1, 'k: 3, get: [autumn]'),
    ends: (result) =>
      first(
        same('messages sent', result.messages_sent, 0),
        reported(result, 'n1', { found: { autumn: null } }),
      ),
  },
];
