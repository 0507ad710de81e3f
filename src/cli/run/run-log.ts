/** What a run says while it goes on, on stderr: progress, and the nodes' own lines with their names in colour. */

import type { NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import { nodePainter, type Colours } from '../colours.ts';
import type { NodeLogs } from './node-logs.ts';

/** How a log is printed. */
export interface RunLogOptions {
  /** In the order of the configuration. */
  readonly nodes: readonly NodeId[];
  /** Name of the algorithm: lines of its layers say which they are. */
  readonly algorithm: string;
  readonly colours: Colours;
  /** 0 shows info, warn and error, 1 debug too, 2 everything. */
  readonly verbosity: number;
  readonly write: (line: string) => void;
  /** Where all lines of the nodes go as well, whatever is printed. */
  readonly files?: NodeLogs;
}

const RANK: { readonly [level in LogLevel]: number } = {
  trace: 2,
  debug: 1,
  info: 0,
  warn: 0,
  error: 0,
};

/** The log of one run. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #paint: (id: NodeId, text?: string) => string;
  readonly #nameWidth: number;

  constructor(options: RunLogOptions) {
    this.#options = options;
    this.#paint = nodePainter(options.nodes, options.colours);
    this.#nameWidth = Math.max(...options.nodes.map((id) => id.length), 0);
  }

  /** The same log with the nodes that are now known. */
  withNodes(nodes: readonly NodeId[]): RunLog {
    return new RunLog({ ...this.#options, nodes });
  }

  /** The same log without what the nodes say. */
  muted(): RunLog {
    const { files: _, ...options } = this.#options;
    return new RunLog({ ...options, verbosity: -1 });
  }

  /** A line of a node. */
  node(timeMs: number, id: NodeId, level: LogLevel, path: string, text: string): void {
    this.#options.files?.add(timeMs, id, level, path, text);
    if (RANK[level] > this.#options.verbosity) return;
    const { colours, algorithm, write } = this.#options;
    const time = colours.dim((timeMs / 1000).toFixed(3).padStart(8));
    const name = this.#paint(id, id.padEnd(this.#nameWidth));
    const layer = path === '' || path === algorithm ? '' : colours.dim(`${path}: `);
    for (const line of text.split('\n'))
      write(`${time} ${name} ${layer}${this.#tone(level, line)}`);
  }

  /** What the command itself is doing. */
  note(text: string): void {
    this.#options.write(this.#options.colours.dim(`· ${text}`));
  }

  /** Something that whoever started the run should know. */
  warn(text: string): void {
    this.#options.write(this.#options.colours.yellow(`! ${text}`));
  }

  #tone(level: LogLevel, text: string): string {
    const { colours } = this.#options;
    switch (level) {
      case 'error':
        return colours.red(text);
      case 'warn':
        return colours.yellow(text);
      case 'info':
        return text;
      case 'debug':
      case 'trace':
        return colours.dim(text);
    }
  }
}
