import { describe, expect, test } from 'vitest';
import { countReport, readReport } from '../../support/report.js';

const file = (status: string, ...statuses: string[]) => ({
  ...{ name: 'a.test.ts', status, startTime: 0, endTime: 0 },
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${index}` })),
});

describe('what a run counts', () => {
  test('tests by how they ended, the skipped ones by name', () => {
    const testResults = [file('passed', 'passed', 'pending'), file('failed', 'failed', 'passed')];
    expect(countReport({ testResults })).toEqual({
      passed: 2,
      failed: 1,
      skippedNames: ['test 1'],
      seconds: [['unit', 0]],
    });
  });

  test('a file that did not load as one failure', () => {
    expect(countReport({ testResults: [file('failed')] }).failed).toBe(1);
  });

  test('the time of each project, from its first file to its last', () => {
    const timed = (name: string, startTime: number, endTime: number) => ({
      ...file('passed', 'passed'),
      ...{ name: `/somewhere/tests/${name}`, startTime, endTime },
    });
    const testResults = [
      timed('e2e/cli.test.ts', 9000, 12_000),
      timed('unit/core/a.test.ts', 1000, 3000),
      timed('tidy.test.ts', 2000, 8000),
      timed('e2e/room.test.ts', 9500, 12_500),
    ];
    expect(countReport({ testResults }).seconds).toEqual([
      ['unit', 7],
      ['e2e', 3.5],
    ]);
  });

  test('a run that ended badly without a report, or with nothing failed in it', () => {
    expect(readReport('there-is-no-such-file.json', false).failed).toBe(1);
    expect(readReport('there-is-no-such-file.json', true).failed).toBe(0);
  });
});
