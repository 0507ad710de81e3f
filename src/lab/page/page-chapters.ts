/** The chapters that this page was built with, and the user's modules; the same in its workers. */

import { configs, modules, sourceHashes, sources } from 'virtual:parley-chapters';
import { entries } from 'virtual:parley-entries';
import { findChapter, namesIn, type FoundChapter } from '../chapters.ts';

/** Finds a chapter by name. @throws {ChapterError} */
export function pageChapter(name: string): Promise<FoundChapter> {
  return findChapter(name, modules);
}

/** References of all chapters, the user's modules first; a module with several algorithms is listed once for each. */
export async function pageChapterNames(): Promise<readonly string[]> {
  const references = await Promise.all(
    Object.entries(modules).map(async ([key, load]) => {
      // What the page was built with is known without its code.
      if (entries[key] !== undefined) return [key];
      const names = namesIn(await load(), key);
      return names.length === 1 ? [key] : names.map((name) => `${key}#${name}`);
    }),
  );
  return references.flat();
}

/** The configuration that belongs to a user's module; undefined when there is none. */
export function pageConfig(name: string): string | undefined {
  return configs[name];
}

/** The texts of a chapter, to be read; none for one that the page knows nothing of. */
export async function pageSources(
  reference: string,
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const load = sources[reference] ?? sources[reference.split('#')[0]!];
  return load === undefined ? [] : (await load()).files;
}

/** SHA-256 in hexadecimal of a chapter's sources; undefined where the page was built without. */
export function pageSourceHash(reference: string): string | undefined {
  return sourceHashes[reference] ?? sourceHashes[reference.split('#')[0]!];
}
