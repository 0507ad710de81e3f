/**
 * The upper layer: says its texts through the layer below, then how many they were, and counts what
 * it hears.
 */

import * as v from 'valibot';
import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf, Refusal } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import { upperMessage, type UpperMessage } from './messages.ts';
import { upperRules as rules } from './rules.ts';
import { SimpleBroadcast } from './simple-broadcast.ts';

const settings = {
  /** Whether this node speaks. Any number of nodes may. */
  start_node: v.boolean(),
  /** What a start node says, one `send` for each text. */
  messages: v.optional(v.array(v.string()), []),
};

/** What a node has heard of one speaker. */
export interface Hearing {
  /** Numbers of the texts that arrived. */
  readonly indexes: readonly number[];
  /** How many the speaker says there were; null until its `echo` arrives. */
  readonly announced: number | null;
}

/** What a node shows of itself. */
export interface SimpleBroadcastState {
  readonly start_node: boolean;
  /** Texts broadcast so far. */
  readonly sends: number;
  /** Whether the `echo` was broadcast. */
  readonly echoed: boolean;
  /** Neighbours of which it is not known that they heard all. */
  readonly silent: readonly NodeId[];
  readonly neighbours: readonly NodeId[];
  readonly heard: Readonly<Record<NodeId, Hearing>>;
}

/** An algorithm without messages of its own: all it says goes through its child. */
export class SimpleBroadcastUpper extends defineAlgorithm('simple_broadcast', {
  settings,
  rules,
  children: { broadcast: SimpleBroadcast },
}) {
  sends = 0;
  echoed = false;
  readonly silent = new Set<NodeId>();
  readonly heard = new Map<
    NodeId,
    { readonly texts: Map<number, string>; announced: number | null }
  >();

  /**
   * Who listens cannot know who will speak; who speaks cannot know, without an answer, who has
   * heard. So the speaker keeps the run open until all of it is acknowledged, and a node that only
   * listens is done at once and goes on listening.
   */
  override async onStart(): Promise<void> {
    if (this.settings.start_node) {
      for (const [index, text] of this.settings.messages.entries()) {
        this.sends++;
        await this.say({ kind: 'send', index, text });
      }
      this.echoed = true;
      await this.say({ kind: 'echo', sends: this.sends });
    }
    this.terminate();
  }

  /** Broadcasts one message and waits until it was heard. */
  async say(message: UpperMessage): Promise<void> {
    for (const id of await this.children.broadcast.broadcast(message)) this.silent.add(id);
  }

  handlers = this.on({});

  delivered = this.from({
    broadcast: {
      got: ({ from, payload }) => this.hear(from, this.read(from, payload)),
    },
  });

  /** A payload is what somebody else says it is: it is looked at before it is believed. */
  read(from: NodeId, payload: Value): UpperMessage {
    try {
      return this.parse(upperMessage, payload);
    } catch (error) {
      throw new Refusal(`what ${from} broadcast makes no sense here: ${messageOf(error)}`);
    }
  }

  hear(from: NodeId, message: UpperMessage): void {
    const hearing = this.heard.get(from) ?? { texts: new Map(), announced: null };
    this.heard.set(from, hearing);
    const { texts } = hearing;
    if (message.kind === 'send') texts.set(this.rules.placeOf(message, texts.size), message.text);
    else hearing.announced = message.sends;
    if (hearing.texts.size === hearing.announced) this.log.info(`heard all of ${from}`);
  }

  override state(): SimpleBroadcastState {
    return {
      start_node: this.settings.start_node,
      sends: this.sends,
      echoed: this.echoed,
      silent: [...this.silent],
      neighbours: [...this.peers.keys()],
      heard: Object.fromEntries(
        Array.from(this.heard, ([id, { texts, announced }]) => [
          id,
          { indexes: [...texts.keys()], announced },
        ]),
      ),
    };
  }

  override report(): object {
    const hearings = [...this.heard.values()];
    const complete = hearings.filter(({ texts, announced }) => texts.size === announced);
    return {
      sends_received: hearings.reduce((sum, { texts }) => sum + texts.size, 0),
      echoes_received: hearings.filter(({ announced }) => announced !== null).length,
      complete: complete.length,
      unacknowledged: [...this.silent],
    };
  }
}
