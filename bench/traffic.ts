/** What the live bench runs: casts from n1 to n2 as fast as they are accepted, and requests one after the other. */

import * as v from 'valibot';
import { defineAlgorithm } from '../src/core/algorithm.ts';
import { cast, request } from '../src/core/message.ts';

/** What one bulk message carries. */
export const BLOCK_BYTES = 64 * 1024;

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

/** Requests that are timed together: browsers round their clocks to a tenth of a millisecond. */
export const REQUESTS_PER_BLOCK = 20;

/** n1 asks `count` times, one after the other, and reports the median round trip of blocks of them. */
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
    let began = this.now();
    for (let sequence = 1; sequence <= this.settings.count; sequence++) {
      await peer.ask({ sequence, padding: PADDING });
      if (sequence % REQUESTS_PER_BLOCK !== 0) continue;
      this.times.push((this.now() - began) / REQUESTS_PER_BLOCK);
      began = this.now();
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

/** n1 sends `count` messages of 64 KiB as fast as they are accepted; n2 reports megabytes a second. */
export class Bulk extends defineAlgorithm('bulk', {
  messages: { block: cast({ content: v.instance(Uint8Array) }), done: cast({}) },
  settings: { count: v.number() },
}) {
  received = 0;
  firstMs = 0;
  lastMs = 0;

  override async onStart() {
    if (this.id !== 'n1') return;
    const content = new Uint8Array(BLOCK_BYTES).fill(7);
    for (let i = 0; i < this.settings.count; i++) await this.peer('n2').block({ content });
  }

  handlers = this.on({
    block: () => {
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
    const megabytes = ((this.received - 1) * BLOCK_BYTES) / 1e6;
    return this.received === 0 ? {} : { megabytes_per_second: megabytes / seconds };
  }
}

/** As {@link Bulk}, while n1 asks on the class `control`, every few milliseconds; it reports the 99th percentile of the round trips. */
export class Urgent extends defineAlgorithm('urgent', {
  messages: {
    block: cast({ content: v.instance(Uint8Array) }),
    ask: request({}, v.null(), { via: 'control' }),
    done: cast({}),
  },
  settings: { count: v.number() },
}) {
  times: number[] = [];
  received = 0;
  isDone = false;

  override async onStart() {
    if (this.id !== 'n1') return;
    void this.askOn();
    const content = new Uint8Array(BLOCK_BYTES).fill(7);
    for (let i = 0; i < this.settings.count; i++) await this.peer('n2').block({ content });
  }

  async askOn() {
    while (!this.isDone) {
      const began = this.now();
      await this.peer('n2').ask();
      this.times.push(this.now() - began);
      await this.sleep(5);
    }
  }

  handlers = this.on({
    block: () => {
      if (++this.received < this.settings.count) return;
      this.terminate();
      void this.peer('n1').done();
    },
    ask: () => null,
    done: () => {
      this.isDone = true;
      this.terminate();
    },
  });

  override report() {
    const sorted = this.times.toSorted((a, b) => a - b);
    if (sorted.length === 0) return {};
    return { p99_ms: sorted[Math.floor(sorted.length * 0.99)]!, asked: sorted.length };
  }
}
