/**
 * Message chain: a value travels along every path of at most `max_hops` links, and each node on the
 * way signs for it. How does anybody know that the last chain has arrived? Every message is
 * answered when all that it caused has been answered.
 */

import * as v from 'valibot';
import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { REQUEST_TIMEOUT_MS, type Peer } from '../../core/message.ts';
import { signersOf } from './chain.ts';
import { hop, messages, type Hop } from './messages.ts';
import { rules } from './rules.ts';

const settings = {
  /** Whether a chain begins here. Any number of nodes may begin one. */
  is_initiator: v.boolean(),
  /** What an initiator says; `Hello from <its name>` unless given. */
  initial_value: v.optional(v.string()),
  /**
   * Links that a chain goes over at most. The number of chains grows with its factorial: see the
   * README.
   */
  max_hops: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 3),
};

/** What a node shows of itself. */
export interface MessageChainState {
  readonly is_initiator: boolean;
  readonly max_hops: number;
  /** What it began with; null when it is no initiator. */
  readonly value: string | null;
  /** Signers of each chain that came here, in the order of arrival. */
  readonly chains: readonly (readonly NodeId[])[];
  /** What came, by initiator: two different values convict it. */
  readonly values: Readonly<Record<NodeId, readonly string[]>>;
  /** Chains sent whose answer is still to come (Dijkstra and Scholten's deficit). */
  readonly deficit: number;
  /** Chains sent whose answer will not come. */
  readonly unanswered: number;
  /** Chains thrown away. */
  readonly rejected: number;
}

/** Signed messages along all simple paths, as in Lamport, Shostak and Pease's SM(m). */
export class MessageChain extends defineAlgorithm('message_chain', { messages, settings, rules }) {
  /** What became of each chain, by its signers: a second copy gets the answer of the first. */
  readonly accepted = new Map<
    string,
    { readonly path: NodeId[]; readonly spread: Promise<null> }
  >();
  readonly values = new Map<NodeId, Set<string>>();
  deficit = 0;
  unanswered = 0;
  rejected = 0;

  /**
   * Ends an initiator when its whole tree of chains has been answered. Any other node is done at
   * once and goes on serving: as long as a chain is under way, the initiator that began it is not
   * done, and so the run is not over.
   */
  override async onStart(): Promise<void> {
    if (this.settings.is_initiator && this.settings.max_hops > 0) {
      await this.spread([this.sign(hop, { hop: 0, path: [], value: this.value })]);
    }
    this.terminate();
  }

  /** What this node says as an initiator. */
  get value(): string {
    return this.settings.initial_value ?? `Hello from ${this.id}`;
  }

  handlers = this.on({
    bundle: (src, { chain }) => {
      const arrival = { sender: src, receiver: this.id, hopsMax: this.settings.max_hops };
      const flaw = this.rules.flawOf(chain, arrival);
      if (flaw !== undefined) {
        this.rejected++;
        this.log.warn(`rejected a chain of ${src}: ${flaw}`);
        return null;
      }
      return this.rules.answer(this.accept(chain));
    },
  });

  /**
   * Takes each path once, so that a liar who sends many values down one path causes no more work
   * than an honest node.
   */
  accept(chain: Hop[]): Promise<null> {
    const path = signersOf(chain);
    const key = JSON.stringify(path);
    const known = this.accepted.get(key);
    if (known !== undefined) return known.spread;
    this.note(path[0]!, chain[0]!.value);
    const spread = this.goOn(chain, path);
    this.accepted.set(key, { path, spread });
    return spread;
  }

  /**
   * Keeps what an initiator said. A signed second value proves that it lies, to everybody who is
   * shown both.
   */
  note(initiator: NodeId, value: string): void {
    const values = this.values.get(initiator) ?? new Set();
    this.values.set(initiator, values.add(value));
    if (values.size > 1) this.log.warn(`${initiator} signed ${values.size} different values`);
  }

  /** Adds our own hop and sends the longer chain on, unless this one has gone as far as it may. */
  async goOn(chain: Hop[], path: NodeId[]): Promise<null> {
    if (this.rules.goesOn(chain.length, this.settings.max_hops)) {
      const own = this.sign(hop, { hop: chain.length, path, value: chain[0]!.value });
      await this.spread([...chain, own]);
    }
    return null;
  }

  /** Sends a chain to all whom it is meant for. */
  async spread(chain: Hop[]): Promise<void> {
    const signers = signersOf(chain);
    const others = Array.from(this.peers.values()).filter(({ id }) =>
      this.rules.isHeir(id, signers),
    );
    await Promise.all(others.map((peer) => this.pass(peer, chain)));
  }

  /** Sends one chain and waits until all that it causes is over. */
  async pass(peer: Peer<typeof messages>, chain: Hop[]): Promise<void> {
    // Whoever waits for a whole tree must be more patient than those who wait for its branches.
    const levels = Math.max(1, this.settings.max_hops - chain.length + 1);
    this.deficit++;
    try {
      await peer.bundle({ chain }, { timeoutMs: levels * REQUEST_TIMEOUT_MS });
    } catch (error) {
      this.unanswered++;
      this.log.warn(messageOf(error));
    }
    this.deficit--;
  }

  override state(): MessageChainState {
    return {
      is_initiator: this.settings.is_initiator,
      max_hops: this.settings.max_hops,
      value: this.settings.is_initiator ? this.value : null,
      chains: Array.from(this.accepted.values(), ({ path }) => path),
      values: this.valuesByInitiator(),
      deficit: this.deficit,
      unanswered: this.unanswered,
      rejected: this.rejected,
    };
  }

  override report(): object {
    return {
      chains_received: this.accepted.size,
      is_initiator: this.settings.is_initiator,
      values: this.valuesByInitiator(),
    };
  }

  valuesByInitiator(): Record<NodeId, string[]> {
    return Object.fromEntries(Array.from(this.values, ([id, values]) => [id, [...values]]));
  }
}
