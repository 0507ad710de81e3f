/** Folders that commands keep things in. */

import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import { UsageError } from './failures.ts';

/** Makes the folder of `--dir`, and those that it lies in. @throws {UsageError} when there can be none */
export function makeFolder(folder: string): void {
  try {
    makeWithin(path.resolve(folder));
  } catch (error) {
    throw new UsageError(
      `--dir ${folder} cannot be a folder (${messageOf(error)}): name another with --dir`,
    );
  }
}

/** One after the other: Node's `recursive` never ends where a folder that is there says that there is no such place, as /proc does. */
function makeWithin(folder: string): void {
  if (!existsSync(path.dirname(folder))) makeWithin(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (!isThere || !statSync(folder).isDirectory()) throw error;
  }
}
