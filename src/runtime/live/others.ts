/**
 * The other nodes of a run, as a page knows them: which member of the room each is, whose key it shows, and which of them are gone.
 *
 * The server sees sockets, not nodes. Who closes its tab is gone at once. Who is lost from sight may be back in a moment, or be heard all the
 * time over its link: it is given up when neither is so. Whoever was given up cannot come back as the same incarnation, for the algorithm has
 * been told that it crashed; so it is told in turn, and both sides of the cut see the same.
 */

import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel, Timer } from '../../core/ports.ts';
import { LOST_MEMBER_GRACE_MS } from '../../net/limits.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Departure } from '../../net/signaling/signaling.ts';

/** Another node that is there. */
export interface OtherNode {
  readonly member: string;
  readonly incarnation: number;
}

/** What the book of the others needs of its page. */
export interface OthersHost {
  readonly clock: Clock;
  /** Whether signaling sees that member now. */
  isSeen(member: string): boolean;
  /** Whether a link to the node carries frames, and nothing makes one doubt it. */
  isHeard(node: NodeId): boolean;
  /** A node is there, or came anew, with its key in hexadecimal. */
  met(node: NodeId, other: OtherNode, publicKey: string): void;
  /** A node is gone. */
  gone(node: NodeId, why: string): void;
  /** That member is to hear that its node was given up. */
  part(member: string): void;
  log(level: LogLevel, text: string): void;
}

/** Who is there besides this node. */
export class Others {
  readonly #host: OthersHost;
  readonly #here = new Map<NodeId, OtherNode>();
  /** A node's id belongs to the first key that it showed. */
  readonly #keys = new Map<NodeId, string>();
  /** The latest incarnation of each node that is gone. */
  readonly #gonePast = new Map<NodeId, number>();
  /** Of those that may be gone: when that will be known. */
  readonly #waits = new Map<NodeId, Timer>();

  constructor(host: OthersHost) {
    this.#host = host;
  }

  /** The nodes that are there. */
  get nodes(): readonly NodeId[] {
    return [...this.#here.keys()];
  }

  get(node: NodeId): OtherNode | undefined {
    return this.#here.get(node);
  }

  has(node: NodeId): boolean {
    return this.#here.has(node);
  }

  /** The nodes of that member that are there. */
  of(member: string): readonly NodeId[] {
    return this.nodes.filter((node) => this.#here.get(node)!.member === member);
  }

  /** The incarnation of a node that was there last; 0 for one that never was. */
  lastIncarnation(node: NodeId): number {
    return this.#here.get(node)?.incarnation ?? this.#gonePast.get(node) ?? 0;
  }

  /** A member is there that says it is this node. */
  came(node: NodeId, { member, incarnation, publicKey }: MemberDescription): void {
    if (publicKey === undefined) return;
    const known = this.#here.get(node);
    if (known?.member === member && known.incarnation === incarnation) return;
    // The node itself would not believe it, and its link would be lost for nothing.
    if ((this.#keys.get(node) ?? publicKey) !== publicKey) {
      const text = `somebody shows another key for ${node} than before: it is ignored`;
      return this.#host.log('error', text);
    }
    if (known === undefined && this.#gonePast.get(node) === incarnation) {
      const text = `${node} is back, but was taken for gone: it comes in again when its tab is reloaded`;
      this.#host.log('warn', text);
      return this.#host.part(member);
    }
    this.#keys.set(node, publicKey);
    const other = { member, incarnation };
    this.#here.set(node, other);
    this.#host.met(node, other, publicKey);
  }

  /** The server says that a member left. */
  left({ member, incarnation, reason }: Departure): void {
    // The newer incarnation that took its place is there at once, if it is who it says.
    if (reason === 'superseded') return;
    for (const node of this.of(member)) {
      const other = this.#here.get(node)!;
      if (other.incarnation !== incarnation) continue;
      if (reason === 'lost') this.#awaitReturn(node, other);
      else this.lose(node, 'its tab was closed');
    }
  }

  /** Its page ends, as it says itself: it is closed, unless it was reloaded and comes back. */
  leaving(node: NodeId): void {
    const ended = this.#here.get(node);
    this.#host.log('debug', `${node} says goodbye: its page ends`);
    if (ended === undefined) return;
    this.#wait(node, () => {
      if (this.#here.get(node) === ended) this.lose(node, 'its tab was closed');
    });
  }

  /** It is gone for good, as this incarnation. */
  lose(node: NodeId, why: string): void {
    this.#gonePast.set(node, this.#here.get(node)?.incarnation ?? 0);
    this.#here.delete(node);
    this.#host.gone(node, why);
  }

  /** Nothing is said about anybody any more. */
  close(): void {
    for (const timer of this.#waits.values()) timer.cancel();
    this.#waits.clear();
  }

  /** The server lost sight of a tab, not we: only if it stays away, and its link is silent, is it gone. */
  #awaitReturn(node: NodeId, other: OtherNode): void {
    this.#wait(node, () => {
      if (this.#here.get(node) !== other || this.#host.isSeen(other.member)) return;
      if (this.#host.isHeard(node)) this.#awaitReturn(node, other);
      else this.lose(node, 'its tab is out of reach');
    });
  }

  #wait(node: NodeId, look: () => void): void {
    this.#waits.get(node)?.cancel();
    this.#waits.set(node, this.#host.clock.after(LOST_MEMBER_GRACE_MS, look));
  }
}
