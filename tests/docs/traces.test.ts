/** What the manual of traces shows is there. */

import { expect, test } from 'vitest';
import { KNOWN_KINDS } from '../../src/lab/trace/event-shape.ts';
import { expectOptions, manualOf } from './manual.ts';

const manual = manualOf('traces.md');

test('every option is one of a command', async () => {
  const commands = [['run'], ['trace'], ['trace', 'diff'], ['trace', 'check'], ['replay']];
  await expectOptions(manual, commands, 15);
}, 60_000);

test('every kind of event is explained, and no other', () => {
  const [, table = ''] = manual.split('| kind | fields |');
  const [rows = ''] = table.split('\n\n');
  const kinds = [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, kind]) => kind);
  expect(new Set(kinds)).toEqual(KNOWN_KINDS);
});
