/**
 * Lets Node import TypeScript: Parley's own sources and the modules of its users, wherever they are.
 *
 * Plain JavaScript, because it runs before anything could translate TypeScript. Node 20 has no such ability, and newer ones refuse
 * it below node_modules, which is where an installed Parley lives.
 */

import * as nodeModule from 'node:module';
import { load, resolve } from './typescript-loader-hooks.js';

/** From here on, `import` of a `.ts` file works, and errors name its lines. */
export function registerTypeScript() {
  process.setSourceMapsEnabled(true);
  // Newer Nodes run hooks in the same thread, which starts faster; `register` is on its way out there.
  if (typeof nodeModule.registerHooks === 'function') nodeModule.registerHooks({ resolve, load });
  else nodeModule.register('./typescript-loader-hooks.js', import.meta.url);
}
