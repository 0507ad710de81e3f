/**
 * A failing run is made smaller: chance becomes a list of choices, and then nodes, faults and choices are taken away as long as the
 * same property still breaks in the same way. Every step runs the smaller run and looks; nothing is concluded.
 */

import type { Choice } from '../../core/choices/choices.ts';
import { partsOfMessage } from '../../core/choices/read-choices.ts';
import type { Faults, Lies } from '../../core/faults/faults.ts';
import { LIE_KINDS, type LieKind } from '../../core/faults/kinds.ts';
import { FaultsError } from '../../core/faults/resolve.ts';
import type { NodeId } from '../../core/id.ts';
import { perform, type Attempt, type Failure } from './attempt.ts';
import { minimize } from './delta-debugging.ts';
import { explicit } from './explicit.ts';

/** Runs that one failure may cost; most are done long before. */
export const SHRINK_RUNS_MAX = 600;

/** How far it may go. */
export interface ShrinkOptions {
  /** {@link SHRINK_RUNS_MAX} unless given. */
  readonly runsMax?: number;
  /** Ends it with what has been reached. */
  readonly signal?: AbortSignal;
}

/** What was reached. */
export interface Shrunk {
  readonly attempt: Attempt;
  /** How the smaller run fails: the same property, perhaps at other nodes. */
  readonly failure: Failure;
  /** Runs that it took. */
  readonly runs: number;
  /** False when there may be something left to take away. */
  readonly isDone: boolean;
}

/** Makes a failing run smaller. */
export async function shrink(
  attempt: Attempt,
  failure: Failure,
  options: ShrinkOptions = {},
): Promise<Shrunk> {
  const shrinker = new Shrinker(attempt, failure, options);
  await shrinker.run();
  return shrinker.result;
}

class Shrinker {
  #best: Attempt;
  #failure: Failure;
  #runs = 0;
  readonly #runsMax: number;
  readonly #signal: AbortSignal | undefined;

  constructor(attempt: Attempt, failure: Failure, options: ShrinkOptions) {
    this.#best = attempt;
    this.#failure = failure;
    this.#runsMax = options.runsMax ?? SHRINK_RUNS_MAX;
    this.#signal = options.signal;
  }

  get result(): Shrunk {
    const { isOver } = this;
    return { attempt: this.#best, failure: this.#failure, runs: this.#runs, isDone: !isOver };
  }

  get isOver(): boolean {
    return this.#runs >= this.#runsMax || this.#signal?.aborted === true;
  }

  async run(): Promise<void> {
    await this.#makeExplicit();
    let before: Attempt | undefined;
    // What could not go at first may go when others have gone.
    while (before !== this.#best && !this.isOver) {
      before = this.#best;
      await this.#dropFaults();
      await this.#dropChoices();
      await this.#dropNodes();
      await this.#dropLies();
    }
  }

  /** True when the smaller run fails as the one before did: then it is the best so far. */
  async #try(candidate: Attempt): Promise<boolean | undefined> {
    if (this.isOver) return undefined;
    this.#runs++;
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    try {
      const { failure } = await perform(candidate, signal);
      const { property, way } = this.#failure;
      if (failure?.property !== property || failure.way !== way) return false;
      this.#best = candidate;
      this.#failure = failure;
      return true;
    } catch (error) {
      // A plan that cannot be, because it speaks of what was taken away.
      if (error instanceof FaultsError || error instanceof RangeError) return false;
      throw error;
    }
  }

