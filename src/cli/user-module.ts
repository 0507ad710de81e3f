/** `-a ./mine.ts#Name`: a module of the user's own project, named by its path. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../core/nearest-name.ts';
import { UsageError } from './failures.ts';

/** A module that somebody named on the command line. */
export interface UserModule {
  /** Its name in lists, links and runs: as it was given, `./mine.ts`. */
  readonly key: string;
  /** Absolute. */
  readonly file: string;
}

/** True for a path, false for the name of a chapter. */
export function isPath(reference: string): boolean {
  const [name = ''] = reference.split('#');
  return /[\\/]/.test(name) || /^\.{1,2}$/.test(name) || /\.[cm]?[jt]s$/.test(name);
}

/**
 * Finds the file of a path; a folder means its `index.ts`. What stands behind a `#` is left out.
 *
 * @throws {UsageError} when there is no such file
 */
export function findUserModule(reference: string, workingDirectory: string): UserModule {
  const [key = ''] = reference.split('#');
  const file = path.resolve(workingDirectory, key);
  if (isFolder(file)) {
    const index = ['index.ts', 'index.js'].map((name) => path.join(file, name)).find(existsSync);
    if (index !== undefined) return { key, file: index };
    throw new UsageError(`${key} is a folder without an index.ts; name the module in it`);
  }
  if (existsSync(file)) return { key, file };
  throw new UsageError(`there is no module ${key}${hintForFile(file, key)}`);
}

/** ` (did you mean '…'?)` for a file that is not there, by the names that are in its folder; empty when none is close. */
export function hintForFile(file: string, asWritten: string): string {
  const folder = path.dirname(file);
  if (!isFolder(folder)) return `: there is no folder ${path.dirname(asWritten)} either`;
  const suggestion = nearest(path.basename(file), readdirSync(folder));
  if (suggestion === undefined) return '';
  const prefix = asWritten.slice(0, asWritten.length - path.basename(file).length);
  return ` (did you mean '${prefix}${suggestion}'?)`;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
