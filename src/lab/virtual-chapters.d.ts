/** What the Vite plugin in `src/cli/vite-plugin.ts` makes of src/algorithms, configs and the modules given on the command line. */
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
  /** The configuration of each, as YAML text, where there is one. */
  export const configs: Readonly<Record<string, string>>;
  /** SHA-256 in hexadecimal of each module's sources: of all files in a chapter's folder, and of a user's file. */
  export const sourceHashes: Readonly<Record<string, string>>;
}

/** What `src/cli/trace-page-plugin.ts` makes: the code of a page that shows one trace. */
declare module 'virtual:parley-trace-page' {
  import type { PageCode } from '../lab/trace/html-export.ts';
  export const pageCode: PageCode;
}
