/** How the page is built and served in development: Vite's configuration, for vite.config.ts and for the commands. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { UserConfig } from 'vite';
import { chapterNames } from '../chapters.ts';
import { entriesPlugin } from './entries-plugin.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { stampPlugin } from './page-stamp.ts';
import { pageFilesPlugin, SERVICE_WORKER } from './page-files-plugin.ts';
import { tracePagePlugin } from './trace-page-plugin.ts';
import { typeTextsPlugin } from './type-texts-plugin.ts';
import { chaptersPlugin, type PageModule } from './vite-plugin.ts';

/** What a page is made for. */
export interface PageContents {
  /** Modules that were named on the command line. */
  readonly userModules?: readonly PageModule[];
  /** `nodes`: the bare page alone, and where there are modules of the user, no chapter of ours, so that a changed module runs soon. */
  readonly only?: 'nodes';
}

/** What a page is built from and to. */
export interface PageConfigOptions extends PageContents {
  /** Where the built page goes; {@link PAGE_FOLDER} unless given. */
  readonly outDir?: string;
}

/** The page without anybody's own modules, as `npm run build` and `npm start` make it. */
export const PAGE_FOLDER = path.join(PACKAGE_ROOT, 'dist', 'page');

const BARE_PAGE = { node: path.join(PACKAGE_ROOT, 'node.html') };

const LAB_PAGES = {
  lab: path.join(PACKAGE_ROOT, 'index.html'),
  sandbox: path.join(PACKAGE_ROOT, 'sandbox.html'),
  [SERVICE_WORKER]: path.join(PACKAGE_ROOT, 'src', 'ui', 'offline', 'service-worker.ts'),
};

/** The configuration of one page. */
export function pageConfig(options: PageConfigOptions = {}): UserConfig {
  const { userModules = [], only, outDir = PAGE_FOLDER } = options;
  const chapters = only === 'nodes' && userModules.length > 0 ? [] : chapterNames();
  return {
    root: PACKAGE_ROOT,
    // Relative addresses: the page works below any path of any server.
    base: './',
    plugins: [
      chaptersPlugin(userModules, chapters),
      entriesPlugin(only === 'nodes'),
      tracePagePlugin(),
      pageFilesPlugin(),
      stampPlugin(),
    ],
    worker: {
      // Chapters are imported when they are needed, which the older format cannot.
      format: 'es',
      plugins: () => [
        chaptersPlugin(userModules, chapters),
        entriesPlugin(true),
        typeTextsPlugin(),
      ],
      rolldownOptions: { output: { sourcemapPathTransform: sourceName } },
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      // So that errors of an algorithm name its own lines, in the browser and on the command line.
      sourcemap: true,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        output: {
          sourcemapPathTransform: sourceName,
          // Where a service worker stands decides what it may serve.
          entryFileNames: ({ name }) =>
            name === SERVICE_WORKER ? '[name].js' : 'assets/[name]-[hash].js',
        },
        input: only === 'nodes' ? BARE_PAGE : { ...BARE_PAGE, ...LAB_PAGES },
      },
    },
  };
}

/**
 * How a source map names a file: relative to the package, and a user's by its address. Left alone, the names of a worker's files
 * would be relative to wherever the build was started.
 */
function sourceName(relative: string, mapFile: string): string {
  const file = path.resolve(path.dirname(mapFile), relative);
  const inPackage = path.relative(PACKAGE_ROOT, file).replaceAll('\\', '/');
  return inPackage.startsWith('../') ? pathToFileURL(file).href : inPackage;
}
