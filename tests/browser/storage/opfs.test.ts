/** The browser's private file system, in a worker. */

import { afterAll, describe, expect, test } from 'vitest';
import { hasPrivateFiles } from '../../../src/storage/files/opfs.ts';

const worker = new Worker(new URL('opfs-worker.ts', import.meta.url), { type: 'module' });
afterAll(() => worker.terminate());

function ask<T>(question: string | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<T>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(question);
  });
}

const names = await ask<string[]>(undefined);

describe('storage conformance: private files', () => {
  test.each(names)('%s', async (name) => {
    expect(await ask<string>(name)).toBe('');
  });
});

test('has all of its cases, and pages are told that they have no such files', () => {
  expect(names.length).toBeGreaterThan(30);
  expect(hasPrivateFiles()).toBe(false);
});
