/**
 * To whom a node wants links: those that its algorithm names, and for a while those to whoever it has something to send. The page
 * makes and ends links accordingly.
 */

import type { NodeId } from '../../core/id.ts';
import { DEMANDED_LINK_MS, LINKS_PER_NODE_MAX } from '../../net/limits.ts';

/** What the wishes need of their node. */
export interface LinkWishesHost {
  /** Whom the algorithm names now. */
  named(): readonly NodeId[];
  nowMs(): number;
  after(delayMs: number, callback: () => void): void;
  /** The wishes are others than before. */
  changed(nodes: readonly NodeId[]): void;
}

/** The wishes of one node. */
export class LinkWishes {
  readonly #host: LinkWishesHost;
  /** When something was last sent to a node, the longest ago first. */
  readonly #demanded = new Map<NodeId, number>();
  #wanted: ReadonlySet<NodeId> = new Set();
  #isWaiting = false;

  constructor(host: LinkWishesHost) {
    this.#host = host;
  }

  /** Something is to be sent there. */
  demand(node: NodeId): void {
    this.#demanded.delete(node);
    this.#demanded.set(node, this.#host.nowMs());
  }

  /** The node is gone, and nothing is to be sent there any more. */
  drop(node: NodeId): void {
    this.#demanded.delete(node);
  }

  /** Works the wishes out anew; to be called after each turn. */
  look(): void {
    const now = this.#host.nowMs();
    for (const [node, sinceMs] of this.#demanded) {
      if (now - sinceMs < DEMANDED_LINK_MS) break;
      this.#demanded.delete(node);
    }
    // The newest demands first: where there are too many, the oldest wait.
    const all = [...this.#host.named(), ...[...this.#demanded.keys()].toReversed()];
    const wanted = new Set([...new Set(all)].slice(0, LINKS_PER_NODE_MAX));
    const isSame =
      wanted.size === this.#wanted.size && [...wanted].every((node) => this.#wanted.has(node));
    if (!isSame) {
      this.#wanted = wanted;
      this.#host.changed([...wanted]);
    }
    if (this.#demanded.size > 0) this.#lookLater();
  }

  #lookLater(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#host.after(DEMANDED_LINK_MS / 2, () => {
      this.#isWaiting = false;
      this.look();
    });
  }
}
