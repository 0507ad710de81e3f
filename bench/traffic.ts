/** What the live bench runs: casts from n1 to n2 as fast as they are accepted, and requests one after the other. */

import * as v from 'valibot';
import { defineAlgorithm } from '../src/core/algorithm.ts';
import { cast, request } from '../src/core/message.ts';

/** About 200 bytes as JSON. */
const PADDING = 'x'.repeat(160);

/** n1 sends `count` casts; n2 reports their rate. */
export class Casts extends defineAlgorithm('casts', {
  messages: { data: cast({ sequence: v.number(), padding: v.string() }), done: cast({}) },
  settings: { count: v.number() },
}) {
  received = 0;
  firstMs = 0;
  lastMs = 0;

  override async onStart() {
    if (this.id !== 'n1') return;
    const peer = this.peer('n2');
    for (let sequence = 0; sequence < this.settings.count; sequence++) {
      await peer.data({ sequence, padding: PADDING });
    }
  }

  handlers = this.on({
    data: () => {
      if (this.received++ === 0) this.firstMs = this.now();
      if (this.received < this.settings.count) return;
      this.lastMs = this.now();
      this.terminate();
      void this.peer('n1').done();
    },
    done: () => this.terminate(),
  });

  override report() {
    const seconds = (this.lastMs - this.firstMs) / 1000;
    return this.received === 0 ? {} : { per_second: (this.received - 1) / seconds };
  }
}

/** n1 asks `count` times and reports the median of the round trips. */
export class Requests extends defineAlgorithm('requests', {
  messages: {
    ask: request({ sequence: v.number(), padding: v.string() }, v.string()),
    done: cast({}),
  },
  settings: { count: v.number() },
}) {
  times: number[] = [];

  override async onStart() {
    if (this.id !== 'n1') return;
    const peer = this.peer('n2');
    for (let sequence = 0; sequence < this.settings.count; sequence++) {
      const began = this.now();
      await peer.ask({ sequence, padding: PADDING });
      this.times.push(this.now() - began);
    }
    this.terminate();
    void peer.done();
  }

  handlers = this.on({ ask: (_src, { padding }) => padding, done: () => this.terminate() });

  override report() {
    const sorted = this.times.toSorted((a, b) => a - b);
    return sorted.length === 0 ? {} : { median_ms: sorted[Math.floor(sorted.length / 2)]! };
  }
}
