/** A search under way: what was seen, what is wrong, how far it came. The strategies tell it where they arrive. */

import type { Violation } from '../../check/invariants.ts';
import type { SituationView } from '../../core/small-world.ts';
import { Fingerprints, type Bits } from './fingerprints.ts';
import { Judge } from './judge.ts';
import type { NodeSituation, Outcome } from './node-situation.ts';
import {
  BYTES_MAX,
  STATES_MAX,
  type Bounds,
  type Figures,
  type SearchOptions,
} from './search-options.ts';
import type { Situation } from './situation.ts';
import { Orbits } from './symmetry.ts';
import type { Transition } from './transition.ts';
import type { World } from './world.ts';

/** Bytes of a waiting situation, about: its own object and lists, and eight for each node and message in them. */
const SITUATION_BYTES = 160;
const ENTRY_BYTES = 8;

/** Which choices were taken, the last first; shared by all that go on from there. */
export interface Trail {
  readonly before: Trail | undefined;
  readonly choice: number;
}

/** A situation that is to be searched. */
export interface Arrival {
  readonly situation: Situation;
  /** Of its fingerprint. */
  readonly number: number;
  /** It was not met before. */
  readonly isNew: boolean;
  readonly depth: number;
  /** Where no table of parents can tell it. */
  readonly trail: Trail | undefined;
}

/** Something to tell of, with the way there. */
export interface Finding<T> {
  readonly what: T;
  readonly choices: readonly number[];
}

/** What the strategies share. */
export class Expedition {
  readonly world: World;
  readonly bounds: Bounds;
  readonly #options: SearchOptions;
  readonly #judge: Judge;
  readonly #seen = new Fingerprints();
  readonly #orbits: Orbits | undefined;
  readonly #startedMs: number;
  #transitions = 0;
  #pruned = 0;
  #depth = 0;
  /** What the strategy has in store: situations, and nodes and messages in them. */
  waiting = 0;
  #waitingEntries = 0;
  /** Something was left out because it lay too deep. */
  isCutOff = false;
  violation: Finding<Violation> | undefined;
  readonly reached = new Map<string, readonly number[]>();
  finished = 0;
  stuck = 0;
  firstStuck: Finding<readonly NodeSituation[]> | undefined;

