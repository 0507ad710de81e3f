/** How far a run is: one line on a terminal that is written over. */

import type { Audience } from '../../maelstrom/conductor.ts';
import type { MaelstromRequest } from '../../maelstrom/run.ts';

/** Tells on stderr what goes on, where somebody is there to read it. */
export class Progress {
  readonly audience: Audience;
  readonly #isShown: boolean;
  #text = '';

  constructor({ workload, nodeCount }: MaelstromRequest, isQuiet: boolean) {
    this.#isShown = !isQuiet && process.stderr.isTTY;
    this.#show(`${workload.name}: ${nodeCount} nodes are starting …`);
    this.audience = {
      began: () => this.#show(`${workload.name}: the clients are at work …`),
      recovering: () => this.#show(`${workload.name}: the network recovers …`),
      ended: () => this.#show(`${workload.name}: judging …`),
      problem: (text) => this.say(text.split('\n')[0]!),
    };
  }

  /** A line that stays. */
  say(line: string): void {
    const text = this.#text;
    this.#show('');
    process.stderr.write(`${line}\n`);
    this.#show(text);
  }

  close(): void {
    this.#show('');
  }

  #show(text: string): void {
    this.#text = text;
    if (this.#isShown) process.stderr.write(`\r\u001B[K${text}`);
  }
}
