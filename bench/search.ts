/**
 * Exhaustive search: situations per second and bytes per situation, beside a search without a memory for single nodes, which copies,
 * steps and hashes a whole situation for every transition, as one writes it first.
 */

import { chapter as paxos } from '../src/algorithms/paxos/index.ts';
import { chapter as twoPhaseCommit } from '../src/algorithms/two_phase_commit/index.ts';
import type { Chapter } from '../src/core/chapter.ts';
import type { Adversary } from '../src/core/small-world.ts';
import { planOf } from '../src/lab/run-spec.ts';
import type { RunPlan } from '../src/runtime/plan.ts';
import type { SearchResult } from '../src/runtime/search/search-options.ts';
import { machineOf, search } from '../src/runtime/search/search.ts';
import { World } from '../src/runtime/search/world.ts';
import { printFigures, type Figure } from './table.ts';

const ROUNDS = 3;

/** Transitions of the plain search: it would take too long to wait for its end. */
const PLAIN_TRANSITIONS = 20_000;

const worlds: readonly (readonly [string, Chapter, string, Adversary])[] = [
  [
    'paxos, 4 nodes, 2 proposers',
    paxos,
    'n1: { value: red, retry: never }\nn2: { value: blue, retry: never }\nn3: { retry: never }\nn4: { retry: never }',
    {},
  ],
  [
    'two-phase commit, 3 participants, up to 300 000 states',
    twoPhaseCommit,
    'n1: { coordinator: true }\nn2: {}\nn3: {}\nn4: {}',
    {},
  ],
];

/** Runs and prints. */
export async function bench(): Promise<void> {
  const figures: Figure[] = [];
  for (const [name, chapter, config, adversary] of worlds) {
    const spec = {
      ...{ runId: 'bench', algorithm: chapter.name, config, configFile: 'bench.yaml' },
      ...{ strict: true, format: 'json' as const, seed: 1 },
    };
    const { plan } = planOf(spec, chapter);
    let best: SearchResult['figures'] | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const { figures: found } = await search({
        ...{ plan, adversary, invariants: chapter.invariants },
        bounds: { states: 300_000 },
        now: () => performance.now(),
      });
      if (best === undefined || found.elapsedMs < best.elapsedMs) best = found;
    }
    const { states, transitions, bytes, elapsedMs } = best!;
    figures.push({ name, value: (states / elapsedMs) * 1000, unit: 'states/s' });
    figures.push({
      name: `${name}, transitions`,
      value: (transitions / elapsedMs) * 1000,
      unit: 'transitions/s',
      against: { name: 'plain', value: plainTransitions(plan, adversary) },
    });
    figures.push({ name: `${name}, memory`, value: bytes / states, unit: 'bytes/state' });
  }
  printFigures(figures);
}

/** Transitions per second when nothing is remembered of a node: every step is taken anew, and every node hashed. */
function plainTransitions(plan: RunPlan, adversary: Adversary): number {
  const machine = machineOf(plan);
  const world = new World(plan, machine, adversary, {});
  const queue = [world.begin().situation];
  const seen = new Set<string>();
  const startMs = performance.now();
  let transitions = 0;
  for (const from of queue) {
    if (transitions >= PLAIN_TRANSITIONS) break;
    for (const node of from.nodes) {
      // Forgotten: what comes of each message and timer.
      node.received.clear();
      node.ownSteps = undefined;
    }
    world.next(from, (step) => {
      transitions++;
      const next = step.make();
      const states = next.nodes.map(({ state }) =>
        Buffer.from(machine.hash(state!)).toString('latin1'),
      );
      const text = `${states.join()} ${next.messages.map(({ number }) => number).join()}`;
      if (seen.has(text)) return;
      seen.add(text);
      queue.push(next);
    });
  }
  return (transitions / (performance.now() - startMs)) * 1000;
}
