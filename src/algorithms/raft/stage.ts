/**
 * Plots: runs in which operators, links and crashes do at set times what a mistake needs to show. Most mistakes that are subtle need
 * several things to happen in one order; chance finds that order seldom, a plot each time, and it can be read.
 */

import type { Exhibit } from '../../core/bug.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { nodeNames } from '../verdict.ts';
import { cluster } from './cluster.ts';

/** Milliseconds that every message of a plot takes, unless a link is said to be slow. */
const HOP_MS = 4;

/** Everybody is told everything; a node does what is its own. */
export interface Plot {
  readonly size: number;
  /** YAML, for all nodes. */
  readonly settings?: string;
  /** YAML, by node. */
  readonly own?: Readonly<Record<string, string>>;
  readonly orders: readonly string[];
  readonly faults: Faults;
  /** When the plot is over, everybody becomes a voter again, or whoever is left out could not finish. */
  readonly reunite?: boolean;
}

/** As in the first edition: no pre-vote, nobody steps down by itself. */
export const EARLY = 'pre_vote: false, check_quorum: false';

/** The plot as an exhibit: elections take 600 ms by themselves, so that what the orders say comes first. */
export function staged(plot: Plot, rest: Omit<Exhibit, 'config' | 'faults'> = {}): Exhibit {
  const { size, settings = '', own = {}, orders, faults, reunite = false } = plot;
  const slow = 'election_timeout: 600, heartbeat_interval: 100';
  const end = reunite ? nodeNames(size).map((id) => reunion(id, size)) : [];
  const script = `orders: [${[...orders, ...end].join(', ')}]`;
  const all = [slow, settings, script].filter(Boolean).join(', ');
  const clients = Object.fromEntries(
    nodeNames(size).map((id) => [id, own[id] ?? 'commands: 3, command_interval: 2500']),
  );
  return { config: cluster(size, all, clients), faults: { latency: HOP_MS, ...faults }, ...rest };
}

/** After everything else. */
const REUNION_MS = 2400;

function reunion(node: string, size: number): string {
  return changes(
    REUNION_MS,
    node,
    Object.fromEntries(nodeNames(size).map((id) => [id, 'voter' as const])),
  );
}

/** A node stands for election. */
export function campaigns(at: number, node: string): string {
  return `{ at: ${at}, node: ${node}, do: campaign }`;
}

/** A node appends a text, as soon as it leads. */
export function appends(at: number, node: string, text: string): string {
  return `{ at: ${at}, node: ${node}, do: append, key: x, text: "${text} " }`;
}

/** A node takes a snapshot. */
export function compacts(at: number, node: string): string {
  return `{ at: ${at}, node: ${node}, do: snapshot }`;
}

/** A node hands its leadership over. */
export function handsOver(at: number, node: string, to: string): string {
  return `{ at: ${at}, node: ${node}, do: transfer, to: ${to} }`;
}

/** A node changes the members, as soon as it leads and may. */
export function changes(
  at: number,
  node: string,
  members: Readonly<Record<string, 'voter' | 'learner' | 'removed'>>,
): string {
  const list = Object.entries(members).map(([id, make]) => `${id}: ${make}`);
  return `{ at: ${at}, node: ${node}, do: change, members: { ${list.join(', ')} } }`;
}

/** Figure 3.7 of the dissertation, figure 8 of the paper, line by line. */
export const figure8: Exhibit = staged({
  size: 5,
  settings: `${EARLY}, max_entries: 1`,
  orders: [
    // (a) n1 leads, and its entry reaches n2 alone.
    campaigns(100, 'n1'),
    appends(250, 'n1', 'old'),
    // (b) n5 is elected by n3 and n4, and its first entry reaches nobody.
    campaigns(300, 'n5'),
    // (c) n1 comes back and is elected; the old entry reaches n3, and with it a majority; nothing of the new term does.
    campaigns(400, 'n1'),
    campaigns(420, 'n1'),
    // (d) n1 is gone, n5 comes back, and n3 and n4 elect it: its last entry is of a newer term.
    campaigns(700, 'n5'),
    campaigns(720, 'n5'),
    appends(740, 'n5', 'new'),
  ],
  faults: {
    partitions: [
      {
        groups: [
          ['n1', 'n2'],
          ['n3', 'n4', 'n5'],
        ],
        at: 200,
        for: 180,
      },
      { cut: ['n5->n1', 'n5->n2', 'n5->n3', 'n5->n4'], at: 303, for: 97 },
      { cut: ['n1->n2', 'n1->n3', 'n1->n4'], at: 441, for: 20 },
    ],
    crashes: [
      { node: 'n1', at: 350, for: 30 },
      { node: 'n5', at: 350, for: 300 },
      { node: 'n1', at: 460, for: 540 },
    ],
    heal: 1200,
  },
});
