/**
 * What Vite must know about this code wherever it bundles it: the page, the workers and the tests.
 *
 * vite.config.ts and vitest.config.ts both start from here, so that a test runs what a page runs.
 */

import type { UserConfig } from 'vite';

export const sharedConfig = {
  // simple-peer's dependencies were written for Node and read `global`, which browsers lack.
  define: { global: 'globalThis' },
  resolve: {
    alias: [
      // Its main entry wants Node's streams and buffers; the bundled build carries its own.
      // The pattern is exact: `simple-peer/anything` stays what it says.
      { find: /^simple-peer$/, replacement: 'simple-peer/simplepeer.min.js' },
    ],
  },
} satisfies UserConfig;
