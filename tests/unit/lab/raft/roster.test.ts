/** Whose each place of a cluster is: written down, kept, and read from strangers with care. */

import { expect, test } from 'vitest';
import { readRoster, Roster } from '../../../../src/lab/raft/room/roster.ts';
import { MemoryStore } from '../../../../src/storage/memory.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

test('a place belongs to the first key for ever, also after a restart', async () => {
  const store = new MemoryStore();
  const roster = await Roster.open(store);
  expect(roster.isFounded).toBe(false);
  await roster.found({ n1: A, n2: B });
  expect(roster.admits('n2', C)).toBe(false);
  expect(roster.admits('g1', C)).toBe(true);
  const again = await Roster.open(store);
  expect(again.isFounded).toBe(true);
  expect([again.admits('n1', A), again.admits('n1', B), again.admits('g1', A)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('what is no roster of this run is none', async () => {
  const roster = await Roster.open(new MemoryStore());
  await roster.found({ n1: A, n2: B });
  const said = roster.signal('run');
  const ids = ['n1', 'n2'];
  expect(readRoster(said, 'run', ids)).toEqual({ n1: A, n2: B });
  for (const bad of [
    null,
    'roster',
    { ...said, parley: 'link' },
    { ...said, runId: 'another' },
    { ...said, keys: {} },
    { ...said, keys: { n1: 'short' } },
    { ...said, keys: { ...said.keys, stranger: C } },
    { ...said, keys: ['n1'] },
  ]) {
    expect(readRoster(bad, 'run', ids), JSON.stringify(bad)).toBeUndefined();
  }
});
