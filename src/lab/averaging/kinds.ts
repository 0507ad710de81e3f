/** What can be run in rounds: the algorithm of a chapter, its settings, and what is seen of it. */

import type { AlgorithmClass } from '../../core/algorithm.ts';
import { hostOf } from '../../algorithms/application-host.ts';
import { GossipAverage } from '../../algorithms/gossip_average/index.ts';
import { GossipLearningNode } from '../../algorithms/gossip_learning/index.ts';
import { ShareVecNode } from '../../algorithms/share_vec/index.ts';

/** Numbers that each tab has. */
export const DIMENSIONS = 3;

/** Seconds of a cycle: slow enough to be watched. */
const CYCLE = { elapsed_time: 0.4 };
const SAMPLING = {
  sampling: { delay: 0.4, view_size: 8, heal: 1, swap: 1, selection_policy: 'rand' },
};

/** Cycles after which somebody who left in mid-exchange is not waited for any more. */
const PATIENCE = 5;

/** One of them. */
export interface RoundKind {
  readonly algorithm: AlgorithmClass;
  /** What the lines of its plots are called, one for each number that it shows. */
  readonly shows: readonly string[];
  readonly settings: (numbers: readonly number[]) => Readonly<Record<string, unknown>>;
  /** The numbers in what a node of it shows. */
  readonly read: (state: unknown) => readonly unknown[];
}

/** A number for each of three applications of one node: exchanges are atomic, and each keeps the mean. */
const AVERAGES = { first: GossipAverage, second: GossipAverage, third: GossipAverage };

/** All of them, by the names of their chapters. */
export const KINDS = {
  share_vec: {
    algorithm: ShareVecNode,
    shows: ['First number', 'Second number', 'Third number'],
    settings: (vector) => ({ ...SAMPLING, app: { ...CYCLE, vector: [...vector] } }),
    read: (state) => (state as { readonly vector: readonly number[] }).vector,
  },
  gossip_average: {
    algorithm: hostOf('averages', AVERAGES),
    shows: ['First number', 'Second number', 'Third number'],
    settings: (numbers) => ({
      ...SAMPLING,
      ...Object.fromEntries(
        Object.keys(AVERAGES).map((name, at) => [
          name,
          { ...CYCLE, value: numbers[at] ?? 0, patience: PATIENCE },
        ]),
      ),
    }),
    read: (state) =>
      Object.keys(AVERAGES).map(
        (name) => (state as Readonly<Record<string, { readonly value: number }>>)[name]!.value,
      ),
  },
  gossip_learning: {
    algorithm: GossipLearningNode,
    shows: ['Share of the test that its model gets right'],
    settings: () => ({ ...SAMPLING, app: { ...CYCLE, rate: 0.3 } }),
    read: (state) => [(state as { readonly accuracy: number }).accuracy],
  },
} satisfies Record<string, RoundKind>;

/** The name of one. */
export type RoundKindName = keyof typeof KINDS;

/** Whether a text is one's name. */
export function isKind(text: unknown): text is RoundKindName {
  return typeof text === 'string' && Object.hasOwn(KINDS, text);
}
