/**
 * Exhaustive search: every order in which messages may arrive, timers fire and nodes crash, for a small configuration of a Machine.
 *
 * It runs the machine that runs live, in situations that are compared by what decides the future: where every node stands, and what is
 * on its way. What it finds wrong it tells as the shortest story that leads there.
 */

import type { Choice as RunChoice } from '../../core/choices/choices.ts';
import type { Machine } from '../../core/machine.ts';
import { Random } from '../../core/random.ts';
import { macrotask } from '../platform.ts';
import type { RunPlan } from '../plan.ts';
import { choicesOf } from './as-choices.ts';
import { Expedition } from './expedition.ts';
import { collisionOdds } from './fingerprints.ts';
import { SearchError } from './search-error.ts';
import type { GoalFound, SearchOptions, SearchResult } from './search-options.ts';
import { searching } from './strategies.ts';
import { tell, type Step } from './story.ts';
import { World } from './world.ts';

/** Milliseconds between two looks at the platform's event loop, so that a page stays alive and Ctrl-C is heard. */
const BREATH_MS = 30;

/**
 * Searches to the end, to a violation, or to a bound.
 *
 * @throws {SearchError} when the plan's algorithm is no Machine or the adversary contradicts itself
 * @throws whatever the machine's `init` throws: the configuration cannot run
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { plan, adversary = {}, strategy = 'breadth', now, signal, onProgress } = options;
  check(options);
  const world = new World(plan, machineOf(plan), adversary, options);
  const expedition = new Expedition(world, options);
  let bound: SearchResult['bound'];
  let breathMs = now();
  for (const _ of searching(strategy, expedition, Random.stream(plan.seed, 'search'))) {
    bound = expedition.reachedBound;
    if (bound !== undefined || signal?.aborted === true) break;
    if (now() - breathMs < BREATH_MS) continue;
    onProgress?.(expedition.figures);
    await macrotask();
    breathMs = now();
  }
  if (expedition.isCutOff) bound ??= 'depth';
  if (strategy === 'random') bound ??= 'walks';
  return resultOf(expedition, options, bound);
}

function check({ adversary = {}, symmetry, history }: SearchOptions): void {
  const { ordered = false, duplicates = false } = adversary;
  if (ordered && duplicates) {
    throw new SearchError('a network that repeats what was sent cannot keep its order');
  }
  if (symmetry === undefined) return;
  if (ordered) throw new SearchError('on an ordered network no nodes can be exchanged');
  if (history !== undefined) throw new SearchError('in a history no nodes can be exchanged');
}

/** The machine that a plan runs. @throws {SearchError} when it runs none */
export function machineOf({ algorithm }: RunPlan): Machine {
  const { machine } = algorithm as { readonly machine?: Machine };
  if (machine !== undefined) return machine;
  const { name } = algorithm.definition;
  throw new SearchError(
    `${name} is a class. Exhaustive search needs a Machine, whose state can be copied and compared ` +
      `(defineMachine)`,
  );
}

function resultOf(
  expedition: Expedition,
  { goals = [], signal }: SearchOptions,
  bound: SearchResult['bound'],
): SearchResult {
  const { world, figures, violation, firstStuck, finished, stuck } = expedition;
  const story = (choices: readonly number[]): readonly Step[] => tell(world, choices);
  const outcome = outcomeOf(expedition, signal, bound);
  return {
    outcome,
    ...(bound === undefined || outcome !== 'bounded' ? {} : { bound }),
    figures,
    ...(violation === undefined
      ? {}
      : {
          violation: {
            ...violation.what,
            steps: story(violation.choices),
            ...replayed(choicesOf(world, violation.choices)),
          },
        }),
    goals: goals.map(({ name }): GoalFound => {
      const choices = expedition.reached.get(name);
      return choices === undefined ? { name } : { name, steps: story(choices) };
    }),
    ends: {
      finished,
      stuck,
      ...(firstStuck === undefined
        ? {}
        : {
            firstStuck: {
              waiting: firstStuck.what.map(({ view }) => view.id),
              steps: story(firstStuck.choices),
            },
          }),
    },
    collisionOdds: collisionOdds(figures.states),
  };
}

function replayed(choices: readonly RunChoice[] | undefined) {
  return choices === undefined ? {} : { choices };
}

function outcomeOf(
  expedition: Expedition,
  signal: AbortSignal | undefined,
  bound: SearchResult['bound'],
): SearchResult['outcome'] {
  if (expedition.violation !== undefined) return 'violation';
  if (expedition.isOver) return 'goals';
  if (bound !== undefined) return 'bounded';
  return signal?.aborted === true ? 'stopped' : 'complete';
}
