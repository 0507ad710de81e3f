/** The search and the simulator do the same with a machine: what happened in a run can be followed in a search, state by state. */

import { describe, expect, test } from 'vitest';
import { chapter as bracha } from '../../../../src/algorithms/bracha/index.ts';
import { chapter as changRoberts } from '../../../../src/algorithms/chang_roberts/index.ts';
import { chapter as paxos } from '../../../../src/algorithms/paxos/index.ts';
import { chapter as twoPhaseCommit } from '../../../../src/algorithms/two_phase_commit/index.ts';
import { textOf } from '../../../../src/check/text.ts';
import type { Chapter } from '../../../../src/core/chapter.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { machineOf } from '../../../../src/runtime/search/search.ts';
import type { Situation } from '../../../../src/runtime/search/situation.ts';
import { World } from '../../../../src/runtime/search/world.ts';
import { planned } from '../../../compliance/algorithm.suite.ts';
import { simulatePlan } from '../../../support/simulate.ts';

const SEEDS = 5;

/** For a busy machine. */
const PATIENCE_MS = 60_000;

/** Goes the way of a run through a search; how many of its messages and timers it met. */
async function follow(chapter: Chapter, seed: number): Promise<number> {
  const scenario = chapter.scenarios[seed % chapter.scenarios.length]!;
  const { plan } = planned(chapter, scenario.config, { seed });
  const { latencyMs = { min: 1, max: 50 } } = scenario;
  const run = await simulatePlan(plan, { latencyMs });
  const world = new World(plan, machineOf(plan), {}, {});
  let at = world.begin().situation;
  const bodies = new Map<string, string>();
  let met = 0;
  for (const event of run.trace) {
    if (event.kind === 'send') bodies.set(`${event.message} ${event.to}`, textOf(event.body));
    else if (event.kind === 'deliver' || event.kind === 'timer') {
      at = stepLike(world, at, event, bodies);
      met++;
    } else if (event.kind === 'state' && met > 0) {
      const here = at.nodes.find(({ view }) => view.id === event.node)!;
      expect(textOf(here.view.state), `seed ${seed}, ${event.node} at ${event.time} ms`).toBe(
        textOf(event.state),
      );
    }
  }
  return met;
}

/** What the same event does in the search: nothing, where a message changes nothing. */
function stepLike(
  world: World,
  at: Situation,
  event: Extract<TraceEvent, { kind: 'deliver' | 'timer' }>,
  bodies: ReadonlyMap<string, string>,
): Situation {
  let next: Situation | undefined;
  world.next(at, (step) => {
    const { choice } = step;
    if (next !== undefined || world.nodes[choice.node]!.id !== event.node) return;
    // None of these machines has two timers that are set at once and fire in these runs.
    if (event.kind === 'timer' && choice.kind === 'timer') next = step.make();
    if (event.kind !== 'deliver' || choice.kind !== 'deliver') return;
    const { from, type, body } = choice.message;
    const isSame =
      world.nodes[from]!.id === event.from &&
      type === event.type &&
      textOf(body) === bodies.get(`${event.message} ${event.node}`);
    if (isSame) next = step.make();
  });
  return next ?? at;
}

describe('a run is a way through the search', () => {
  for (const chapter of [bracha, changRoberts, paxos, twoPhaseCommit]) {
    test(
      chapter.name,
      async () => {
        let met = 0;
        for (let seed = 1; seed <= SEEDS; seed++) met += await follow(chapter, seed);
        expect(met).toBeGreaterThan(50);
      },
      PATIENCE_MS,
    );
  }
});
