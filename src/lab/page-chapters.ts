/** The chapters that this page was built with, and the user's modules; the same in its workers. */

import { configs, modules } from 'virtual:parley-chapters';
import { findChapter, type FoundChapter } from './chapters.ts';

/** Finds a chapter by name. @throws {ChapterError} */
export function pageChapter(name: string): Promise<FoundChapter> {
  return findChapter(name, modules);
}

/** Names of all chapters, the user's modules first. */
export function pageChapterNames(): readonly string[] {
  return Object.keys(modules);
}

/** The configuration that belongs to a chapter; undefined when there is none. */
export function pageConfig(name: string): string | undefined {
  return configs[name];
}
