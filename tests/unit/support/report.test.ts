import { describe, expect, test } from 'vitest';
import { countReport, readReport } from '../../support/report.js';

const file = (status: string, ...statuses: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${index}` })),
});

describe('what a run counts', () => {
  test('tests by how they ended, the skipped ones by name', () => {
    const testResults = [file('passed', 'passed', 'pending'), file('failed', 'failed', 'passed')];
    expect(countReport({ testResults })).toEqual({
      passed: 2,
      failed: 1,
      skippedNames: ['test 1'],
    });
  });

  test('a file that did not load as one failure', () => {
    expect(countReport({ testResults: [file('failed')] }).failed).toBe(1);
  });

  test('a run that ended badly without a report, or with nothing failed in it', () => {
    expect(readReport('there-is-no-such-file.json', false).failed).toBe(1);
    expect(readReport('there-is-no-such-file.json', true).failed).toBe(0);
  });
});
