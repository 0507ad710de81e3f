/** Counts what vitest's JSON report says. */

import { existsSync, readFileSync } from 'node:fs';

/** @typedef {import('./report.js').Report} Report */

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
    : { passed: 0, failed: 0, skippedNames: [] };
  // An error outside every test (an unhandled rejection, a broken configuration) is a failure too.
  if (!succeeded && report.failed === 0) report.failed = 1;
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
    failed: tests.filter(({ status }) => status === 'failed').length + unloaded.length,
    skippedNames: tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => fullName),
  };
}
