/** A chapter: one algorithm with everything that a reader, a runner and a picture want to know of it. Data, not drawing. */

import type { AlgorithmClass } from './algorithm.ts';
import type { Bug } from './bug.ts';
import type { Faults } from './faults/faults.ts';
import type { NodeId } from './id.ts';
import type { Invariant } from './invariant.ts';
import type { RunResult } from './result.ts';
import type { SmallWorld } from './small-world.ts';
import type { ValueMap } from './value.ts';

/** What chapters are about, in the order in which one reads them. */
export const SUBJECTS = ['basics', 'agreement', 'membership', 'spreading', 'computing'] as const;

/** What a chapter is about. */
export type Subject = (typeof SUBJECTS)[number];

/** What `src/algorithms/NAME/index.ts` exports as `chapter`. */
export interface Chapter<State = any> {
  /** The folder's name and the algorithm's. */
  readonly name: string;
  /** For people, e.g. `Bracha’s reliable broadcast`. */
  readonly title: string;
  /** One line for lists. */
  readonly summary: string;
  /** Where lists have it. Algorithms of the reader’s own have none. */
  readonly subject?: Subject;
  readonly algorithm: AlgorithmClass;
  readonly invariants: readonly Invariant<State>[];
  readonly scenarios: readonly Scenario[];
  /** Faults that the algorithm withstands on any nodes that it runs on: its invariants hold, and it comes to its end. */
  readonly faults?: Faults;
  /** Mistakes that can be made in it on purpose; the checks find each of them. */
  readonly bugs?: readonly Bug[];
  /** Of a Machine: worlds in which everything that can happen is tried, and its invariants hold. */
  readonly smallWorlds?: readonly SmallWorld<State>[];
  /** Numbers that say how far all nodes together have come. */
  readonly measures?: readonly Measure<State>[];
  /** Charts with a heading of their own in the lab's metrics. */
  readonly dashboards?: readonly Dashboard<State>[];
  /** How a node looks in the lab: a pure function of its state. */
  readonly view?: (state: State) => NodePicture;
}

/** A number over all nodes, e.g. how far their values lie apart: a line in the lab's metrics, and in the result of a run. */
export interface Measure<State = any> {
  /** For people, e.g. `Spread of the values`. */
  readonly name: string;
  /** What it is counted in; '' for a bare number. */
  readonly unit: string;
  /**
   * A pure function of what the nodes with these ids show, or at the end report: it uses what stands in both. Nodes of which nothing is known yet are not
   * among them.
   *
   * @returns undefined where there is nothing to say
   */
  readonly of: (states: readonly State[], ids: readonly NodeId[]) => number | undefined;
}

/** Charts that are read together. */
export interface Dashboard<State = any> {
  /** For people, e.g. `Partitions`. */
  readonly name: string;
  readonly charts: readonly DashboardChart<State>[];
}

/** Several lines over one time, of what nodes show while they run. */
export interface DashboardChart<State = any> {
  /** For people; no two charts of a dashboard have the same. */
  readonly name: string;
  /** What the lines are counted in; '' for bare numbers. */
  readonly unit: string;
  /** The lines are counts that only grow: how much they grow in a second is drawn. */
  readonly isRate?: boolean;
  /** Which of the lines says where the others should come to: it is drawn apart from them. */
  readonly aim?: string;
  /**
   * A pure function of what the nodes with these ids show: the value of each line, by its name. A line may come later than others; where it is
   * undefined, what it said last holds.
   */
  readonly lines: (
    states: readonly State[],
    ids: readonly NodeId[],
  ) => Readonly<Record<string, number | undefined>>;
}

/** A configuration and how it must end, with every seed. */
export interface Scenario {
  /** A short title, e.g. `Four nodes, none faulty`. */
  readonly name: string;
  /** What there is to see, in a sentence. */
  readonly story: string;
  /** YAML, as in `configs/`. */
  readonly config: string;
  /** Milliseconds a message takes; 1–10 unless given. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** Virtual seconds until the run counts as hung; 30 unless given. */
  readonly timeoutSeconds?: number;
  /** Faults that it withstands with this configuration, where those are not the chapter's. */
  readonly faults?: Faults;
  /** Returns undefined when the run ended as it should, otherwise what is wrong. */
  readonly ends: (result: RunResult) => string | undefined;
}

/** How the lab shows a node, in words: colours and shapes belong to the interface. */
export interface NodePicture {
  /** Part that the node plays, e.g. `leader`, `sender`. */
  readonly role?: string;
  /** A few short facts written at the node, e.g. `t3`. */
  readonly badges?: readonly string[];
  /** By what nodes are compared at a glance: each is filled so high. */
  readonly gauge?: Gauge;
  /** What the inspector lists; the whole state unless given. */
  readonly rows?: ValueMap;
  /** Whom the node knows now, where that changes while it runs: drawn as arrows, in the place of the links of the configuration. */
  readonly edges?: readonly NodeId[];
}

/** A number of which the picture shows how large it is. */
export interface Gauge {
  readonly value: number;
  /** At which the node is empty, and full; the least and the greatest with which the nodes began unless given. */
  readonly scale?: readonly [empty: number, full: number];
}
