/** An algorithm that needs every one of its links, in all classes. */

import * as v from 'valibot';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast, request } from '../../../src/core/message.ts';

/** How often every other node is asked. */
export const ROUNDS = 50;

/** Asks every other node something, tells it something, and gossips until it has heard of everybody. */
export class Chatter extends defineAlgorithm('chatter', {
  messages: {
    ask: request({ number: v.number() }, v.number(), { via: 'control' }),
    tell: cast({ text: v.string() }),
    rumour: cast({ from: v.string() }, { via: 'gossip' }),
  },
}) {
  answers = 0;
  told = 0;
  readonly rumours = new Set<string>();

  override async onStart() {
    this.gossip();
    for (const [id, peer] of this.peers) await peer.tell({ text: `${this.id} to ${id}` });
    for (let round = 0; round < ROUNDS; round++) {
      for (const peer of this.peers.values()) this.answers += await peer.ask({ number: 1 });
    }
    this.endWhenDone();
  }

  handlers = this.on({
    ask: (_, { number }) => number,
    tell: (src, { text }) => {
      if (text === `${src} to ${this.id}`) this.told++;
      this.endWhenDone();
    },
    rumour: (src) => {
      this.rumours.add(src);
      this.endWhenDone();
    },
  });

  override report() {
    return { answers: this.answers, told: this.told, rumours: this.rumours.size };
  }

  gossip(): void {
    for (const peer of this.peers.values()) void peer.rumour({ from: this.id });
    this.endWhenDone();
    this.after(100, () => this.gossip());
  }

  endWhenDone(): void {
    const others = this.n - 1;
    if (this.answers === others * ROUNDS && this.told === others && this.rumours.size === others) {
      this.terminate();
    }
  }
}