  constructor(world: World, options: SearchOptions) {
    const { invariants = [], properties = [], history, symmetry, bounds = {}, now } = options;
    this.world = world;
    this.bounds = bounds;
    this.#options = options;
    this.#orbits = symmetry === undefined ? undefined : new Orbits(world, symmetry);
    this.#judge = new Judge(
      invariants,
      properties,
      history?.name ?? 'The history is as it should be',
    );
    this.#startedMs = now();
  }

  get figures(): Figures {
    const { world } = this;
    const tables = this.#seen.bytes + this.#judge.bytes;
    const stored = this.waiting * SITUATION_BYTES + this.#waitingEntries * ENTRY_BYTES;
    return {
      states: this.#seen.size,
      transitions: this.#transitions,
      depth: this.#depth,
      waiting: this.waiting,
      pruned: this.#pruned,
      standings: world.situations.size,
      messages: world.messages.size,
      bytes: tables + stored,
      elapsedMs: this.#options.now() - this.#startedMs,
    };
  }

  /** Which bound is reached, if one is. */
  get reachedBound(): keyof Bounds | undefined {
    const { states = STATES_MAX, timeMs = Infinity, bytes = BYTES_MAX } = this.bounds;
    const figures = this.figures;
    if (figures.states >= states) return 'states';
    if (figures.elapsedMs >= timeMs) return 'timeMs';
    return figures.bytes >= bytes ? 'bytes' : undefined;
  }

  /** Nothing more has to be found. */
  get isOver(): boolean {
    if (this.violation !== undefined) return true;
    const { untilGoals = false, goals = [] } = this.#options;
    return untilGoals && goals.length > 0 && this.reached.size === goals.length;
  }

  get depthMax(): number {
    return this.bounds.depth ?? Infinity;
  }

  /** The beginning; undefined when there is nothing to go on from. */
  begin(): Arrival | undefined {
    const { situation, outcomes } = this.world.begin();
    const failed = outcomes.find(({ problem }) => problem !== undefined);
    if (this.#isBeyond(situation, 0)) return undefined;
    const bits = this.#orbits?.bitsOf(situation) ?? this.world.bitsOf(situation);
    const number = this.#seen.add(bits, -1, 0, 0);
    const arrival = { situation, number, isNew: true, depth: 0, trail: undefined };
    this.#look(arrival, failed);
    return this.violation === undefined ? arrival : undefined;
  }

  /**
   * Every step from a situation, in order.
   *
   * @param take takes where those lead that lead to something new
   */
  expand(from: Arrival, hasTrails: boolean, take: (arrival: Arrival) => void): void {
    let choice = -1;
    const isTooDeep = from.depth >= this.depthMax;
    this.world.next(from.situation, (step) => {
      choice++;
      if (isTooDeep) this.isCutOff = true;
      if (isTooDeep || this.isOver) return;
      const trail = hasTrails ? { before: from.trail, choice } : undefined;
      const arrival = this.#follow(from, step, choice, trail);
      if (arrival !== undefined) take(arrival);
    });
    if (choice < 0) this.#noteEnd(from);
  }

  /** One step from a situation, whether or not it leads to something new; undefined where nothing leads on. */
  walk(from: Arrival, pick: (count: number) => number): Arrival | undefined {
    let count = 0;
    this.world.next(from.situation, () => count++);
    if (count === 0) {
      this.#noteEnd(from);
      return undefined;
    }
    const choice = pick(count);
    let at = 0;
    let arrival: Arrival | undefined;
    this.world.next(from.situation, (step) => {
      if (at++ !== choice) return;
      const trail = { before: from.trail, choice };
      arrival = this.#follow(from, step, choice, trail) ?? this.#revisit(from, step, trail);
    });
    return arrival;
  }

  /** A strategy has put a situation aside, or taken it up again. */
  noteWaiting({ situation }: Arrival, by: 1 | -1): void {
    this.waiting += by;
    this.#waitingEntries += by * (situation.nodes.length + situation.messages.length);
  }

  /** Where a step leads, if it was not seen and lies within the border. */
  #follow(
    from: Arrival,
    step: Transition,
    choice: number,
    trail: Trail | undefined,
  ): Arrival | undefined {
    this.#transitions++;
    const depth = from.depth + 1;
    const bits = this.#bitsOf(step);
    const known = this.#seen.find(bits);
    if (known >= 0) return this.#shorten(known, step, depth, trail);
    const { outcome } = step;
    const situation = step.make();
    if (this.#isBeyond(situation, depth)) return undefined;
    const number = this.#seen.add(bits, from.number, choice, depth);
    this.#depth = Math.max(this.#depth, depth);
    const arrival = { situation, number, isNew: true, depth, trail };
    this.#look(arrival, outcome);
    return arrival;
  }

  /** A shorter way to what was seen before: with a bound on the depth, more may lie within reach now. */
  #shorten(
    number: number,
    step: Transition,
    depth: number,
    trail: Trail | undefined,
  ): Arrival | undefined {
    if (this.depthMax === Infinity || depth >= this.#seen.depth(number)) return undefined;
    this.#seen.shorten(number, depth);
    return { situation: step.make(), number, isNew: false, depth, trail };
  }

  /** A walk goes on from what was seen before, but not beyond the border. */
  #revisit(from: Arrival, step: Transition, trail: Trail): Arrival | undefined {
    const number = this.#seen.find(this.#bitsOf(step));
    if (number < 0) return undefined;
    return { situation: step.make(), number, isNew: false, depth: from.depth + 1, trail };
  }

  #bitsOf(step: Transition): Bits {
    return this.#orbits === undefined ? step : this.#orbits.bitsOf(step.make());
  }

  #isBeyond(situation: Situation, depth: number): boolean {
    const { prune } = this.#options;
    const isBeyond = prune !== undefined && prune(this.world.view(situation, depth));
    if (isBeyond) this.#pruned++;
    return isBeyond;
  }

  /** A situation is new: is it wrong, is it what is looked for? */
  #look(arrival: Arrival, outcome: Outcome | undefined): void {
    const { situation, depth } = arrival;
    let seen: SituationView | undefined;
    const view = () => (seen ??= this.world.view(situation, depth));
    const violation = this.#judge.verdict(situation, outcome, view);
    if (violation !== undefined) {
      this.violation ??= { what: violation, choices: this.#wayTo(arrival) };
    }
    const { goals = [] } = this.#options;
    for (const goal of goals) {
      if (!this.reached.has(goal.name) && goal.reached(view())) {
        this.reached.set(goal.name, this.#wayTo(arrival));
      }
    }
  }

  #noteEnd(arrival: Arrival): void {
    if (!arrival.isNew) return;
    const waiting = arrival.situation.nodes.filter(({ life, isFinished }) => {
      return life === 'up' && !isFinished;
    });
    if (waiting.length === 0) {
      this.finished++;
      return;
    }
    this.stuck++;
    this.firstStuck ??= { what: waiting, choices: this.#wayTo(arrival) };
  }

  #wayTo({ number, trail }: Arrival): readonly number[] {
    if (trail === undefined) return this.#seen.way(number);
    const choices: number[] = [];
    for (let at: Trail | undefined = trail; at !== undefined; at = at.before) {
      choices.push(at.choice);
    }
    return choices.reverse();
  }
}
