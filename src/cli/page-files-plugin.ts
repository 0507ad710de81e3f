/** What the built page says of itself: the list of its files, for whoever keeps them, and what its documents may do. */

import type { Plugin } from 'vite';
import { PAGE_POLICY } from '../../signaling-server/page-policy.ts';

/** Names of files in the built page that others find by them. */
export const SERVICE_WORKER = 'service-worker';
const LIST = 'files.json';

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
      const built = Object.keys(bundle).filter(
        (name) => !name.endsWith('.map') && name !== `${SERVICE_WORKER}.js`,
      );
      const files = ['./', ...built, 'icon.svg', 'manifest.webmanifest'];
      this.emitFile({ type: 'asset', fileName: LIST, source: JSON.stringify(files) });
    },
  };
}
