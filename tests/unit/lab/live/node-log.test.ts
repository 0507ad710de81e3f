import { expect, test } from 'vitest';
import type { LogLevel } from '../../../../src/core/ports.ts';
import { isAtLeast, logFileOf, type LogEvent } from '../../../../src/lab/live/node-log.ts';
import { viewsFileOf } from '../../../../src/lab/overlay/view-samples.ts';

const said = (node: string, level: LogLevel, text: string, time: number): LogEvent => ({
  ...{ kind: 'log', node, time, sequence: 1, path: 'swim', level, text },
});

test('a log as a file: of one node, or of all with their names, a line for each line', () => {
  const events = [said('n1', 'info', 'one\ntwo', 1500), said('n2', 'warn', 'three', 2000)];
  expect(logFileOf(events, 'n1')).toBe('1.500\tinfo\tswim\tone\n1.500\tinfo\tswim\ttwo\n');
  expect(logFileOf(events)).toBe(
    'n1\t1.500\tinfo\tswim\tone\nn1\t1.500\tinfo\tswim\ttwo\nn2\t2.000\twarn\tswim\tthree\n',
  );
  expect(logFileOf(events, 'n3')).toBe('');
  expect(isAtLeast('warn', 'info')).toBe(true);
  expect(isAtLeast('debug', 'info')).toBe(false);
});

test('views as a file: one line when a view has changed', () => {
  const state = (time: number, view: readonly string[]) =>
    ({ kind: 'state', node: 'n1', time, sequence: 1, path: 'gbps', state: { view } }) as const;
  const events = [state(1, ['n2']), state(2, ['n2']), state(3, ['n3', 'n2'])];
  const lines = viewsFileOf({}, events).split('\n');
  expect(lines.map((line) => line && JSON.parse(line))).toEqual([
    { time: 1, node: 'n1', view: ['n2'] },
    { time: 3, node: 'n1', view: ['n3', 'n2'] },
    '',
  ]);
});
