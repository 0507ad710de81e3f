/**
 * Who has been put out of the group, or has left it for good, as the members have agreed. What such a node says is taken from those who stay, and
 * from nobody else: what they had heard of it when they learned that it is out comes to all, so that nothing waits for it in vain, and
 * what it says later comes to nobody.
 */

import { Refusal } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import { keys, type StoredMembers } from './disk.ts';
import type { TopicRegistry } from './registry.ts';
import type { PubsubRules } from './rules.ts';

/** How a batch came: a layer below spread it, or somebody sent it whom this node had told what it lacks. */
export type Way = 'spread' | 'asked for';

/** The node. */
export interface MembershipOwner {
  readonly id: NodeId;
  readonly nodes: ReadonlySet<NodeId>;
  readonly rules: PubsubRules;
  readonly desk: { put(key: string, value: unknown): void };
  readonly children: { readonly registry: { readonly registry: TopicRegistry } };
  tell(kind: string, detail: Value): void;
}

/** Who belongs to the group. */
export class Membership {
  readonly #owner: MembershipOwner;
  #out: ReadonlyMap<NodeId, NodeId> = new Map();
  /** Of the registry, when that was so. */
  #version = 0;

  constructor(owner: MembershipOwner) {
    this.#owner = owner;
  }

  /** Who is out, and by whom. */
  get out(): ReadonlyMap<NodeId, NodeId> {
    return this.#out;
  }

  /** Those who belong to the group, in the order of their names. */
  get inside(): readonly NodeId[] {
    return [...this.#owner.nodes].filter((node) => !this.#out.has(node)).toSorted();
  }

  /** What was known before a restart: the registry's log may take its time until it has come so far again. */
  restore(stored: StoredMembers | undefined): void {
    if (stored === undefined) return;
    this.#out = new Map(stored.out);
    this.#version = stored.version;
  }

  /** Whether what an author said is taken, the way it came. */
  mayTake(author: NodeId, bringer: NodeId, way: Way): boolean {
    return !this.#out.has(author) || this.#owner.rules.takesOfOutsider(this.#out.has(bringer), way);
  }

  /** @throws {Refusal} when this node is out: it may neither publish nor subscribe */
  mustBeIn(): void {
    const { id } = this.#owner;
    const by = this.#out.get(id);
    if (by === undefined) return;
    throw new Refusal(
      by === id ? `${id} has left the group` : `${id} was put out of the group by ${by}`,
    );
  }

  /** Tells what the registry has agreed on since the last look. */
  look(): void {
    const { registry } = this.#owner.children.registry;
    if (registry.tableVersion <= this.#version) return;
    this.#version = registry.tableVersion;
    const before = this.#out;
    const isSame =
      before.size === registry.out.size && [...before.keys()].every((id) => registry.out.has(id));
    if (isSame) return;
    this.#out = new Map(registry.out);
    const stored: StoredMembers = { version: this.#version, out: [...this.#out] };
    this.#owner.desk.put(keys.members, stored);
    for (const [node, by] of this.#out) {
      if (!before.has(node)) this.#owner.tell('member', { node, is: 'out', by });
    }
    for (const node of before.keys()) {
      if (!this.#out.has(node)) this.#owner.tell('member', { node, is: 'in' });
    }
  }
}
