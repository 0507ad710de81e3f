import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace.ts';
import type { Flight } from '../../../src/lab/playback.ts';
import { Lens } from '../../../src/ui/stage/lens.ts';

const flight = (type: string, from: string, to: string) => ({ type, from, to }) as Flight;
const event = (kind: string, node: string) => ({ kind, node }) as TraceEvent;

test('a lens leaves out kinds, and what does not fit the words', () => {
  let changes = 0;
  const lens = new Lens(() => changes++);
  expect(lens.isNarrow).toBe(false);
  lens.toggleKind('vote');
  expect(lens.showsFlight(flight('vote', 'n1', 'n2'))).toBe(false);
  expect(lens.showsFlight(flight('append', 'n1', 'n2'))).toBe(true);
  lens.search('N1 app');
  expect(lens.showsFlight(flight('append', 'n1', 'n2'))).toBe(true);
  // A node's name is a name, not a part of another.
  expect(lens.showsFlight(flight('append', 'n10', 'n2'))).toBe(false);
  expect(lens.showsMark(event('timer', 'n1'))).toBe(false);
  lens.search('n1');
  expect(lens.showsMark(event('timer', 'n1'))).toBe(true);
  lens.toggleKind('vote');
  lens.search(' ');
  expect(lens.isNarrow).toBe(false);
  expect(changes).toBe(5);
});

test('what a node does on its own is collapsed, what went wrong there is not', () => {
  const lens = new Lens(() => {});
  lens.toggleCollapsed(['n1']);
  expect(lens.showsMark(event('timer', 'n1'))).toBe(false);
  expect(lens.showsMark(event('violation', 'n1'))).toBe(true);
  expect(lens.showsMark(event('timer', 'n2'))).toBe(true);
  expect(lens.areCollapsed(['n1', 'n2'])).toBe(false);
  lens.toggleCollapsed(['n1', 'n2']);
  expect(lens.areCollapsed(['n1', 'n2'])).toBe(true);
  lens.toggleCollapsed(['n1', 'n2']);
  expect(lens.showsMark(event('timer', 'n1'))).toBe(true);
});
