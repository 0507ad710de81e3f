/** An algorithm for tests of requests: every node answers, and `n1` does in addition what a test wants of it. */

import * as v from 'valibot';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { cast, request } from '../../src/core/message.ts';
import { resultOf, simulate, type Run, type RunOptions } from './simulate.ts';

const messages = {
  ask: request({ question: v.string() }, v.string()),
  slow: request({ delayMs: v.number() }, v.string()),
  tell: cast({ text: v.string() }),
};

/** Answers everything; `n1` does in addition what a test wants of it. */
export class Oracle extends defineAlgorithm('oracle', { messages }) {
  readonly found: unknown[] = [];
  readonly heard: string[] = [];
  override async onStart() {
    if (this.id === 'n1') await this.play();
    this.terminate();
  }
  async play(): Promise<void> {}
  handlers = this.on({
    ask: (src, { question }) => this.answer(src, question),
    slow: async (_, { delayMs }) => {
      await this.sleep(delayMs);
      return `after ${delayMs}`;
    },
    tell: (src, { text }) => {
      this.heard.push(`${src}: ${text}`);
    },
  });
  answer(src: string, question: string): string | Promise<string> {
    return `${question}? ${src}!`;
  }
  override report() {
    return { found: this.found, heard: this.heard };
  }
  /** What a promise came to, as a value. */
  async outcome(promise: Promise<unknown>): Promise<unknown> {
    try {
      return await promise;
    } catch (error) {
      const { name, message, code } = error as Error & { code?: string };
      return code === undefined ? `${name}: ${message}` : `${name} (${code}): ${message}`;
    }
  }
}

/** Every message takes this long. */
const latencyMs = { min: 5, max: 5 };

/** Runs it, and says what `n1` found. */
export async function consult(
  algorithm: typeof Oracle,
  options: RunOptions = {},
): Promise<{ readonly run: Run; readonly found: unknown }> {
  const run = await simulate(algorithm, { latencyMs, ...options });
  return { run, found: resultOf(run, 'n1').report['found'] };
}
