/** Commands in a process that is there already: programs/commands.js. */

import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Finished } from './cli-process.ts';

const PROGRAM = fileURLToPath(new URL('./programs/commands.js', import.meta.url));

/** A process that runs commands, one at a time. */
export class WarmParley {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #output = { stdout: '', stderr: '' };
  #look = () => {};
  #hasEnded = false;

  /** @param environment all of it */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [PROGRAM], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#ready = Promise.race([once(this.#child, 'message'), once(this.#child, 'close')]);
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]!.setEncoding('utf8').on('data', (text: string) => {
        this.#output[name] += text;
        this.#look();
      });
    }
    this.#child.on('close', () => {
      this.#hasEnded = true;
      this.#look();
    });
  }

  /** False when a command ended the process itself. */
  get isThere(): boolean {
    return !this.#hasEnded;
  }

  /**
   * Runs a command to its end.
   *
   * @throws when the one before has printed something after its end
   */
  async run(words: readonly string[], cwd: string): Promise<Finished> {
    await this.#ready;
    const late = Object.values(this.#output).join('');
    if (late !== '') throw new Error(`printed after a command's end: ${late}`);
    const end = `<${randomUUID()}>`;
    let status: number | undefined;
    this.#child.once('message', (message) => {
      status = Number(message);
      this.#look();
    });
    const output = this.#output;
    const outputs = () => [output.stdout, output.stderr];
    const over = new Promise<void>((resolve) => {
      this.#look = () => {
        const isOver = status !== undefined && outputs().every((text) => text.endsWith(end));
        if (isOver || this.#hasEnded) resolve();
      };
    });
    this.#child.send({ words, cwd, end });
    await over;
    const [stdout = '', stderr = ''] = outputs().map((text) => text.replace(end, ''));
    output.stdout = '';
    output.stderr = '';
    return { status: status ?? this.#child.exitCode, stdout, stderr };
  }
}
