/** What the manual of traces shows is there. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { KNOWN_KINDS } from '../../src/lab/trace/event-shape.ts';
import { parley, ROOT } from '../e2e/cli-process.ts';

const manual = readFileSync(path.join(ROOT, 'docs/traces.md'), 'utf8');

test('every option is one of a command', async () => {
  const commands = [['run'], ['trace'], ['trace', 'diff'], ['trace', 'check'], ['replay']];
  const helps = await Promise.all(commands.map((words) => parley([...words, '--help'])));
  const help = helps.map(({ stdout }) => stdout).join('\n');
  const options = new Set(
    [...manual.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option),
  );
  expect(options.size).toBeGreaterThan(15);
  for (const option of options) expect(help).toMatch(new RegExp(`${option}\\b(?!-)`));
});

test('every kind of event is explained, and no other', () => {
  const [, table = ''] = manual.split('| kind | fields |');
  const [rows = ''] = table.split('\n\n');
  const kinds = [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, kind]) => kind);
  expect(new Set(kinds)).toEqual(KNOWN_KINDS);
});
