import { expect, test } from 'vitest';
import { idleOptions, runRequest, type RunOptions } from '../../../src/cli/run/run-request.ts';

const options: RunOptions = {
  config: 'a.yaml',
  algorithm: 'echo',
  mode: 'offline',
  format: 'json',
  timeout: 30,
  for: 10,
  startupDelay: 0,
  link: 'simple-peer',
  frameAuth: 'signature',
  verbose: 0,
};

test('seconds become milliseconds, and a seed is drawn once', () => {
  expect(runRequest(options, () => 77)).toMatchObject({
    timeoutMs: 30_000,
    serviceMs: 10_000,
    seed: 77,
    isSeedDrawn: true,
    signatures: 'ideal',
  });
  const { timeout: _timeout, for: _for, ...withoutTimes } = options;
  expect(runRequest(withoutTimes, () => 77)).toMatchObject({
    timeoutMs: 30_000,
    serviceMs: 10_000,
  });
  expect(runRequest({ ...options, seed: 0 }, () => 77)).toMatchObject({
    seed: 0,
    isSeedDrawn: false,
  });
});

test('live nodes sign with Ed25519', () => {
  expect(runRequest({ ...options, mode: 'local' }, () => 1).signatures).toBe('ed25519');
});

test('what is missing is asked for', () => {
  const { config: _config, ...withoutConfig } = options;
  const { algorithm: _algorithm, ...withoutAlgorithm } = options;
  expect(() => runRequest(withoutConfig, () => 1)).toThrow(/-c FILE/);
  expect(() => runRequest({ ...withoutConfig, algorithm: 'swim' }, () => 1)).toThrow(
    /configs\/swim\.yaml/,
  );
  expect(() => runRequest({ ...withoutConfig, algorithm: './mine.ts' }, () => 1)).toThrow(
    /configs\/echo\.yaml/,
  );
  expect(() => runRequest(withoutAlgorithm, () => 1)).toThrow(/-a NAME/);
  expect(() => runRequest({ ...options, mode: 'network' }, () => 1)).toThrow(/--id/);
});

test('options that mean nothing in a mode are said, and only those', () => {
  expect(idleOptions(options)).toEqual([]);
  const many = { ...options, portBase: 8000, tabs: true, id: 'n1', signal: 'ws://a', room: 'ABCD' };
  const names = (found: readonly string[]) => found.map((note) => note.split(' ')[0]);
  expect(names(idleOptions(many))).toEqual(['--port-base', '--tabs', '--id', '--signal', '--room']);
  expect(names(idleOptions({ ...many, mode: 'local' }))).toEqual(['--port-base', '--id']);
  expect(names(idleOptions({ ...many, mode: 'network' }))).toEqual(['--port-base', '--tabs']);
  expect(names(idleOptions({ ...options, mode: 'local', signatures: 'ideal' }))).toEqual([
    '--signatures',
  ]);
});
