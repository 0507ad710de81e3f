import pico from 'picocolors';
import { expect, test } from 'vitest';
import { LEVELS } from './levels.ts';
import { RunLog } from '../../../src/cli/run/run-log.ts';

function logged(verbosity: number, write: (log: RunLog) => void): string[] {
  const lines: string[] = [];
  write(
    new RunLog({
      nodes: ['n1', 'n10'],
      algorithm: 'upper',
      colours: pico.createColors(false),
      verbosity,
      write: (line) => lines.push(line),
    }),
  );
  return lines;
}

test.each([
  [0, ['info', 'warn', 'error']],
  [1, ['debug', 'info', 'warn', 'error']],
  [2, ['trace', 'debug', 'info', 'warn', 'error']],
])('verbosity %i shows %j', (verbosity, shown) => {
  const lines = logged(verbosity, (log) => {
    for (const level of LEVELS) log.node(0, 'n1', level, 'upper', level);
  });
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(shown);
});

test('a line has time, node, layer and text; names take one width', () => {
  const lines = logged(0, (log) => {
    log.node(1234.5678, 'n1', 'info', 'upper', 'hello');
    log.node(0, 'n10', 'info', 'upper.lower', 'one\ntwo');
  });
  expect(lines).toEqual([
    '   1.235 n1  hello',
    '   0.000 n10 upper.lower: one',
    '   0.000 n10 upper.lower: two',
  ]);
});
