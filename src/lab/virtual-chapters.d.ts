/** What the Vite plugin in `src/cli/page/vite-plugin.ts` makes of src/algorithms, configs and the modules given on the command line. */
declare module 'virtual:parley-chapters' {
  /** Every chapter's module, and the user's, each with what imports it: for `findChapter` in `src/lab/chapters.ts`. */
  export const modules: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>>;
  /** The texts of each, to be read: a chapter's README first. */
  export const sources: Readonly<
    Record<
      string,
      () => Promise<{ readonly files: readonly { readonly name: string; readonly text: string }[] }>
    >
  >;
  /** The configuration of each of the user's, as YAML text, where there is one. */
  export const configs: Readonly<Record<string, string>>;
  /** SHA-256 in hexadecimal of each module's sources: of all files in a chapter's folder, and of a user's file. */
  export const sourceHashes: Readonly<Record<string, string>>;
}

/** What `src/cli/page/trace-page-plugin.ts` makes: the code of a page that shows one trace. */
declare module 'virtual:parley-trace-page' {
  import type { PageCode } from '../lab/trace/html-export.ts';
  export const pageCode: PageCode;
}

/** What `src/cli/page/entries-plugin.ts` makes of the chapters of src/algorithms: what lists show of each, without its code. */
declare module 'virtual:parley-entries' {
  import type { ChapterEntry } from '../lab/lab-service.ts';
  /** Without scenarios and bugs. */
  export const entries: Readonly<Record<string, ChapterEntry>>;
}

/** What else is known of them: as much again several times. */
declare module 'virtual:parley-details' {
  import type { ChapterEntry } from '../lab/lab-service.ts';
  export const details: Readonly<Record<string, Pick<ChapterEntry, 'scenarios' | 'bugs'>>>;
}

/** What `src/cli/page/type-texts-plugin.ts` reads: declarations and sources by path from the root. Megabytes. */
declare module 'virtual:parley-type-texts' {
  export const texts: Readonly<Record<string, string>>;
}
