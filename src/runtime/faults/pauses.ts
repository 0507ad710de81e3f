/** Who stands still, and until when. */

import type { FaultPlan } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import { Random } from '../../core/random.ts';
import { Episodes } from './episodes.ts';

/** The pauses of a run. */
export class Pauses {
  readonly #plan: FaultPlan;
  readonly #episodes: readonly Episodes[];

  constructor(plan: FaultPlan) {
    const { pauses, seed, healMs } = plan;
    this.#plan = plan;
    this.#episodes = pauses.map(({ schedule, name }) => new Episodes(schedule, seed, name, healMs));
  }

  /** Until when a node stands still; `nowMs` when it does not. */
  until(node: NodeId, nowMs: number): number {
    let result = nowMs;
    for (const [index, { name, nodes, schedule }] of this.#plan.pauses.entries()) {
      const episode = this.#episodes[index]!.at(nowMs);
      if (episode === undefined || !nodes.includes(node)) continue;
      const victim =
        schedule.kind === 'often' ? victimOf(this.#plan.seed, name, episode.number, nodes) : node;
      if (victim === node) result = Math.max(result, episode.toMs);
    }
    return result;
  }
}

/** Who is concerned by an episode of a schedule in which nodes take turns. A stream each: it does not matter who asks. */
export function victimOf(
  seed: number,
  name: string,
  episode: number,
  nodes: readonly NodeId[],
): NodeId {
  return Random.stream(seed, `faults/${name}/${episode}`).pick(nodes);
}
