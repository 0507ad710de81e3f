/**
 * The command line with everything that it printed: a process of its own for each command, as a shell runs it, or one that is there
 * already. See docs/decisions/0015-tests-share-what-is-slow-to-start.md.
 */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../../src/core/result.ts';
import { WarmParley } from './cli-warm.ts';

/** Parley's own folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** How a command is started. */
export interface ShellOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another copy of Parley than this one. */
  readonly root?: string;
}

/** What a command came to. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `parley` with these words to its end, in a process of its own. */
export function parleyAlone(
  words: readonly string[],
  options: ShellOptions = {},
): Promise<Finished> {
  return new Shell(words, options).finished;
}

/**
 * Runs `parley` with these words to its end, in a process that is there already unless another environment or copy is asked for.
 *
 * That a command lets its process end is seen by {@link parleyAlone} and {@link Shell}.
 */
export function parley(words: readonly string[], options: ShellOptions = {}): Promise<Finished> {
  if (options.environment !== undefined || options.root !== undefined) {
    return parleyAlone(words, options);
  }
  const finished = previous.then(() => {
    if (warm?.isThere !== true) warm = new WarmParley(environmentOfCommands());
    return warm.run(words, options.cwd ?? ROOT);
  });
  previous = finished.catch(() => undefined);
  return finished;
}

let warm: WarmParley | undefined;

/** Working folder and output belong to one command at a time. */
let previous: Promise<unknown> = Promise.resolve();

/** The suite's own port and colours are not what a command is tested with. */
function environmentOfCommands(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const name of ['PORT', 'FORCE_COLOR', 'NO_COLOR', 'NODE_OPTIONS']) delete environment[name];
  return environment;
}

/** Runs `parley run … --json`; the object it printed. */
export async function runJson(
  words: readonly string[],
  options: ShellOptions = {},
  run = parley,
): Promise<RunResult & { readonly exitStatus: number | null }> {
  const { status, stdout, stderr } = await run(['run', ...words, '--json'], options);
  if (stdout === '') throw new Error(`status ${status}, and nothing on stdout:\n${stderr}`);
  return { ...(JSON.parse(stdout) as RunResult), exitStatus: status };
}

/** A command that is running. */
export class Shell {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #watchers = new Set<() => void>();
  stdout = '';
  stderr = '';
  /** Fulfilled when the process has ended. */
  readonly finished: Promise<Finished>;

  constructor(words: readonly string[], options: ShellOptions = {}) {
    const { cwd = ROOT, environment = {}, root = ROOT } = options;
    this.#process = spawn(process.execPath, [path.join(root, 'bin', 'parley.js'), ...words], {
      cwd,
      env: { ...environmentOfCommands(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    this.finished = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('close', (status) => {
        resolve({ status, stdout: this.stdout, stderr: this.stderr });
        this.#look();
      });
    });
  }

  /** Fulfilled when the output matches; rejected when the process ends without. */
  async until(pattern: RegExp): Promise<RegExpMatchArray> {
    const search = () => `${this.stdout}\n${this.stderr}`.match(pattern);
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = search();
        if (match !== null) resolve(match);
        else if (this.#process.exitCode === null) return;
        else reject(new Error(`it ended without ${pattern}:\n${this.stdout}\n${this.stderr}`));
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Sends a signal to this process alone. */
  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** An empty folder that takes files; call `remove` at the end. */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'parley-cli-'));

  /** Writes a file and returns its absolute path. */
  write(name: string, text: string): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Copies Parley's sources into a folder, so that a test may add files to the tree; packages are shared. */
export function copyTree(folder: string): void {
  const names = [
    ...[
      'src',
      'bin',
      'configs',
      'public',
      'signaling-server',
      'index.html',
      'node.html',
      'sandbox.html',
    ],
    ...['package.json', 'vite.config.ts', 'vitest.config.ts', 'tests/support'],
    ...['tsconfig.json', 'tsconfig.base.json', 'tsconfig.pure.json'],
  ];
  for (const name of names) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
}
