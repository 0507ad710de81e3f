/** Counts what vitest's JSON report says. */

import { existsSync, readFileSync } from 'node:fs';

/** @typedef {import('./report.js').Report} Report */

/** Folders of tests that are projects of their own; all others are the project `unit`. */
const ALONE = new Set(['types', 'browser', 'e2e', 'system', 'soak']);

/** An unhandled rejection or a broken configuration is a failure too, though it has no test to name. */
const OUTSIDE = 'an error outside of every test';

/** How much of a failed test's error is said again at the end. */
const ERROR_CHARACTERS_MAX = 600;

/**
 * Reads the report that vitest wrote, if it came to write one.
 *
 * @param {string} file
 * @param {boolean} succeeded whether vitest itself ended well
 * @returns {Report}
 */
export function readReport(file, succeeded) {
  const report = existsSync(file)
    ? countReport(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failedNames: [], skippedNames: [], seconds: [] };
  if (!succeeded && report.failedNames.length === 0) report.failedNames.push(OUTSIDE);
  return report;
}

/**
 * @param {import('./report.js').VitestReport} report
 * @returns {Report}
 */
export function countReport({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that does not even load has no tests, and would not be missed.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failedNames: [
      ...failedTests(testResults),
      ...unloaded.map(({ name }) => `${name} (did not load)`),
    ],
    skippedNames: tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => fullName),
    seconds: secondsOf(testResults),
  };
}

/**
 * Each failed test with its file and the beginning of its error: of a long run, often only the last lines are kept.
 *
 * @param {import('./report.js').VitestReport['testResults']} files
 * @returns {string[]}
 */
function failedTests(files) {
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages = [] }) =>
        [`${fullName} (${name})`, ...failureMessages].join('\n  ').slice(0, ERROR_CHARACTERS_MAX),
      ),
  );
}

/**
 * From the first start to the last end of the files of each folder in tests: vitest runs its projects one after the other.
 *
 * @param {import('./report.js').VitestReport['testResults']} files
 * @returns {Report['seconds']}
 */
function secondsOf(files) {
  /** @type {Map<string, { start: number, end: number }>} */
  const stages = new Map();
  for (const { name, startTime, endTime } of files) {
    const [, folder = ''] = /(?:^|[/\\])tests[/\\](\w+)[/\\]/.exec(name) ?? [];
    const stage = ALONE.has(folder) ? folder : 'unit';
    const { start, end } = stages.get(stage) ?? { start: startTime, end: endTime };
    stages.set(stage, { start: Math.min(start, startTime), end: Math.max(end, endTime) });
  }
  const inOrder = [...stages].toSorted(([, a], [, b]) => a.start - b.start);
  return inOrder.map(([stage, { start, end }]) => [stage, (end - start) / 1000]);
}
