/** Chapters in Node: those in src/algorithms, imported when they are asked for, and modules of the user's own. */

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ChapterError,
  findChapter,
  type ChapterModules,
  type FoundChapter,
  type ModuleExports,
} from '../lab/chapters.ts';
import { UsageError } from './failures.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { findUserModule, isPath, type UserModule } from './user-module.ts';

/** A chapter with the user's module that it comes from, if it is not one of ours. */
export interface LocatedChapter extends FoundChapter {
  readonly userModule: UserModule | undefined;
}

/** Where the chapters are. */
export const CHAPTERS_FOLDER = path.join(PACKAGE_ROOT, 'src', 'algorithms');

/** Names of the chapters that Parley ships: the folders with an index.ts. */
export function chapterNames(): readonly string[] {
  return readdirSync(CHAPTERS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(chapterFile(entry.name)))
    .map(({ name }) => name)
    .sort();
}

/** The module of a chapter of ours. */
export function chapterFile(name: string): string {
  return path.join(CHAPTERS_FOLDER, name, 'index.ts');
}

/** Every chapter of ours, with what imports it. */
export function shippedModules(): ChapterModules {
  return Object.fromEntries(
    chapterNames().map((name) => [name, () => importModule(chapterFile(name), name)]),
  );
}

/**
 * The chapter that `-a` means: a name, or the path of a module.
 *
 * @throws {UsageError} with the nearest name, or with what is wrong in the module
 */
export async function locateChapter(
  reference: string,
  workingDirectory: string,
): Promise<LocatedChapter> {
  const userModule = isPath(reference) ? findUserModule(reference, workingDirectory) : undefined;
  const modules =
    userModule === undefined
      ? shippedModules()
      : { [userModule.key]: () => importModule(userModule.file, userModule.key) };
  try {
    return { ...(await findChapter(reference, modules)), userModule };
  } catch (error) {
    if (error instanceof ChapterError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * Imports a module.
 *
 * @throws {UsageError} with the place, when it cannot be: a syntax error, a missing import, something it throws itself
 */
export async function importModule(file: string, name: string): Promise<ModuleExports> {
  try {
    return (await import(pathToFileURL(file).href)) as ModuleExports;
  } catch (error) {
    throw new UsageError(`${name} cannot be loaded: ${describe(error, file)}`, { cause: error });
  }
}

/** What was thrown, and the line of the user's own file that it came from. */
function describe(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  const [first = '', second = '', ...rest] = error.stack?.split('\n') ?? [];
  // Node writes the place of a wrong import above the error's name.
  if (/:\d+$/.test(first)) return `${error.message}\n    ${first}: ${second.trim()}`;
  const names = [file, pathToFileURL(file).href, path.dirname(file)];
  const place = [second, ...rest].find(
    (line) => /^\s+at /.test(line) && names.some((own) => line.includes(own)),
  );
  return place === undefined ? error.message : `${error.message}\n${place}`;
}
