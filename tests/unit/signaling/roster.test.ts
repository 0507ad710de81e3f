import { expect, test } from 'vitest';
import { Roster } from '../../../src/net/signaling/roster.ts';

const ada = { member: 'ada', incarnation: 1, order: 0 };
const bob = { member: 'bob', incarnation: 1, order: 1 };
const eve = { member: 'eve', incarnation: 1, order: 2 };

function begin(): Roster {
  const roster = new Roster();
  roster.begin({ you: eve, members: [ada, bob] });
  return roster;
}

test('the welcome of a forgetful server takes nobody away', () => {
  const roster = begin();
  expect(roster.resume({ you: eve, members: [ada] })).toEqual([]);
  expect([...roster.members.keys()]).toEqual(['ada', 'bob']);
  expect([roster.isMissing('ada'), roster.isMissing('bob')]).toEqual([false, true]);
  expect(roster.joined(bob)).toEqual([]);
  expect(roster.someMissing).toBe(false);
  expect(roster.giveUpMissing()).toEqual([]);
});

test('who is missing for too long is lost', () => {
  const roster = begin();
  roster.resume({ you: eve, members: [ada] });
  expect(roster.giveUpMissing()).toEqual([
    { name: 'left', event: { member: 'bob', incarnation: 1, reason: 'lost' } },
  ]);
  expect([...roster.members.keys()]).toEqual(['ada']);
  expect(roster.giveUpMissing()).toEqual([]);
});

test('another reconnection asks anew who is missing', () => {
  const roster = begin();
  roster.resume({ you: eve, members: [] });
  roster.resume({ you: eve, members: [bob] });
  expect([roster.isMissing('ada'), roster.isMissing('bob')]).toEqual([true, false]);
});

test('a member that reloaded meanwhile left and joined', () => {
  const roster = begin();
  const newer = { ...ada, incarnation: 2 };
  expect(roster.resume({ you: eve, members: [newer, bob] })).toEqual([
    { name: 'left', event: { member: 'ada', incarnation: 1, reason: 'superseded' } },
    { name: 'joined', event: newer },
  ]);
});

test('a ghost that finds the restarted server first is no news', () => {
  const roster = new Roster();
  const newer = { ...ada, incarnation: 2 };
  roster.begin({ you: eve, members: [newer] });
  expect(roster.resume({ you: eve, members: [ada] })).toEqual([]);
  expect(roster.isMissing('ada')).toBe(true);
  expect(roster.joined(ada)).toEqual([]);
  expect(roster.left({ member: 'ada', incarnation: 1, reason: 'superseded' })).toEqual([]);
  expect(roster.isMissing('ada')).toBe(true);
  expect(roster.joined(newer)).toEqual([]);
  expect(roster.members.get('ada')).toEqual(newer);
});

test('a changed description is news, the same one is not', () => {
  const roster = begin();
  expect(roster.joined({ ...ada })).toEqual([]);
  const renamed = { ...ada, name: 'Ada' };
  expect(roster.joined(renamed)).toEqual([{ name: 'joined', event: renamed }]);
});

test('nobody leaves twice, and strangers do not leave', () => {
  const roster = begin();
  const departure = { member: 'ada', incarnation: 1, reason: 'left' } as const;
  expect(roster.left(departure)).toEqual([{ name: 'left', event: departure }]);
  expect(roster.left(departure)).toEqual([]);
  expect(roster.left({ ...departure, member: 'zoe' })).toEqual([]);
});
