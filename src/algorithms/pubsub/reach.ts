/**
 * Whom a node reaches: what the failure detector says, and what follows from it. Where fewer than a majority are left, subscriptions can be
 * read and not changed, and messages go on among those who are there. Whoever comes back is asked at once for what was missed.
 */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Journal } from './journal.ts';
import type { PubsubRules } from './rules.ts';
import type { StreamId } from './streams.ts';

/** The node that reaches. */
export interface ReachOwner {
  readonly id: NodeId;
  /** Who counts for a majority: the voters of the registry. */
  readonly voters: readonly NodeId[];
  readonly rules: PubsubRules;
  readonly hasStarted: boolean;
  readonly repair: { ask(node: NodeId): void };
  now(): number;
  tell(kind: string, detail: Value): void;
}

/** What one node reaches. */
export class Reach {
  readonly #owner: ReachOwner;
  readonly #unreachable = new Set<NodeId>();
  /** Who has come back, and how far it had come then; undefined until it has said so. */
  readonly #healing = new Map<NodeId, Readonly<Record<StreamId, number>> | undefined>();
  /** When a node came back last. */
  readonly #backMs = new Map<NodeId, number>();
  #hadMajority = true;
  /** How often somebody was given up, who had not said goodbye, and how often somebody was heard again. */
  readonly counts = { detected: 0, healed: 0 };

  constructor(owner: ReachOwner) {
    this.#owner = owner;
  }

  /** Nodes that do not answer. */
  get unreachable(): ReadonlySet<NodeId> {
    return this.#unreachable;
  }

  /** How many voters do, this one included if it is one. */
  get reachable(): number {
    return this.#owner.voters.filter((node) => !this.#unreachable.has(node)).length;
  }

  /** Whether subscriptions can change here. */
  get hasMajority(): boolean {
    return this.#owner.rules.mayChange(this.reachable, this.#owner.voters.length);
  }

  /** The detector has given up a node. */
  lost(node: NodeId, left: boolean): void {
    if (this.#unreachable.has(node)) return;
    this.#unreachable.add(node);
    this.#healing.delete(node);
    if (!left) this.counts.detected++;
    this.#owner.tell('member', { node, is: left ? 'left' : 'unreachable' });
    this.#compare();
  }

  /** The detector hears of a node, for the first time or again. */
  found(node: NodeId): void {
    if (!this.#unreachable.delete(node)) return;
    this.#healing.set(node, undefined);
    this.counts.healed++;
    this.#backMs.set(node, this.#owner.now());
    this.#owner.tell('member', { node, is: 'here' });
    this.#compare();
    if (this.#owner.hasStarted) this.#owner.repair.ask(node);
  }

  /** Whether it has come back, and not everything that it had then is here. */
  isHealing(node: NodeId): boolean {
    return this.#healing.has(node);
  }

  /** When it came back last: what was said before is not on its way to it; −∞ if it was never away. */
  backSinceMs(node: NodeId): number {
    return this.#backMs.get(node) ?? -Infinity;
  }

  /** Whom to ask in a round: whoever came back and has not said yet how far it has come, and one other. */
  awaited(other: NodeId): ReadonlySet<NodeId> {
    const silent = [...this.#healing].filter(([, have]) => have === undefined);
    return new Set([...silent.map(([node]) => node), other]);
  }

  /** A node says how far it has come. */
  heard(node: NodeId, have: Readonly<Record<StreamId, number>>): void {
    if (this.#healing.has(node)) this.#healing.set(node, have);
  }

  /** Tells when everything that somebody had who came back is here. */
  look(journal: Journal): void {
    for (const [node, have] of this.#healing) {
      if (have === undefined) continue;
      const isBehind = Object.entries(have).some(
        ([stream, number]) => (journal.streams.get(stream)?.have ?? 0) < number,
      );
      if (isBehind) continue;
      this.#healing.delete(node);
      this.#owner.tell('merged', { node });
    }
  }

  #compare(): void {
    const { hasMajority } = this;
    if (hasMajority === this.#hadMajority) return;
    this.#hadMajority = hasMajority;
    this.#owner.tell('partition', {
      side: hasMajority ? 'majority' : 'minority',
      reachable: this.reachable,
      members: this.#owner.voters.length,
      unreachable: [...this.#unreachable],
    });
  }
}
