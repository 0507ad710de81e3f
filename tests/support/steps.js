/** Runs the tools that are installed in node_modules, their output streamed. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

let wasInterrupted = false;

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    wasInterrupted = true;
    running?.kill(signal);
  });
}

/** Whether the user asked to stop: what was not started then is not started any more. */
export function interrupted() {
  return wasInterrupted;
}

/**
 * The script that a package runs as a command, so that no shell and no `npx` stands between.
 *
 * @param {string} packageName
 * @param {string} [command]
 */
export function tool(packageName, command = packageName) {
  const folder = path.join('node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Runs a Node script with parameters; whether it succeeded.
 *
 * @param {string[]} command
 * @param {Record<string, string>} [environment]
 * @returns {Promise<boolean>}
 */
export function run(command, environment = {}) {
  if (wasInterrupted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    running = spawn(process.execPath, command, { stdio: 'inherit', env });
    running.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    running.on('exit', (status) => resolve(status === 0));
  });
}
