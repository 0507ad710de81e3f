/** The partitions of a plan at a moment: fixed cuts, and splits that are drawn anew each time. */

import type { CutChoice } from '../../core/choices/choices.ts';
import type { FaultPlan, PartitionPlan } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import { Random } from '../../core/random.ts';
import { Episodes, type Episode } from './episodes.ts';

/** One partition of a plan. */
export class Partition {
  readonly #plan: PartitionPlan;
  readonly #nodes: readonly NodeId[];
  readonly #seed: number;
  readonly #episodes: Episodes;
  /** The smaller part, and the episode for which it was drawn. */
  #part: ReadonlySet<NodeId> = new Set();
  #drawnFor: Episode | undefined;
  #toldFor: Episode | undefined;
  readonly #onCut: ((choice: CutChoice) => void) | undefined;

  /** @param onCut hears of each part that was drawn and cut something off */
  constructor(
    plan: PartitionPlan,
    { nodes, seed, healMs }: FaultPlan,
    onCut?: (choice: CutChoice) => void,
  ) {
    this.#onCut = onCut;
    this.#plan = plan;
    this.#nodes = nodes;
    this.#seed = seed;
    this.#episodes = new Episodes(plan.schedule, seed, plan.name, healMs);
  }

  /** True when what it cuts off is known without a word about each message: the plan says it, or the drawn part was told. */
  get isTold(): boolean {
    const { parting, schedule } = this.#plan;
    return parting.kind === 'split' || schedule.kind !== 'often';
  }

  /** False for a link that this partition never cuts. */
  mayCut(from: NodeId, to: NodeId): boolean {
    const { parting } = this.#plan;
    return parting.kind === 'split' || parting.cuts(from, to);
  }

  /** Until when the link is cut; undefined when it is not. Times that are asked for do not go back. */
  cutUntil(from: NodeId, to: NodeId, nowMs: number): number | undefined {
    const episode = this.#episodes.at(nowMs);
    if (episode === undefined) return undefined;
    const { parting } = this.#plan;
    if (parting.kind === 'cut') return parting.cuts(from, to) ? episode.toMs : undefined;
    if (this.#drawnFor !== episode) this.#draw(episode, parting.how);
    const [isFromHere, isToHere] = [this.#part.has(from), this.#part.has(to)];
    const isCut = parting.oneWay ? isFromHere && !isToHere : isFromHere !== isToHere;
    if (!isCut) return undefined;
    if (this.#toldFor !== episode) this.#tell(episode, parting.oneWay);
    return episode.toMs;
  }

  #tell(episode: Episode, oneWay: boolean): void {
    this.#toldFor = episode;
    const { fromMs, toMs } = episode;
    if (toMs === Infinity) return;
    this.#onCut?.({
      cut: this.#nodes.filter((id) => this.#part.has(id)),
      at: fromMs,
      for: Math.round((toMs - fromMs) * 1000) / 1000,
      ...(oneWay ? { one_way: true } : {}),
    });
  }

  /** A stream for each episode: what is drawn does not depend on which episodes anybody noticed. */
  #draw(episode: Episode, how: 'halves' | 'one' | 'random'): void {
    this.#drawnFor = episode;
    const random = Random.stream(this.#seed, `faults/${this.#plan.name}/${episode.number}`);
    const n = this.#nodes.length;
    const shuffled = random.shuffled(this.#nodes);
    const size =
      how === 'one' ? 1 : how === 'halves' ? Math.max(1, (n - 1) >> 1) : random.integer(1, n - 1);
    this.#part = new Set(shuffled.slice(0, size));
  }
}
