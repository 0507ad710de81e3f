/** What this browser remembers between visits, where it may remember anything. */

import type { TextStorage } from './room-memory.ts';

const NAME_KEY = 'parley/name';

/** What this tab's owner is called, as far as this browser remembers. */
export function rememberedName(): string {
  return pageStorage().getItem(NAME_KEY) ?? '';
}

/** Remembers it. */
export function rememberName(name: string): void {
  pageStorage().setItem(NAME_KEY, name);
}

/** The browser's memory of this site; where that is forbidden, nothing is kept. */
export function pageStorage(): TextStorage {
  return {
    getItem: (key) => attempt(() => localStorage.getItem(key)) ?? null,
    setItem: (key, value) => attempt(() => localStorage.setItem(key, value)),
    removeItem: (key) => attempt(() => localStorage.removeItem(key)),
  };
}

function attempt<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
