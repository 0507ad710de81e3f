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
      failedNames: ['test 0 (a.test.ts)'],
      skippedNames: ['test 1'],
      seconds: [['unit', 0]],
    });
  });

  test('a file that did not load as one failure', () => {
    const { failedNames } = countReport({ testResults: [file('failed')] });
    expect(failedNames).toEqual(['a.test.ts (did not load)']);
  });

  test('what went wrong, as far as a reader wants it at the end of a long run', () => {
    const failed = file('failed', 'failed');
    const assertionResults = failed.assertionResults.map((test) => ({
      ...test,
      failureMessages: ['one is not two', 'x'.repeat(10_000)],
    }));
    const [name = ''] = countReport({ testResults: [{ ...failed, assertionResults }] }).failedNames;
    expect(name.startsWith('test 0 (a.test.ts)\n  one is not two\n  xxx')).toBe(true);
    expect(name.length).toBeLessThan(1000);
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
    const none = 'there-is-no-such-file.json';
    expect(readReport(none, false).failedNames).toEqual(['an error outside of every test']);
    expect(readReport(none, true).failedNames).toEqual([]);
  });
});
