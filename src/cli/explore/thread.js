/**
 * A thread of an exploration: see thread-crew.ts.
 *
 * Plain JavaScript, because threads do not inherit the translation of TypeScript.
 */

import { registerTypeScript } from '../../../bin/typescript-loader.js';

registerTypeScript();
await import('./thread-work.ts');
