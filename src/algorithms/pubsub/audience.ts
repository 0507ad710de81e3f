/**
 * Whom a topic concerns, as the registry has it: an author sends to those first and waits for their links. Whoever has subscribed to nothing of
 * a topic carries its messages, and is not needed for it: it is sent what its link takes, and anti-entropy brings the rest.
 */

import type { NodeId } from '../../core/id.ts';
import type { TopicRegistry } from './registry.ts';
import { matches } from './topics.ts';

/** Topics whose audience is remembered. */
const TOPICS_MAX = 256;

/** The node that asks. */
export interface AudienceOwner {
  readonly id: NodeId;
  readonly settings: { readonly registry_by: 'consensus' | 'local' };
  readonly children: { readonly registry: { readonly registry: TopicRegistry } };
}

/** The audiences of topics, as far as one node knows. */
export class Audience {
  readonly #owner: AudienceOwner;
  readonly #known = new Map<string, ReadonlySet<NodeId>>();
  #version = -1;

  constructor(owner: AudienceOwner) {
    this.#owner = owner;
  }

  /** Who has subscribed to it, this node among them if it has; nobody is known where subscriptions are not agreed on. */
  of(topic: string): ReadonlySet<NodeId> {
    const { registry } = this.#owner.children.registry;
    if (registry.tableVersion !== this.#version || this.#known.size >= TOPICS_MAX) {
      this.#known.clear();
      this.#version = registry.tableVersion;
    }
    let audience = this.#known.get(topic);
    if (audience === undefined) {
      audience = registry.subscribersOf((pattern) => matches(pattern, topic));
      this.#known.set(topic, audience);
    }
    return audience;
  }

  /**
   * Whether an author waits for this node with a message of the topic. Where nobody else is known to have subscribed, all are alike; and what
   * concerns the group itself concerns everybody.
   */
  needs(node: NodeId, topic: string): boolean {
    const { id, settings } = this.#owner;
    if (settings.registry_by === 'local' || topic.startsWith('$')) return true;
    const audience = this.of(topic);
    const others = audience.size - (audience.has(id) ? 1 : 0);
    return others === 0 || audience.has(node);
  }
}
