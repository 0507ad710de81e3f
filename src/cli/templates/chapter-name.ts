/** Flooding: whoever hears the rumour for the first time passes it on to all neighbours. */

import * as v from 'valibot';
import { defineAlgorithm } from '../../core/algorithm.ts';
import type { NodeId } from '../../core/id.ts';
import { messages } from './messages.ts';

/** What the configuration may say of each node. */
const settings = {
  /** What this node tells the others; a node without it waits to hear. */
  rumour: v.optional(v.string()),
};

/** What a node shows of itself. */
export interface ChapterNameState {
  /** The rumour as it was first heard; null before. */
  readonly heard: string | null;
  /** Who told it. */
  readonly from: NodeId | null;
  /** Steps that it had come. */
  readonly hops: number;
}

/** One rumour, heard by everybody that can be reached. */
export class ChapterName extends defineAlgorithm('chapter_name', { messages, settings }) {
  heard: string | null = null;
  from: NodeId | null = null;
  hops = 0;

  /** Runs once, when every node is ready. */
  override onStart(): void {
    if (this.settings.rumour !== undefined) this.hear(this.settings.rumour, this.id, 0);
  }

  /** One handler for each message; `src` is the node that sent it. */
  handlers = this.on({
    rumour: (src, { text, hops }) => {
      // It comes from every neighbour that heard it; only the first time is it news.
      if (this.heard === null) this.hear(text, src, hops);
    },
  });

  /** Keeps the rumour, passes it on, and has done its part. */
  hear(text: string, from: NodeId, hops: number): void {
    this.heard = text;
    this.from = from;
    this.hops = hops;
    this.log.info(`heard '${text}' from ${from}`);
    for (const peer of this.peers.values()) {
      if (peer.id !== from) void peer.rumour({ text, hops: hops + 1 });
    }
    this.terminate();
  }

  /** What the lab shows, and what the invariants look at. */
  override state(): ChapterNameState {
    return { heard: this.heard, from: this.from, hops: this.hops };
  }

  /** What stands in the result of a run. */
  override report(): object {
    return this.state();
  }
}
