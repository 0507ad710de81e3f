/** Where chance finds a mistake: quick elections, and everything goes wrong. */

import type { Exhibit } from '../../../core/bug.ts';
import type { Faults } from '../../../core/faults/faults.ts';
import { cluster } from '../cluster.ts';
import { freshReads } from '../scenarios.ts';

/** Quick elections, so that much happens in little time. */
const quick = 'election_timeout: 150, heartbeat_interval: 30, command_interval: 20';

/** Leaders come and go; disks lose what was not synced. */
const storm: Faults = {
  latency: '1-30',
  loss: '5%',
  duplication: '10%',
  reordering: '20%',
  partitions: [{ split: 'random', every: '400ms', for: '100-400ms' }],
  crashes: [{ nodes: 'n*', every: '250ms', for: '20-200ms', disk: 'unsynced' }],
  disk: { sync: '1-20ms' },
  heal: '3s',
};

/** A cluster in a storm. */
export function stormy(size: number, settings = '', faults: Faults = {}): Exhibit {
  const config = cluster(size, [quick, 'commands: 6', settings].filter(Boolean).join(', '));
  return { config, faults: { ...storm, ...faults } };
}

/** Each reader leads for a while and is then alone, and does not know it: it reads what was, while others write. */
export function alone(settings: string): Exhibit {
  const reader = 'only_reads: true, commands: 60';
  const writer = 'priority: 0, commands: 40';
  const own = { n1: reader, n2: reader, n3: reader, n4: writer, n5: writer };
  return {
    config: cluster(5, `${quick}, report_history: true, ${settings}`, own),
    faults: {
      latency: '1-20',
      partitions: [
        { isolate: 'n1', at: '700ms', for: '700ms' },
        { isolate: 'n2', at: '1600ms', for: '700ms' },
        { isolate: 'n3', at: '2500ms', for: '700ms' },
      ],
      heal: '3500ms',
    },
    ends: freshReads,
  };
}
