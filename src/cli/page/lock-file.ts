/** One process at a time: four shells that start a run together build the page once. */

import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Short enough that nobody notices, long enough that nobody else does either. */
const POLL_MS = 100;

/**
 * Does `work` while no other process holds the lock. A lock whose process is gone counts for nothing.
 *
 * @param waiting called once when somebody else holds it
 */
export async function withLock<T>(
  file: string,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let hasTold = false; !take(file);) {
    if (!hasTold) waiting();
    hasTold = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!isAlive(holderOf(file))) rmSync(file, { force: true });
  return false;
}

function holderOf(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    // Empty for the moment between its making and its first line: then somebody is there.
    return text === '' ? process.pid : Number(text);
  } catch {
    return process.pid;
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
