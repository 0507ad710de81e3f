/** A manual, and whether the command line has what it shows. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parley, ROOT } from '../e2e/cli-process.ts';

/** The text of a document. */
export function manualOf(name: string): string {
  return readFileSync(path.join(ROOT, 'docs', name), 'utf8');
}

/** Every option that the manual names is one of these commands; it names so many at least. */
export async function expectOptions(
  manual: string,
  commands: readonly (readonly string[])[],
  atLeast: number,
): Promise<void> {
  const helps = await Promise.all(commands.map((words) => parley([...words, '--help'])));
  const help = helps.map(({ stdout }) => stdout).join('\n');
  const options = new Set(
    [...manual.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option),
  );
  expect(options.size).toBeGreaterThan(atLeast);
  for (const option of options) expect(help).toMatch(new RegExp(`${option}\\b(?!-)`));
}
