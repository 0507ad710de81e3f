/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { heldRight, nobodyBuried, nobodyDeclared } from '../detector-verdict.ts';
import { happened } from '../overlay-verdict.ts';
import { first, nodeNames, same } from '../verdict.ts';

/** So many nodes with these settings, fast enough that ten seconds are many periods. */
export function group(
  count: number,
  settings = '',
  knows?: (at: number) => readonly string[],
): string {
  const periods = 'probe_interval: 0.4, probe_timeout: 0.2, sync_interval: 2';
  const more = settings === '' ? '' : `, ${settings}`;
  return nodeNames(count)
    .map((id, at) => {
      const bootnodes = knows === undefined ? '' : `, bootnodes: [${knows(at).join(', ')}]`;
      return `${id}: { ${periods}${more}${bootnodes} }`;
    })
    .join('\n');
}

/** Suspicions that end within a run. */
export const QUICK = 'suspicion_mult: 3, suspicion_max_mult: 3';

/** Scenarios of {@link Swim}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Five are well',
    story: 'Everybody probes, everybody answers; nobody is declared dead.',
    config: group(5),
    ends: (result) => first(heldRight(result), nobodyDeclared(result), happened(result, 'probes')),
  },
  {
    name: 'Two crash',
    story:
      'Two of six go down for good: whoever probes one gets no answer, asks others, suspects, and nobody contradicts.',
    config: group(6, QUICK),
    faults: { crashes: [{ nodes: 'any 2', at: '1s' }] },
    ends: (result) => heldRight(result),
  },
  {
    name: 'One comes back',
    story: 'A node is away long enough to be called dead; it comes back as a new incarnation.',
    config: group(4, QUICK),
    faults: { crashes: [{ nodes: 'any 1', at: '500ms', for: '4s' }] },
    ends: (result) => nobodyBuried(result),
  },
  {
    name: 'Growing from one door',
    story: 'All know n1 alone, fetch its table, and hear of those that come after them.',
    config: group(7, '', (at) => (at === 0 ? [] : ['n1'])),
    ends: (result) => first(heldRight(result), nobodyDeclared(result)),
  },
  {
    name: 'Without Lifeguard',
    story: 'SWIM as in the paper: news rides on probes alone, suspicions all last as long.',
    config: group(5, 'gossip_interval: 0, suspicion_max_mult: 1, health_max: 0'),
    ends: (result) => nobodyBuried(result),
  },
  {
    name: 'Alone',
    story: 'Nobody to probe, nothing to send.',
    config: group(1),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];
