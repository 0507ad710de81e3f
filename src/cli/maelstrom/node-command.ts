/** `parley maelstrom-node`: one node of Maelstrom's, on stdin and stdout, in real time. */

import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';
import { messageOf } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { AlgorithmProgram } from '../../maelstrom/algorithm-program.ts';
import { ProtocolError, readMessage, writeMessage } from '../../maelstrom/message.ts';
import type { Port } from '../../maelstrom/program.ts';
import { TurnQueue } from '../../runtime/turn.ts';
import { MemoryStore } from '../../storage/memory.ts';
import { locateChapter } from '../chapters.ts';
import { EXIT_STATUS } from '../failures.ts';
import { DRAWN_SEED_MAX } from '../run/run-request.ts';
import { checkSettings } from './request.ts';

/** Runs until stdin ends; the exit status. */
export async function nodeCommand(options: {
  readonly algorithm: string;
  readonly settings?: string;
}): Promise<number> {
  const { algorithm } = (await locateChapter(options.algorithm, process.cwd())).chapter;
  const { settings = '' } = options;
  checkSettings(algorithm.definition, settings);
  const node = new StdioNode();
  const program = new AlgorithmProgram(node.port, {
    algorithm,
    settings,
    seed: randomInt(DRAWN_SEED_MAX + 1),
  });
  return node.run((line) => {
    const message = readMessage(line);
    if (message.body.type === 'init') node.id = message.dest;
    program.receive(message);
  });
}

/** How long answers are awaited when nothing more can be asked. */
const LAST_ANSWERS_MS = 100;

/** A node whose network is stdin and stdout. */
class StdioNode {
  id = '';
  readonly port: Port;
  readonly #beganMs = performance.now();
  #nowMs = 0;
  #problem: string | undefined;
  readonly #lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  readonly #turns = new TurnQueue<() => void>({
    begin: () => {
      this.#nowMs = performance.now() - this.#beganMs;
    },
    take: (event) => event(),
    end: () => {},
  });

  constructor() {
    const random = Random.stream(randomInt(DRAWN_SEED_MAX + 1), 'maelstrom-node');
    const after: Port['after'] = (delayMs, callback) => {
      if (delayMs > 0) {
        const timer = setTimeout(() => this.#do(callback), delayMs);
        return { cancel: () => clearTimeout(timer) };
      }
      let isCancelled = false;
      this.#do(() => (isCancelled ? undefined : callback()));
      return {
        cancel: () => {
          isCancelled = true;
        },
      };
    };
    this.port = {
      ...{ id: '', incarnation: 0, random, store: new MemoryStore(), turn: this.#turns.turn },
      now: () => this.#nowMs,
      after,
      sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
      knows: () => true,
      send: (dest, body) => {
        process.stdout.write(`${writeMessage({ src: this.id, dest, body })}\n`);
      },
      log: (text) => process.stderr.write(`${text}\n`),
      fail: (problem) => this.#fail(problem),
    };
  }

  /** Hands over every line, until there are no more. */
  async run(hear: (line: string) => void): Promise<number> {
    for await (const line of this.#lines) {
      if (line.trim() !== '') this.#do(() => hear(line));
    }
    // What was asked is answered first; then timers of the algorithm would keep the process alive for nobody.
    await new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS_MS));
    if (this.#problem !== undefined) process.stderr.write(`${this.#problem}\n`);
    process.exit(this.#problem === undefined ? EXIT_STATUS.ok : EXIT_STATUS.failed);
  }

  #do(code: () => unknown): void {
    this.#turns.post(() => {
      try {
        code();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.#fail(messageOf(error));
      }
    });
  }

  #fail(problem: string): void {
    this.#problem ??= problem;
    this.#lines.close();
    process.stdin.destroy();
  }
}
