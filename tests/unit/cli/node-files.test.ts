import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NodeLogs } from '../../../src/cli/run/node-logs.ts';
import { paced } from '../../../src/cli/run/pace.ts';

test('each node has a log of its own, with a line for each line', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const logs = new NodeLogs(path.join(folder, 'logs'), ['n1', 'n2']);
  logs.add(1234.5, 'n1', 'debug', 'a.b', 'one\ntwo');
  logs.add(0, 'stranger', 'info', 'a', 'not of this run');
  logs.close();
  const text = (node: string) => readFileSync(path.join(folder, 'logs', `${node}.log`), 'utf8');
  expect(text('n1')).toBe('1.234\tdebug\ta.b\tone\n1.234\tdebug\ta.b\ttwo\n');
  expect(text('n2')).toBe('');
});

test('a folder that cannot be is a usage error', () => {
  expect(() => new NodeLogs('/dev/null/logs', ['n1'])).toThrow('--log-dir /dev/null/logs: ');
});

test('a paced simulation goes no faster, waits for nothing that is due, and stops when told to', async () => {
  const controller = new AbortController();
  const began = performance.now();
  const pace = paced(10, controller.signal);
  expect(pace.advance(0, 0)).toBe(0);
  expect(await pace.advance(0, 300)).toBe(300);
  // A timer may fire a little early, and as late as it likes.
  expect(performance.now() - began).toBeGreaterThan(28);
  const waiting = pace.advance(300, 600_000);
  controller.abort();
  expect(await waiting).toBe(300);
  expect(pace.advance(300, 301)).toBe(300);
});
