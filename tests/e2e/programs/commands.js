/**
 * Runs one command of Parley after the other in one process: what a shell would start anew for each, and with it Node, the translation
 * of TypeScript and every module. See ../cli-warm.ts.
 *
 * Output goes to stdout and stderr as always. After each command both carry the word that came with it, so that the reader knows where
 * its output ends, whoever wrote it.
 */

import { writeSync } from 'node:fs';
import { registerTypeScript } from '../../../bin/typescript-loader.js';

/** @typedef {{ words: string[], cwd: string, end: string }} Command */

/** Each command listens for broken pipes on both: that many are no leak. */
const COMMANDS_MAX = 1000;

registerTypeScript();
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(COMMANDS_MAX);
const { main } = await import('../../../src/cli/main.ts');

process.on('message', (/** @type {Command} */ command) => void perform(command));
process.on('disconnect', () => process.exit());
process.send?.('ready');

/** @param {Command} command */
async function perform({ words, cwd, end }) {
  process.chdir(cwd);
  process.exitCode = undefined;
  await main(words);
  const status = process.exitCode ?? 0;
  process.exitCode = undefined;
  // Pipes are written at once, and so in order, by streams and descriptors alike.
  for (const descriptor of [1, 2]) writeSync(descriptor, end);
  process.send?.(status);
}
