/** Who may do what: it follows from the charter, the rights and who is here, the same for everybody. */

import { describe, expect, test } from 'vitest';
import {
  managerOf,
  mayDirect,
  mayManage,
  newCharter,
  NO_RIGHTS,
  type Authority,
  type Heir,
} from '../../../../src/lab/room/charter.ts';

const charter = newCharter('creator', 'aa'.repeat(32), 'open', 1000);
const closed = newCharter('creator', 'aa'.repeat(32), 'key', 1000);

function here(...members: readonly string[]): readonly Heir[] {
  return ['creator', 'second', 'third', 'fourth'].map((member, order) => ({
    ...{ member, order, isPresent: members.includes(member) },
  }));
}

const authority = (members: readonly Heir[], part: Partial<Authority> = {}): Authority => ({
  ...{ charter, rights: NO_RIGHTS, members },
  ...part,
});

describe('the one who manages a room', () => {
  test('is its creator while it is present', () => {
    expect(managerOf(authority(here('creator', 'second')))).toBe('creator');
  });

  test('of an open room is the first who remains, whoever was given rights', () => {
    const rights = { ...NO_RIGHTS, directors: ['fourth'] };
    expect(managerOf(authority(here('second', 'fourth'), { rights }))).toBe('second');
  });

  test('of a closed room is the first with the right to direct, and without one the first', () => {
    const rights = { ...NO_RIGHTS, directors: ['fourth'] };
    const members = here('second', 'fourth');
    expect(managerOf(authority(members, { charter: closed, rights }))).toBe('fourth');
    expect(managerOf(authority(members, { charter: closed }))).toBe('second');
  });

  test('is nobody who was sent away, and nobody at all without a charter', () => {
    const rights = { ...NO_RIGHTS, kicked: [{ member: 'second' }] };
    expect(managerOf(authority(here('second', 'third'), { rights }))).toBe('third');
    expect(managerOf(authority(here('second'), { charter: undefined }))).toBe(undefined);
    expect(managerOf(authority(here()))).toBe(undefined);
  });
});

describe('the right to direct', () => {
  test('is the creator’s, the manager’s, and that of those to whom it was given', () => {
    const rights = { ...NO_RIGHTS, directors: ['third'] };
    const present = authority(here('creator', 'second', 'third', 'fourth'), { rights });
    const may = ['creator', 'second', 'third', 'fourth'].map((one) => mayDirect(present, one));
    expect(may).toEqual([true, false, true, false]);
    const without = authority(here('second', 'third', 'fourth'), { rights });
    expect(mayDirect(without, 'second')).toBe(true);
  });

  test('does not include the right to manage', () => {
    const rights = { ...NO_RIGHTS, directors: ['third'] };
    const present = authority(here('creator', 'third'), { rights });
    expect(mayManage(present, 'third')).toBe(false);
    expect(mayManage(present, 'creator')).toBe(true);
  });

  test('ends for whoever is sent away', () => {
    const rights = { directors: ['third'], kicked: [{ member: 'third' }] };
    expect(mayDirect(authority(here('creator', 'third'), { rights }), 'third')).toBe(false);
  });
});
