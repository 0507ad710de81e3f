import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../../src/cli/page/lock-file.ts';

/** Above what any system gives out. */
const NO_PROCESS = 2 ** 30;

let folder = '';
let lock = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'parley-lock-'));
  lock = path.join(folder, 'inner', 'page.lock');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('one works at a time, and each gets its turn', async () => {
  const working = { now: 0, most: 0, told: 0 };
  const work = async () => {
    working.most = Math.max(working.most, ++working.now);
    await sleep(10);
    working.now--;
  };
  const waiting = () => void working.told++;
  await Promise.all([1, 2, 3].map(() => withLock(lock, waiting, work)));
  expect(working.most).toBe(1);
  expect(working.told).toBe(2);
  expect(existsSync(lock)).toBe(false);
});

test('a failure frees the lock', async () => {
  const failing = async () => {
    throw new Error('no');
  };
  await expect(withLock(lock, () => {}, failing)).rejects.toThrow('no');
  expect(
    await withLock(
      lock,
      () => {},
      async () => 7,
    ),
  ).toBe(7);
});

test('the lock of a process that is gone holds nobody up', async () => {
  const stale = path.join(folder, 'stale.lock');
  writeFileSync(stale, String(NO_PROCESS));
  expect(
    await withLock(
      stale,
      () => {},
      async () => 7,
    ),
  ).toBe(7);
});
