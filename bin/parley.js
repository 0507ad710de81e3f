#!/usr/bin/env node
/**
 * The command `parley`. Everything is in src/cli; this file only makes Node understand TypeScript first.
 */

import { registerTypeScript } from './typescript-loader.js';

registerTypeScript();
const { main } = await import('../src/cli/main.ts');
await main(process.argv.slice(2));
