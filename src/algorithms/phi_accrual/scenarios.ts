/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { heldRight, nobodyBuried, nobodyDeclared } from '../detector-verdict.ts';
import { happened } from '../overlay-verdict.ts';
import { first, nodeNames, same } from '../verdict.ts';

/** So many nodes with these settings, heartbeats four times a second. */
export function group(count: number, settings = ''): string {
  const more = settings === '' ? '' : `, ${settings}`;
  return nodeNames(count)
    .map((id) => `${id}: { heartbeat_interval: 0.25${more} }`)
    .join('\n');
}

/** Scenarios of {@link PhiAccrual}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Five are well',
    story: 'Heartbeats come as they came before, and nobody is declared dead.',
    config: group(5),
    ends: (result) =>
      first(heldRight(result), nobodyDeclared(result), happened(result, 'heartbeats')),
  },
  {
    name: 'One crashes',
    story: 'Silence grows more improbable by the moment: suspect, and a little later dead.',
    config: group(4),
    faults: { crashes: [{ nodes: 'any 1', at: '3s' }] },
    ends: (result) => heldRight(result),
  },
  {
    name: 'One comes back',
    story:
      'It was away for three seconds: dead, and alive with its first heartbeat. The gap is not learnt from.',
    config: group(4),
    faults: { crashes: [{ nodes: 'any 1', at: '3s', for: '3s' }] },
    ends: (result) => nobodyBuried(result),
  },
  {
    name: 'Cassandra’s',
    story: 'With an exponential distribution φ 1.5 is 3.5 intervals, however regular they are.',
    config: group(
      4,
      'distribution: exponential, suspect_phi: 1.5, dead_phi: 4, acceptable_pause: 0',
    ),
    faults: { crashes: [{ nodes: 'any 1', at: '3s' }] },
    ends: (result) => heldRight(result),
  },
  {
    name: 'Alone',
    story: 'Nobody to watch, nothing to send.',
    config: group(1),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];
