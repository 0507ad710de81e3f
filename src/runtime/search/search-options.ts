/** What is searched, how far, and what comes of it. */

import type { Violation } from '../../check/invariants.ts';
import type { Choice as RunChoice } from '../../core/choices/choices.ts';
import type { Invariant } from '../../core/invariant.ts';
import type { Adversary, SituationView } from '../../core/small-world.ts';
import type { RunPlan } from '../plan.ts';
import type { History } from './history.ts';
import type { SituationProperty } from './judge.ts';
import type { Step } from './story.ts';
import type { Symmetry } from './symmetry.ts';
import type { Abstraction } from './world.ts';

/** A kind of situation that one hopes or fears to find. */
export interface Goal {
  readonly name: string;
  reached(situation: SituationView): boolean;
}

/** Where a search gives up. It says so, and what it has found until then. */
export interface Bounds {
  /** Different situations; {@link STATES_MAX} unless given. */
  readonly states?: number;
  /** Choices from the beginning. */
  readonly depth?: number;
  /** Milliseconds. */
  readonly timeMs?: number;
  /** Bytes that the search's own tables may take, as it reckons them; {@link BYTES_MAX} unless given. */
  readonly bytes?: number;
}

/** More than this takes minutes, and a laptop's memory. */
export const STATES_MAX = 2_000_000;

/** What a browser's page or Node without further flags can spare. */
export const BYTES_MAX = 1_000_000_000;

/** Choices of one random walk unless the depth is bounded. */
export const WALK_LENGTH = 1000;

/**
 * In which order situations are searched.
 *
 * - `breadth`: the nearest first, so that the first violation is a shortest one;
 * - `depth`: the newest first, which comes far with little memory;
 * - `random`: random walks from the beginning, again and again; never complete.
 */
export type Strategy = 'breadth' | 'depth' | 'random';

/** The strategies, for validators. */
export const STRATEGIES = ['breadth', 'depth', 'random'] as const satisfies readonly Strategy[];

/** A search. */
export interface SearchOptions {
  /** Its algorithm must be a Machine. Its faults are not looked at: what may go wrong says `adversary`. */
  readonly plan: RunPlan;
  readonly adversary?: Adversary;
  readonly invariants?: readonly Invariant[];
  readonly properties?: readonly SituationProperty[];
  readonly goals?: readonly Goal[];
  /** True to end when every goal was reached. */
  readonly untilGoals?: boolean;
  /** Situations for which it is true lie beyond the border: they are not judged, counted or followed. */
  readonly prune?: (situation: SituationView) => boolean;
  readonly abstraction?: Abstraction;
  readonly symmetry?: Symmetry;
  readonly history?: History;
  readonly strategy?: Strategy;
  readonly bounds?: Bounds;
  /** Milliseconds on some clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (figures: Figures) => void;
}

/** How far a search has come. */
export interface Figures {
  /** Different situations. */
  readonly states: number;
  /** Choices that were tried: situations with all repetitions, the first left out. */
  readonly transitions: number;
  /** Choices from the beginning to the farthest situation. */
  readonly depth: number;
  /** Situations that were found and not searched yet. */
  readonly waiting: number;
  /** Situations beyond the border, with all repetitions. */
  readonly pruned: number;
  /** Different standings of single nodes, and different messages. */
  readonly standings: number;
  readonly messages: number;
  /** Bytes of the tables, as the search reckons them. */
  readonly bytes: number;
  readonly elapsedMs: number;
}

/** A way to a goal; `steps` is absent when it was not found. */
export interface GoalFound {
  readonly name: string;
  readonly steps?: readonly Step[];
}

/** What a search came to. */
export interface SearchResult {
  /**
   * - `complete`: everything was searched, nothing is wrong;
   * - `violation`: something is wrong;
   * - `goals`: every goal was reached, as was asked;
   * - `bounded`: a bound was reached, nothing is wrong until there;
   * - `stopped`: it was told to end.
   */
  readonly outcome: 'complete' | 'violation' | 'goals' | 'bounded' | 'stopped';
  /** Which bound; random walks are never complete, and end when they meet nothing new. */
  readonly bound?: keyof Bounds | 'walks';
  readonly figures: Figures;
  readonly violation?: Violation & {
    readonly steps: readonly Step[];
    /** What makes a run of the simulator go the same way; absent where choices cannot say it. */
    readonly choices?: readonly RunChoice[];
  };
  readonly goals: readonly GoalFound[];
  /** Situations in which nothing can happen any more: all nodes have finished, or some have not. */
  readonly ends: {
    readonly finished: number;
    readonly stuck: number;
    /** Who waits, in the first of the latter, and how it came to that. */
    readonly firstStuck?: { readonly waiting: readonly string[]; readonly steps: readonly Step[] };
  };
  /** How likely it is that two different situations were taken for one. */
  readonly collisionOdds: number;
}
