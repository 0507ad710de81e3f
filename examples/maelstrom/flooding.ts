/** Broadcast by flooding: whatever is new is passed on to all neighbours but the one who sent it. */

import * as v from 'valibot';
import { cast, defineAlgorithm, request } from '../../src/index.ts';

const messages = {
  topology: request({ topology: v.record(v.string(), v.array(v.string())) }, v.object({})),
  broadcast: request({ message: v.number() }, v.object({})),
  read: request({}, v.object({ messages: v.array(v.number()) })),
  flood: cast({ message: v.number() }),
};

const settings = {
  /** True for those who also send a message back to whom they have it from: what it costs is the lesson. */
  send_back: v.optional(v.boolean(), false),
};

/** Every message goes over every link once, some twice. A lost one is not sent again: under partitions this is not enough. */
export class Flooding extends defineAlgorithm('flooding', { messages, settings, service: true }) {
  readonly seen = new Set<number>();
  neighbours: readonly string[] = [];

  handlers = this.on({
    topology: (_src, { topology }) => {
      this.neighbours = topology[this.id] ?? [];
      return {};
    },
    broadcast: (src, { message }) => {
      this.spread(src, message);
      return {};
    },
    read: () => ({ messages: [...this.seen] }),
    flood: (src, { message }) => this.spread(src, message),
  });

  spread(src: string, message: number): void {
    if (this.seen.has(message)) return;
    this.seen.add(message);
    for (const neighbour of this.neighbours) {
      if (neighbour !== src || this.settings.send_back)
        void this.peer(neighbour).flood({ message });
    }
  }
}
