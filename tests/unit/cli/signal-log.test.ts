import { expect, test } from 'vitest';
import type { LogEntry } from '../../../signaling-server/log.ts';
import { serverLog } from '../../../src/cli/signal/signal-log.ts';
import type { LogFormat } from '../../../src/cli/signal/signal-options.ts';

const entries: readonly LogEntry[] = [
  { level: 'info', event: 'listening', port: 1 },
  { level: 'warn', event: 'client-struck-out', strikes: 3 },
  { level: 'error', event: 'odd', text: 'a\n\u001b[31m\u009b31mred\u2028' },
];

function written(format: LogFormat, verbose = false): { stdout: string[]; stderr: string[] } {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const streams = {
    stdout: { write: (text: string) => stdout.push(text) },
    stderr: { write: (text: string) => stderr.push(text) },
  };
  const log = serverLog(format, verbose, streams, () => 0);
  for (const entry of entries) log(entry);
  return { stdout, stderr };
}

test('for people: problems alone, or everything, and nothing that a terminal obeys', () => {
  const lines = [
    'warn client-struck-out {"strikes":3}\n',
    'error odd {"text":"a\\n\\u001b[31m\\u009b31mred\\u2028"}\n',
  ];
  expect(written('text')).toEqual({ stdout: [], stderr: lines });
  expect(written('text', true).stderr).toEqual(['info listening {"port":1}\n', ...lines]);
});

test('for programs: everything, one JSON object a line, with the time', () => {
  const { stdout, stderr } = written('json');
  expect(stderr).toEqual([]);
  for (const line of stdout) expect(line).toMatch(/^[^\n]+\n$/);
  expect(stdout.map((line) => JSON.parse(line) as unknown)).toEqual(
    entries.map((entry) => ({ time: '1970-01-01T00:00:00.000Z', ...entry })),
  );
});

test('none is none', () => {
  expect(written('none', true)).toEqual({ stdout: [], stderr: [] });
});
