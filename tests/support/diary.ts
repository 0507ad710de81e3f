/** An algorithm that writes down what happens to it. */

import * as v from 'valibot';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { cast } from '../../src/core/message.ts';

/** Writes down what happens to it, in order. */
export class Diary extends defineAlgorithm('diary', {
  messages: { note: cast({ number: v.number() }) },
}) {
  readonly entries: string[] = [];
  override onStart() {
    this.entries.push('start');
  }
  handlers = this.on({
    note: (src, { number }) => {
      this.entries.push(`${src}:${number}`);
    },
  });
  override onExit(): void | Promise<void> {
    this.entries.push('exit');
  }
  override report() {
    return { entries: this.entries };
  }
}
