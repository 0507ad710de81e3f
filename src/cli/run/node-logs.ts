/** A log file for each node: everything that it says, on all levels, whatever is printed. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import { logText } from '../../lab/live/node-log.ts';
import { UsageError } from '../failures.ts';

/** The log files of a run. */
export class NodeLogs {
  readonly #folder: string;
  readonly #files = new Map<NodeId, number>();

  /**
   * @param nodes each has a file from the beginning, though it say nothing; what stood in it is gone
   * @throws {UsageError} when a file cannot be written
   */
  constructor(folder: string, nodes: readonly NodeId[]) {
    this.#folder = folder;
    try {
      mkdirSync(folder, { recursive: true });
      for (const node of nodes) this.#files.set(node, openSync(this.#pathOf(node), 'w'));
    } catch (error) {
      this.close();
      throw new UsageError(`--log-dir ${folder}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** A line of a node: see {@link logText}. */
  add(timeMs: number, node: NodeId, level: LogLevel, layer: string, text: string): void {
    const file = this.#files.get(node);
    if (file === undefined) return;
    writeSync(file, logText(timeMs, level, layer, text));
  }

  /** Closes all files. */
  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #pathOf(node: NodeId): string {
    return path.join(this.#folder, `${node}.log`);
  }
}
