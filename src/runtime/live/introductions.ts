/**
 * Introductions: how two nodes meet that no server has announced to each other. Whoever wants a link to a node that it does not know sends its card
 * towards it, over the links that there are; the other answers with its own. From then on they negotiate as if a server had named them.
 */

import type { NodeId } from '../../core/id.ts';
import type { Clock, Timer } from '../../core/ports.ts';
import { CARDS_PER_SECOND_MAX } from '../../net/limits.ts';
import { Backoff } from '../../net/signaling/backoff.ts';
import { isGenuineCard, type CallingCard, type CardPlace } from './calling-card.ts';

/** What introductions need of their page. */
export interface IntroductionsHost {
  readonly place: CardPlace;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** This node's own card. */
  readonly card: Promise<CallingCard>;
  isMet(node: NodeId): boolean;
  /** Whether a card can say anything new: it is of a node that may be met here, and of no earlier life of it. */
  isNews(card: CallingCard): boolean;
  /** Sends a card towards a node, over the links of nodes. */
  show(to: NodeId, card: CallingCard, isAnswer: boolean): void;
  /** A node has introduced itself. */
  met(card: CallingCard): void;
  /** Something was shown that is no genuine card. */
  refused(): void;
}

/** The first and the longest wait before a card is sent once more: whoever does not answer may not be there. */
const ASK_AGAIN_MS = { first: 1_000, most: 30_000 };

/** The introductions of one node. */
export class Introductions {
  readonly #host: IntroductionsHost;
  readonly #sought = new Map<NodeId, { readonly backoff: Backoff; timer: Timer | undefined }>();
  #second = 0;
  #inSecond = 0;
  #isClosed = false;

  constructor(host: IntroductionsHost) {
    this.#host = host;
  }

  /** The nodes to which links are wanted and that have not been met. */
  get sought(): readonly NodeId[] {
    return [...this.#sought.keys()];
  }

  /** Links to these are wanted, and to no others. */
  want(nodes: readonly NodeId[]): void {
    const unknown = new Set(nodes.filter((node) => !this.#host.isMet(node)));
    for (const node of this.#sought.keys()) if (!unknown.has(node)) this.#forget(node);
    for (const node of unknown) if (!this.#sought.has(node)) this.#seek(node);
  }

  /** There is a link, where there may have been none: whoever is sought is asked for now. */
  linked(): void {
    for (const [node, { timer }] of this.#sought) {
      timer?.cancel();
      this.#ask(node);
    }
  }

  /** A card came, from wherever. Answered is what does not answer itself. */
  async heard(card: CallingCard, isAnswer: boolean): Promise<void> {
    const host = this.#host;
    if (!(host.isNews(card) || host.isMet(card.node)) || !this.#isWithinRate) return;
    if (!(await isGenuineCard(card, host.place))) return host.refused();
    if (this.#isClosed) return;
    if (host.isNews(card)) host.met(card);
    this.#forget(card.node);
    // Whoever was met before may have missed the last answer.
    if (!isAnswer) host.show(card.node, await host.card, true);
  }

  close(): void {
    this.#isClosed = true;
    for (const node of [...this.#sought.keys()]) this.#forget(node);
  }

  #seek(node: NodeId): void {
    const { first, most } = ASK_AGAIN_MS;
    const { random } = this.#host;
    // A backoff waits between half and whole of its time.
    const backoff = new Backoff({ delayMsMin: 2 * first, delayMsMax: most, random });
    this.#sought.set(node, { backoff, timer: undefined });
    this.#ask(node);
  }

  #ask(node: NodeId): void {
    const sought = this.#sought.get(node)!;
    void this.#host.card.then((card) => {
      if (this.#sought.get(node) === sought) this.#host.show(node, card, false);
    });
    sought.timer = this.#host.clock.after(sought.backoff.nextDelayMs(), () => {
      if (this.#sought.get(node) !== sought) return;
      if (this.#host.isMet(node)) this.#forget(node);
      else this.#ask(node);
    });
  }

  #forget(node: NodeId): void {
    this.#sought.get(node)?.timer?.cancel();
    this.#sought.delete(node);
  }

  /** To verify a card takes time, and anybody can send one. */
  get #isWithinRate(): boolean {
    const second = Math.floor(this.#host.clock.now() / 1000);
    if (second !== this.#second) this.#inSecond = 0;
    this.#second = second;
    return ++this.#inSecond <= CARDS_PER_SECOND_MAX;
  }
}
