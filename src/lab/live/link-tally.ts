/** Counts the links of a live run: how many there are, and how often they come and go. */

import type { NodeId } from '../../core/id.ts';

/** What was counted since the last {@link LinkTally.reset}; both ends of a link count it. */
export interface LinkCounts {
  readonly opened: number;
  readonly closed: number;
  /** Links that a node has now, on average. */
  readonly mean: number;
  /** The most that one node had at once. */
  readonly most: number;
}

/** The links of several nodes. */
export class LinkTally {
  readonly #links = new Map<NodeId, Set<NodeId>>();
  #opened = 0;
  #closed = 0;
  #most = 0;

  /** A link of `node` carries frames, or is gone. */
  note(node: NodeId, to: NodeId, isOpen: boolean): void {
    const links = this.#links.get(node) ?? new Set();
    this.#links.set(node, links);
    if (links.has(to) === isOpen) return;
    if (isOpen) {
      links.add(to);
      this.#opened++;
      this.#most = Math.max(this.#most, links.size);
    } else {
      links.delete(to);
      this.#closed++;
    }
  }

  /** The nodes that one has links to. */
  of(node: NodeId): ReadonlySet<NodeId> {
    return this.#links.get(node) ?? new Set();
  }

  /** Counts comings and goings from here on. */
  reset(): void {
    this.#opened = 0;
    this.#closed = 0;
    this.#most = Math.max(0, ...Array.from(this.#links.values(), ({ size }) => size));
  }

  get counts(): LinkCounts {
    const sizes = Array.from(this.#links.values(), ({ size }) => size);
    const mean = sizes.length === 0 ? 0 : sizes.reduce((a, b) => a + b, 0) / sizes.length;
    return { opened: this.#opened, closed: this.#closed, mean, most: this.#most };
  }
}
