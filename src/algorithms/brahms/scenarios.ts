/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { lattice, network } from '../gbps/scenarios.ts';
import { connected, happened } from '../overlay-verdict.ts';
import { first, firstOf, same, type Verdict } from '../verdict.ts';

const SETTINGS = 'view_size: 6, sampler_size: 6';

/** Scenarios of {@link Brahms}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Eight correct nodes',
    story: 'From a ring: views stay biased for long, the samplers soon hold anybody.',
    config: network(8, SETTINGS, lattice(8, 3)),
    ends: (result) =>
      first(connected(result), samplersFull(result, 6), happened(result, 'renewals')),
  },
  {
    name: 'Without history',
    story:
      'nodemanager’s defaults: alpha and beta take the whole view, and nothing comes from the samplers.',
    config: network(6, 'view_size: 4, sampler_size: 8, alpha: 0.5, beta: 0.5'),
    ends: (result) => first(samplersFull(result, 8), happened(result, 'rounds')),
  },
  {
    name: 'Rounds that are blocked',
    story:
      'Small views draw more pushes than they allow in many a round, and then stay as they are.',
    config: network(6, 'view_size: 4, sampler_size: 4, alpha: 0.25, beta: 0.5'),
    ends: (result) => first(happened(result, 'blocked', 'renewals')),
  },
  {
    name: 'Alone',
    story: 'Nobody to push to, nothing to send.',
    config: network(1, SETTINGS),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];

function samplersFull({ nodes }: RunResult, size: number): Verdict {
  return firstOf(Object.entries(nodes), ([id, { report, fault }]) => {
    const held = (report['samples'] as readonly unknown[]).length;
    return fault !== undefined || held === size
      ? undefined
      : `${held} samplers of ${id} hold a peer`;
  });
}
