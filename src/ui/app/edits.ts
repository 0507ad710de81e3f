/** What the reader changed in a chapter's code. Kept in localStorage, so that a reload or a crash of the page loses nothing. */

/** Texts of changed files by name. */
export type Edits = Readonly<Record<string, string>>;

const KEY = 'parley.edits.';

/** More than this is no chapter that somebody edits in a page, and the store is small and shared. */
const LENGTH_MAX = 500_000;

/** The changes of a chapter that this browser remembers. */
export function readEdits(chapter: string): Edits {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY + chapter) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const texts = Object.entries(stored).filter(([, text]) => typeof text === 'string');
    return Object.fromEntries(texts);
  } catch {
    return {};
  }
}

/** Keeps the changes; false when the browser does not let us. */
export function keepEdits(chapter: string, edits: Edits): boolean {
  try {
    const text = JSON.stringify(edits);
    if (Object.keys(edits).length === 0) localStorage.removeItem(KEY + chapter);
    else if (text.length > LENGTH_MAX) return false;
    else localStorage.setItem(KEY + chapter, text);
    return true;
  } catch {
    return false;
  }
}
