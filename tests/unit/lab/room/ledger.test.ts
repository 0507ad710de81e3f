/** What stands: the newest that somebody said who may, in whatever order it arrives, and however often. */

import { beforeAll, describe, expect, test } from 'vitest';
import type { Heir } from '../../../../src/lab/room/charter.ts';
import { newCharter } from '../../../../src/lab/room/charter.ts';
import { untouched } from '../../../../src/lab/room/control.ts';
import { Ledger } from '../../../../src/lab/room/ledger.ts';
import type { Statement } from '../../../../src/lab/room/statement.ts';
import { fc } from '../../../support/property.ts';
import { Speaker } from './speaker.ts';

const creator = new Speaker('creator-1', 1);
const second = new Speaker('second-22', 2);
const third = new Speaker('third-333', 3);
const everybody = [creator, second, third].map(({ member }, order) => ({
  ...{ member, order, isPresent: true },
}));

let charter: Statement;
beforeAll(async () => {
  charter = await creator.says('charter', newCharter(creator.member, creator.key, 'open', 1000));
});

function ledger(members: readonly Heir[] = everybody): Ledger {
  const made = new Ledger(() => members);
  expect(made.enter(charter)).toBe('new');
  return made;
}

const control = (isHeld: boolean) => ({ ...untouched('run'), isHeld });

describe('a ledger', () => {
  test('takes what the creator says, and nothing of those who may not', async () => {
    const book = ledger();
    expect(book.enter(await second.says('control', control(true)))).toBe('forbidden');
    expect(book.enter(await creator.says('control', control(true)))).toBe('new');
    expect(book.body('control')).toEqual(control(true));
    expect(
      book.enter(await second.says('rights', { directors: [second.member], kicked: [] })),
    ).toBe('forbidden');
  });

  test('takes what those say to whom the right was given, and not what they give themselves', async () => {
    const book = ledger();
    book.enter(await creator.says('rights', { directors: [second.member], kicked: [] }));
    expect(book.enter(await second.says('control', control(true)))).toBe('new');
    const more = { directors: [second.member, third.member], kicked: [] };
    expect(book.enter(await second.says('rights', more))).toBe('forbidden');
  });

  test('ends in the same state, whatever order things arrive in, and however often', async () => {
    const said = await Promise.all(
      [true, false, true, false].map((isHeld, at) =>
        creator.says('control', control(isHeld), 10 + at),
      ),
    );
    const deliveries = fc.array(fc.constantFrom(...said), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(deliveries, (arriving) => {
        const book = ledger();
        for (const statement of arriving) book.enter(statement);
        const newest = Math.max(...arriving.map(({ number }) => number));
        expect(book.body('control')).toEqual(control((newest - 10) % 2 === 0));
      }),
    );
  });

  test('is not moved by what is played again', async () => {
    const book = ledger();
    const hold = await creator.says('control', control(true), 10);
    const release = await creator.says('control', control(false), 11);
    book.enter(hold);
    book.enter(release);
    expect(book.enter(hold)).toBe('old');
    expect(book.body('control')).toEqual(control(false));
  });

  test('keeps its charter, whoever shows another', async () => {
    const book = ledger();
    const other = newCharter(second.member, second.key, 'open', 2000);
    expect(book.enter(await second.says('charter', other))).toBe('other-charter');
    expect(book.enter(charter)).toBe('old');
    expect(book.body('charter')?.creator).toBe(creator.member);
  });

  test('takes no charter of somebody else’s making', async () => {
    const book = new Ledger(() => everybody);
    const stolen = newCharter(creator.member, creator.key, 'open', 1000);
    expect(book.enter(await second.says('charter', stolen))).toBe('forbidden');
  });

  test('takes from the successor what it may not say while the creator is here', async () => {
    const members = everybody.map((one) => ({ ...one, isPresent: one.member !== creator.member }));
    const statement = await second.says('control', control(true));
    expect(ledger(everybody).enter(statement)).toBe('forbidden');
    expect(ledger(members).enter(statement)).toBe('new');
  });

  test('takes what somebody who is gone said, when it is vouched for', async () => {
    const book = ledger();
    const statement = await third.says('control', control(true));
    expect(book.enter(statement)).toBe('forbidden');
    book.vouch([statement]);
    expect(book.enter(statement)).toBe('new');
    expect(book.enter(await third.says('control', control(false), statement.number + 1))).toBe(
      'forbidden',
    );
  });

  test('takes no order of a director who is gone, unless whoever manages the room passes it on', async () => {
    const members = everybody.map((one) => ({ ...one, isPresent: one.member !== creator.member }));
    const book = ledger(members);
    const old = await creator.says('control', control(true));
    expect(book.enter(old)).toBe('forbidden');
    expect(book.enter(old, true)).toBe('new');
    const rights = await creator.says('rights', { directors: [], kicked: [] });
    expect(book.enter(rights)).toBe('new');
  });

  test('refuses what is no such thing', async () => {
    const book = ledger();
    const statement = await creator.says('control', { ...control(true), cut: 'n1' } as never);
    expect(book.enter(statement)).toBe('malformed');
    expect(book.enter({ ...statement, text: 'no json' })).toBe('malformed');
    expect(book.enter(await creator.says('about', {} as never))).toBe('malformed');
  });
});
