/** What the built page says of itself: the list of its files, for whoever keeps them, and what its documents may do. */

import type { Plugin } from 'vite';
import { PAGE_POLICY } from '../../../signaling-server/page-policy.ts';

/** Names of files in the built page that others find by them. */
export const SERVICE_WORKER = 'service-worker';
const LIST = 'files.json';
/** Files that are not made here. */
const PUBLIC = ['icon.svg', 'manifest.webmanifest'];
/** Megabytes that only those need who edit code. */
const RARE = /\/type-worker-/;

/** The plugin. */
export function pageFilesPlugin(): Plugin {
  return {
    name: 'parley-page-files',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { filename }) {
        // The page of nodes goes to servers that somebody names; the sandbox has a policy of its own.
        if (!filename.endsWith('index.html')) return [];
        const attrs = { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
    generateBundle(_options, bundle) {
      // Nobody reads the compiler's own lines; their map would be a quarter of the page.
      for (const name of Object.keys(bundle)) {
        if (RARE.test(name) && name.endsWith('.map')) delete bundle[name];
      }
      const built = Object.keys(bundle).filter(
        (name) => !name.endsWith('.map') && name !== `${SERVICE_WORKER}.js`,
      );
      const rare = built.filter((name) => RARE.test(name));
      const page = ['./', ...built.filter((name) => !RARE.test(name)), ...PUBLIC];
      this.emitFile({ type: 'asset', fileName: LIST, source: JSON.stringify({ page, rare }) });
    },
  };
}
