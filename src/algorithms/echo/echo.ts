/** Echo: start nodes call out to their neighbours and wait until each has called back. */

import * as v from 'valibot';
import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Peer } from '../../core/message.ts';
import { messages, WORDS } from './messages.ts';
import { rules } from './rules.ts';

const settings = {
  /** Whether this node calls out. Any number of nodes may. */
  start_node: v.boolean(),
};

/** What a node shows of itself. */
export interface EchoState {
  readonly start_node: boolean;
  /** Neighbours that were called and have not answered. */
  readonly awaiting: readonly NodeId[];
  /** Neighbours that have. */
  readonly answered: readonly NodeId[];
  /** Neighbours whose answer will not come: gone, or silent for too long. */
  readonly silent: readonly NodeId[];
  /** Who called this node, and how often. */
  readonly heard: Readonly<Record<NodeId, number>>;
}

/** One wave out, one wave back. */
export class Echo extends defineAlgorithm('echo', { messages, settings, rules }) {
  readonly awaiting = new Set<NodeId>();
  readonly answered = new Set<NodeId>();
  readonly silent = new Set<NodeId>();
  readonly heard = new Map<NodeId, number>();
  messagesReceived = 0;

  /**
   * The whole algorithm from a start node's side. A node that does not call out has no part of its
   * own to finish: nobody could tell it whether a call is still to come, so it ends at once, and
   * goes on answering as long as anybody is not finished.
   */
  override async onStart(): Promise<void> {
    if (this.settings.start_node) {
      // All are called before the first answer is awaited: the wave takes one round trip, not one
      // for each neighbour.
      await this.rules.gather(Array.from(this.peers.values(), (peer) => this.call(peer)));
    }
    this.terminate();
  }

  /** Calls one neighbour and waits for its echo, or for the certainty that there will be none. */
  async call(peer: Peer<typeof messages>): Promise<void> {
    this.awaiting.add(peer.id);
    const error = await this.ask(peer);
    (this.rules.isAnswer(error) ? this.answered : this.silent).add(peer.id);
    this.awaiting.delete(peer.id);
  }

  /** Asks; returns what went wrong, if anything did. */
  async ask(peer: Peer<typeof messages>): Promise<Error | undefined> {
    try {
      const echo = await peer.message({ sender: this.id, message: WORDS });
      this.log.info(`${echo.sender} says '${echo.message}'`);
      return undefined;
    } catch (error) {
      this.log.warn(messageOf(error));
      return error as Error;
    }
  }

  handlers = this.on({
    message: (src, { message }) => {
      this.messagesReceived++;
      this.heard.set(src, (this.heard.get(src) ?? 0) + 1);
      return { sender: this.id, message };
    },
  });

  override state(): EchoState {
    return {
      start_node: this.settings.start_node,
      awaiting: [...this.awaiting],
      answered: [...this.answered],
      silent: [...this.silent],
      heard: Object.fromEntries(this.heard),
    };
  }

  override report(): object {
    return {
      messages_received: this.messagesReceived,
      answers_received: this.answered.size,
      unanswered: [...this.silent],
    };
  }
}
