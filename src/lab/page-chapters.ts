/** The chapters that this page was built with, and the user's modules; the same in its workers. */

import { configs, modules, sourceHashes } from 'virtual:parley-chapters';
import { findChapter, namesIn, type FoundChapter } from './chapters.ts';

/** Finds a chapter by name. @throws {ChapterError} */
export function pageChapter(name: string): Promise<FoundChapter> {
  return findChapter(name, modules);
}

/** References of all chapters, the user's modules first; a module with several algorithms is listed once for each. */
export async function pageChapterNames(): Promise<readonly string[]> {
  const references = await Promise.all(
    Object.entries(modules).map(async ([key, load]) => {
      const names = namesIn(await load(), key);
      return names.length === 1 ? [key] : names.map((name) => `${key}#${name}`);
    }),
  );
  return references.flat();
}

/** The configuration that belongs to a chapter; undefined when there is none. */
export function pageConfig(name: string): string | undefined {
  return configs[name];
}

/** SHA-256 in hexadecimal of a chapter's sources; undefined where the page was built without. */
export function pageSourceHash(reference: string): string | undefined {
  return sourceHashes[reference] ?? sourceHashes[reference.split('#')[0]!];
}
