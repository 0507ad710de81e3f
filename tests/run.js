#!/usr/bin/env node
/**
 * Runs every check and every test, and counts them.
 *
 *     npm test                       format, lint, types, build, and all that is tried every day
 *     npm run test:system            what wants root, several hosts, a second browser, or more time
 *     npm run test:soak              hours of random faults
 *     npm test -- tests/unit/core    further arguments go to vitest
 *
 * The last line is always `N passed, N failed`, with `, N skipped` if any were: it counts every
 * vitest test, and one for each checking step. The line before it says how long each stage took.
 * Plain JavaScript, for it may have to install first.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from '../bin/find-browser.js';
import { canInstallPackages, installPackages } from '../bin/system-packages.js';
import { readReport } from './support/report.js';
import { interrupted, run, tool } from './support/steps.js';

/** What tests/system needs of a Debian machine: the package, and a program that shows it is there. */
const SYSTEM_PACKAGES = [
  { name: 'iproute2', program: 'ip' },
  { name: 'firefox-esr', program: 'firefox-esr' },
  { name: 'coturn', program: 'turnserver' },
  { name: 'redis-server', program: 'redis-server' },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const total = { passed: 0, failed: 0, skipped: 0 };

/** Seconds of each stage, in their order. @type {[stage: string, seconds: number][]} */
const durations = [];

process.chdir(root);
try {
  await main(process.argv.slice(2));
} catch (error) {
  total.failed++;
  console.error(error);
}
const timed = durations.map(([stage, seconds]) => `${stage} ${Math.round(seconds)} s`);
console.log([...timed, `together ${Math.round(performance.now() / 1000)} s`].join(', '));
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** @param {string[]} parameters */
async function main(parameters) {
  const suite = ['system', 'soak'].find((name) => parameters.includes(`--${name}`));
  const forVitest = parameters.filter((parameter) => parameter !== `--${suite}`);
  const projects = await withBrowser();
  if (suite === undefined) await check();
  if (suite === 'system') installForSystemTests();
  await runVitest(suite ?? 'everyday', [...(suite === undefined ? projects : []), ...forVitest]);
}

/**
 * Makes sure that there is a browser. Without one the other projects still say something.
 *
 * @returns {Promise<string[]>} which projects vitest should run, as its parameters
 */
async function withBrowser() {
  try {
    // Named for the processes below, so that they start the very one that was found to run.
    process.env['PARLEY_CHROMIUM'] = (await ensureBrowser()).executablePath;
    return [];
  } catch (error) {
    total.failed++;
    console.error(error instanceof Error ? error.message : error);
    return ['--project', 'unit', '--project', 'types'];
  }
}

async function check() {
  await step('format', [[tool('oxfmt'), '--check', '.']]);
  await step('lint', [[tool('oxlint')]]);
  await step('types', [
    [tool('typescript', 'tsc'), '-p', 'tsconfig.pure.json'],
    [tool('typescript', 'tsc'), '-p', 'tsconfig.json'],
  ]);
  if (existsSync('vite.config.ts')) await step('build', [[tool('vite'), 'build']]);
}

/**
 * Runs commands one after the other, all of them, and counts them as one.
 *
 * @param {string} name
 * @param {string[][]} commands
 */
async function step(name, commands) {
  console.log(`\n— ${name}`);
  const beganMs = performance.now();
  let succeeded = true;
  for (const command of commands) succeeded = (await run(command)) && succeeded;
  total[succeeded ? 'passed' : 'failed']++;
  durations.push([name, (performance.now() - beganMs) / 1000]);
}

/**
 * @param {string} suite
 * @param {string[]} parameters
 */
async function runVitest(suite, parameters) {
  if (interrupted()) return;
  console.log(`\n— tests (${suite})`);
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-tests-'));
  const file = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const command = [tool('vitest'), 'run', ...reporters, ...parameters];
    const succeeded = await run(command, { PARLEY_SUITE: suite });
    const report = readReport(file, succeeded);
    durations.push(...report.seconds);
    for (const name of report.skippedNames) console.log(`skipped: ${name}`);
    for (const name of report.failedNames) console.log(`failed: ${name}`);
    total.passed += report.passed;
    total.failed += report.failedNames.length;
    total.skipped += report.skippedNames.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests skip what stays missing, and say so: here one learns how to get it. */
function installForSystemTests() {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const missing = SYSTEM_PACKAGES.filter(
    ({ program }) => !folders.some((folder) => existsSync(path.join(folder, program))),
  ).map(({ name }) => name);
  if (missing.length === 0) return;
  if (canInstallPackages() && installPackages(missing, console.log)) return;
  console.log(`The system tests also need: ${missing.join(', ')}.`);
  console.log(`Debian, Ubuntu: sudo apt-get install ${missing.join(' ')}`);
}
