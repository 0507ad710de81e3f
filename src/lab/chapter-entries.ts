/** All chapters of this package as lists show them: made when a page is built. */

import { entryOf } from './chapter-entry.ts';
import { findChapter, type ChapterModules, type ModuleExports } from './chapters.ts';
import type { ChapterEntry } from './lab-service.ts';

const FOLDER = '../algorithms/';

// All at once: whoever runs this when a page is built loads nothing later.
const found = import.meta.glob<ModuleExports>('../algorithms/*/index.ts', { eager: true });

const modules: ChapterModules = Object.fromEntries(
  Object.entries(found).map(([path, module]) => [
    path.slice(FOLDER.length).split('/')[0]!,
    async () => module,
  ]),
);

/** The entries, by name. @param configOf the configuration that belongs to a chapter */
export async function pageEntries(
  names: readonly string[],
  configOf: (name: string) => string | undefined,
): Promise<Record<string, ChapterEntry>> {
  const entries = names.map(async (name) => {
    const { reference, chapter } = await findChapter(name, modules);
    return [name, entryOf(reference, chapter, configOf(name))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