  async #makeExplicit(): Promise<void> {
    if (await this.#try(withoutSchedule(withFaults(this.#best, {})))) return;
    const decided: Choice[] = [];
    await perform(this.#best, { decided: (choice) => decided.push(choice) });
    if (await this.#try(explicit(this.#best, decided))) return;
    // The schedule may be what it takes, and the faults may not.
    await this.#try(withoutSchedule(this.#best));
    const { schedule } = this.#best;
    const unscheduled = decided.filter((choice) => !('message' in choice) || isLost(choice));
    await this.#try({ ...explicit(this.#best, unscheduled), schedule });
  }

  /** Whole parts of the plan, one after the other. */
  async #dropFaults(): Promise<void> {
    const { faults = {} } = this.#best.plan;
    for (const key of Object.keys(faults) as (keyof Faults)[]) {
      const { [key]: _gone, ...rest } = this.#best.plan.faults ?? {};
      await this.#try(withFaults(this.#best, rest));
    }
    for (const key of ['byzantine', 'twins', 'clocks', 'links', 'nodes'] as const) {
      await this.#dropEntries(key);
    }
    for (const key of ['partitions', 'crashes', 'pauses'] as const) {
      const list: readonly object[] = this.#best.plan.faults?.[key] ?? [];
      if (list.length < 2) continue;
      await minimize(list, (left) =>
        this.#try(withFaults(this.#best, { ...this.#best.plan.faults, [key]: left })),
      );
    }
  }

  async #dropEntries(key: 'byzantine' | 'twins' | 'clocks' | 'links' | 'nodes'): Promise<void> {
    const entries = Object.keys(asMap(this.#best.plan.faults?.[key]));
    if (entries.length < 2) return;
    for (const entry of entries) {
      const { faults = {} } = this.#best.plan;
      const { [entry]: _gone, ...rest } = asMap(faults[key]);
      await this.#try(withFaults(this.#best, { ...faults, [key]: rest }));
    }
  }

  async #dropChoices(): Promise<void> {
    const { choices } = this.#best;
    await minimize(choices.toSorted(byTime), (left) => this.#try({ ...this.#best, choices: left }));
  }

  async #dropNodes(): Promise<void> {
    for (const { id } of this.#best.plan.nodes.toReversed()) {
      if (this.#best.plan.nodes.length > 1) await this.#try(withoutNode(this.#best, id));
    }
  }

  /** Of what liars do: whole behaviours, then those who hear them. */
  async #dropLies(): Promise<void> {
    for (const [id, lies] of Object.entries(asMap(this.#best.plan.faults?.byzantine))) {
      for (const kind of LIE_KINDS) {
        const lie = (lies as Lies)[kind];
        if (lie === undefined) continue;
        if (await this.#try(withLie(this.#best, id, kind, undefined))) continue;
        const to = (lie as { readonly to?: readonly NodeId[] }).to ?? [];
        if (!Array.isArray(to) || to.length < 2) continue;
        await minimize(to as readonly NodeId[], async (left) =>
          left.length === 0
            ? false
            : this.#try(withLie(this.#best, id, kind, { ...(lie as object), to: left })),
        );
      }
    }
  }
}

function isLost(choice: Choice): boolean {
  return 'message' in choice && choice.arrives.length === 0;
}

function withFaults(attempt: Attempt, faults: Faults): Attempt {
  return { ...attempt, plan: { ...attempt.plan, faults } };
}

function withoutSchedule(attempt: Attempt): Attempt {
  return { ...attempt, schedule: { kind: 'latency' } };
}

function withLie(attempt: Attempt, id: NodeId, kind: LieKind, lie: object | undefined): Attempt {
  const { faults = {} } = attempt.plan;
  const { [kind]: _gone, ...others } = asMap(faults.byzantine)[id] as Record<string, unknown>;
  const lies = lie === undefined ? others : { ...others, [kind]: lie };
  const { [id]: _liar, ...liars } = asMap(faults.byzantine);
  const byzantine = Object.keys(lies).length === 0 ? liars : { ...liars, [id]: lies };
  return withFaults(attempt, { ...faults, byzantine: byzantine as Faults['byzantine'] & object });
}

/** The run of the others, without what was said about this one. */
export function withoutNode(attempt: Attempt, id: NodeId): Attempt {
  const { plan } = attempt;
  const nodes = plan.nodes
    .filter((node) => node.id !== id)
    .map((node) => ({ ...node, neighbours: node.neighbours.filter((other) => other !== id) }));
  const choices = attempt.choices
    .filter((choice) => !nodesOf(choice).includes(id))
    .map((choice) =>
      'cut' in choice ? { ...choice, cut: choice.cut.filter((other) => other !== id) } : choice,
    );
  const faults = plan.faults && faultsWithout(plan.faults, id);
  return { ...attempt, plan: { ...plan, nodes, ...(faults ? { faults } : {}) }, choices };
}

function nodesOf(choice: Choice): readonly NodeId[] {
  if ('message' in choice) return [partsOfMessage(choice.message)!.sender, choice.to];
  if ('spare' in choice) return [partsOfMessage(choice.spare)!.sender, choice.to];
  if ('timer' in choice) return [choice.node];
  if ('start' in choice) return [choice.start];
  // Of nodes that are cut off, the others still are.
  if ('cut' in choice) return choice.cut.length === 1 ? choice.cut : [];
  return ['crash' in choice ? choice.crash : choice.pause];
}

/** Faults by name without a node; where a plan speaks of nodes otherwise, it must do without them or fail to be read. */
function faultsWithout(faults: Faults, id: NodeId): Faults {
  const result: Record<string, unknown> = { ...faults };
  for (const key of ['byzantine', 'twins', 'clocks', 'nodes'] as const) {
    const { [id]: _gone, ...rest } = asMap(faults[key]);
    if (faults[key] === undefined) continue;
    if (Object.keys(rest).length === 0) delete result[key];
    else result[key] = mapped(rest, (entry) => withoutReceiver(entry, id));
  }
  return result;
}

/** Lists of node ids anywhere in a value, without one of them. */
function withoutReceiver(value: unknown, id: NodeId): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== id);
  if (typeof value !== 'object' || value === null) return value;
  return mapped(value as Record<string, unknown>, (item) => withoutReceiver(item, id));
}

function mapped(
  record: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : {};
}

/** Early choices first; those without a time, which hold from the beginning, before all. */
function byTime(a: Choice, b: Choice): number {
  return timeOf(a) - timeOf(b);
}

function timeOf(choice: Choice): number {
  if ('message' in choice) return choice.arrives[0] ?? 0;
  return 'spare' in choice ? 0 : choice.at;
}
