#!/usr/bin/env node
/** Runs the benches named on the command line, or all of them. */

import { readdirSync } from 'node:fs';
import { registerTypeScript } from '../bin/typescript-loader.js';

/** Files beside the benches that are no benches. */
const helpers = new Set([
  'table.ts',
  'token-ring.ts',
  'traffic.ts',
  'live-views.ts',
  'mesh-page.ts',
  'setup-page.ts',
  'storage-worker.ts',
  'raft-core.ts',
  'raft-page.ts',
  'field-page.ts',
  'field-guests.ts',
  'topics-field-page.ts',
  'frame-costs.ts',
  'long-run-page.ts',
]);

registerTypeScript();
const all = readdirSync(new URL('.', import.meta.url))
  .filter((file) => /^[a-z-]+\.ts$/.test(file) && !helpers.has(file))
  .map((file) => file.slice(0, -'.ts'.length));
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`there is no bench '${unknown.join("', '")}'; there are: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : all) {
  const { bench } = await import(`./${name}.ts`);
  console.log(`\n${name}`);
  await bench();
}
