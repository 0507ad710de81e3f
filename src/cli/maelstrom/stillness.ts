/**
 * Whether a process has done all that its input gave it to do: every thread of it, and of all that it has started, sleeps.
 *
 * Linux says so in /proc: whoever is given something to read runs from that moment on, and a thread that hands its work to another does
 * not sleep before the other has been woken. So there is no moment in between at which all of them sleep. Elsewhere only silence tells.
 */

import { readdirSync, readFileSync } from 'node:fs';

/** Threads that sleep until something happens to them, that are stopped, or that have ended. */
const ASLEEP = new Set(['S', 'I', 'T', 't', 'Z', 'X']);

/** Processes of one node; a program that makes more is not watched in full. */
const PROCESSES_MAX = 64;

/** True where {@link isAsleep} can tell. */
export const canTellStillness = process.platform === 'linux' && isReadable();

/** True when the process and everything below it sleeps, or is gone. */
export function isAsleep(pid: number): boolean {
  const pids = [pid];
  for (let at = 0; at < pids.length && at < PROCESSES_MAX; at++) {
    const folder = `/proc/${pids[at]!}/task`;
    for (const thread of listed(folder)) {
      const stat = text(`${folder}/${thread}/stat`);
      // The name stands in parentheses and may hold any character, these too.
      if (stat !== '' && !ASLEEP.has(stat.charAt(stat.lastIndexOf(')') + 2))) return false;
      const children = text(`${folder}/${thread}/children`);
      for (const child of children.split(' ')) if (child !== '') pids.push(Number(child));
    }
  }
  return true;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty for what has just gone. */
function text(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function isReadable(): boolean {
  return text('/proc/self/stat') !== '';
}
