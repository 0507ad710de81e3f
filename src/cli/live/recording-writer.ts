/** Writes the recording of a live run: one file, or one a node, each complete with what ran. */

import { closeSync, existsSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { recordingHeaderLine } from '../../lab/recording/recording-schema.ts';
import { UsageError } from '../failures.ts';
import { packageVersion } from '../package-root.ts';
import type { PreparedRun } from '../run/prepare-run.ts';
import { sourceHashOf } from '../page/source-hash.ts';

/** Takes the lines of all nodes of one command. */
export class RecordingWriter {
  readonly #files = new Map<NodeId, number>();

  /**
   * @param target a file, or a folder: one that is there, or a name that ends in a slash
   * @throws {UsageError} when it cannot be written
   */
  constructor(target: string, nodes: readonly NodeId[], { located, request, spec }: PreparedRun) {
    const header = recordingHeaderLine({
      parley: packageVersion(),
      mode: request.mode,
      source_sha256: sourceHashOf(located),
      spec,
    });
    try {
      const open = (file: string) => {
        writeFileSync(file, header);
        return openSync(file, 'a');
      };
      if (isFolder(target)) {
        mkdirSync(target, { recursive: true });
        // An id may hold any character; a file's name may not.
        for (const id of nodes) {
          this.#files.set(id, open(path.join(target, `${encodeURIComponent(id)}.ndjson`)));
        }
      } else {
        const file = open(target);
        for (const id of nodes) this.#files.set(id, file);
      }
    } catch (error) {
      throw new UsageError(`--record ${target}: ${messageOf(error)}`);
    }
  }

  /** Adds whole lines of one node. */
  add(node: NodeId, lines: string): void {
    const file = this.#files.get(node);
    if (file !== undefined) writeFileSync(file, lines);
  }

  /** Nothing more is added. */
  finish(): void {
    for (const file of new Set(this.#files.values())) closeSync(file);
    this.#files.clear();
  }
}

function isFolder(target: string): boolean {
  if (/[\\/]$/.test(target)) return true;
  return existsSync(target) && statSync(target).isDirectory();
}
