/** `virtual:parley-trace-page`: the code of a page that shows one trace, as a value, so that the lab can write such pages by itself. */

import type { Plugin } from 'vite';
import { bundlePage } from '../trace/page-bundle.ts';

const NAME = 'virtual:parley-trace-page';
const ID = `\0${NAME}`;

/** The plugin. */
export function tracePagePlugin(): Plugin {
  return {
    name: 'parley-trace-page',
    resolveId: (source) => (source === NAME ? ID : undefined),
    async load(id) {
      if (id !== ID) return undefined;
      return `export const pageCode = ${JSON.stringify(await bundlePage())};`;
    },
  };
}
