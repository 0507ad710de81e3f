/** Keys, clocks, memories and controls of a room. */

import { describe, expect, test } from 'vitest';
import { browserName } from '../../../../src/lab/room/capabilities.ts';
import { clockText, Clocks } from '../../../../src/lab/room/clocks.ts';
import { controlEvents, cutOffFrom, untouched } from '../../../../src/lab/room/control.ts';
import { fingerprintOf, KeyRing } from '../../../../src/lab/room/key-ring.ts';
import { Notices } from '../../../../src/lab/room/notices.ts';
import { RoomMemories } from '../../../../src/lab/room/room-memory.ts';
import { keyPairFrom } from '../../../../src/net/ed25519.ts';
import { toHex } from '../../../../src/net/hex.ts';
import { fc } from '../../../support/property.ts';

const key = (seed: number) => toHex(keyPairFrom(new Uint8Array(32).fill(seed)).publicKey);

describe('a key ring', () => {
  test('binds a member to its first key, for good', () => {
    const saved: unknown[] = [];
    const ring = new KeyRing({}, (bindings) => saved.push(bindings));
    expect(ring.bind('ann', key(1))).toBe('bound');
    expect(ring.bind('ann', key(1))).toBe('bound');
    expect(ring.bind('ann', key(2))).toBe('changed');
    expect(ring.keyOf('ann')).toBe(key(1));
    expect(saved).toEqual([{ ann: key(1) }]);
    const later = new KeyRing({ ann: key(1) }, () => {});
    expect(later.bind('ann', key(2))).toBe('changed');
  });

  test('refuses keys that anybody can sign for', () => {
    const ring = new KeyRing({}, () => {});
    const identityPoint = `01${'00'.repeat(31)}`;
    expect(ring.bind('eve', identityPoint)).toBe('weak');
    expect(ring.bytesOf('eve')).toBe(undefined);
  });

  test('gives fingerprints of eight letters that nobody mistakes', () => {
    const seen = new Set(Array.from({ length: 50 }, (_, at) => fingerprintOf(key(at + 1))));
    expect(seen.size).toBe(50);
    for (const text of seen) expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });
});

describe('clocks', () => {
  test('that differ by more than words take are noticed, in both directions', () => {
    const clocks = new Clocks(() => 1_000_000);
    clocks.note('near', 998_000);
    clocks.note('fast', 1_200_000);
    clocks.note('slow', 400_000);
    expect(clocks.aheadOf('near', 0)).toBe(0);
    expect(clocks.aheadOf('fast', 0)).toBe(-200_000);
    expect(clocks.aheadOf('slow', 0)).toBe(600_000);
  });

  test('of somebody who said nothing are judged by what cannot have been', () => {
    const clocks = new Clocks(() => 1_000_000);
    expect(clocks.aheadOf('unheard', 400_000)).toBe(0);
    expect(clocks.aheadOf('unheard', 1_100_000)).toBe(-100_000);
  });

  test('are told in words', () => {
    expect(clockText(600_000, 'Ann')).toMatch(/10 min ahead of that of Ann/);
    expect(clockText(-30_000, 'Ann')).toMatch(/30 s behind/);
    expect(clockText(86_400_000, 'Ann')).toMatch(/24 h ahead/);
  });
});

describe('a cut', () => {
  test('separates groups, both ways, and leaves whoever is in none', () => {
    const cut = [['n1', 'n2'], ['n3']];
    expect(cutOffFrom('n1', cut)).toEqual(['n3']);
    expect(cutOffFrom('n3', cut)).toEqual(['n1', 'n2']);
    expect(cutOffFrom('n4', cut)).toEqual([]);
    expect(cutOffFrom('n1', [])).toEqual([]);
  });

  test('is symmetric, and never cuts a node off from itself or its group', () => {
    const node = fc.constantFrom('n1', 'n2', 'n3', 'n4');
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(node), { maxLength: 4 }), node, node, (groups, a, b) => {
        const disjoint = groups.map((group, at) =>
          group.filter((one) => !groups.slice(0, at).some((other) => other.includes(one))),
        );
        expect(cutOffFrom(a, disjoint).includes(b)).toBe(cutOffFrom(b, disjoint).includes(a));
        expect(cutOffFrom(a, disjoint)).not.toContain(a);
      }),
    );
  });

  test('is an event of every node that it concerns, and so is its end, and a kill', () => {
    const before = untouched('run');
    const cut = { ...before, cut: [['n1'], ['n2']] };
    const killed = { ...cut, cut: [], killed: ['n1'] };
    const facts = (events: ReturnType<typeof controlEvents>) =>
      events.map((event) => {
        if (event.kind === 'status') return `${event.node} ${event.status}`;
        return event.kind === 'fault' && `${event.node} ${event.fault} ${event.detail}`;
      });
    expect(facts(controlEvents(before, cut, 5))).toEqual([
      'n1 partition cut off from n2',
      'n2 partition cut off from n1',
    ]);
    expect(facts(controlEvents(cut, killed, 5))).toEqual([
      'n1 crash a director killed it',
      'n1 departed',
      'n1 partition reaches all again',
      'n2 partition reaches all again',
    ]);
    expect(controlEvents(cut, cut, 5)).toEqual([]);
  });
});

describe('the memory of rooms', () => {
  const storage = () => {
    const values = new Map<string, string>();
    return {
      values,
      getItem: (name: string) => values.get(name) ?? null,
      setItem: (name: string, value: string) => void values.set(name, value),
      removeItem: (name: string) => void values.delete(name),
    };
  };

  test('keeps what was said last, room by room', () => {
    const memories = new RoomMemories(storage());
    memories.remember('AAAA', { keys: { ann: key(1) } });
    memories.remember('BBBB', { keys: { ann: key(2) } });
    expect(memories.recall('AAAA').keys).toEqual({ ann: key(1) });
    memories.forget('AAAA');
    expect(memories.recall('AAAA').keys).toEqual({});
    expect(memories.recall('BBBB').keys).toEqual({ ann: key(2) });
  });

  test('is bounded, and the room that was entered longest ago goes first', () => {
    const stored = storage();
    const memories = new RoomMemories(stored);
    for (let room = 1; room <= 40; room++)
      memories.remember(`ROOM${room}`, { keys: { me: key(1) } });
    expect(stored.values.size).toBe(31);
    expect(memories.recall('ROOM10').keys).toEqual({});
    expect(memories.recall('ROOM11').keys).toEqual({ me: key(1) });
  });

  test('is no memory where a browser keeps none, or where somebody else wrote', () => {
    const refusing = {
      getItem: () => {
        throw new Error('not here');
      },
      setItem: () => {
        throw new Error('not here');
      },
      removeItem: () => {
        throw new Error('not here');
      },
    };
    const memories = new RoomMemories(refusing);
    memories.remember('AAAA', { keys: {} });
    memories.forget('AAAA');
    expect(memories.recall('AAAA')).toEqual({ keys: {} });
    const strange = storage();
    strange.values.set('parley/room/AAAA', '{"keys":{"ann":5}}');
    expect(new RoomMemories(strange).recall('AAAA')).toEqual({ keys: {} });
  });
});

test('notices are said once each, are dismissed, and are not too many', () => {
  let changes = 0;
  const notices = new Notices(() => changes++);
  notices.say('warning', 'once');
  notices.say('warning', 'once');
  expect(notices.list).toHaveLength(1);
  notices.dismiss(notices.list[0]!.id);
  expect(notices.list).toEqual([]);
  for (let number = 0; number < 100; number++) notices.say('info', `${number}`);
  expect(notices.list).toHaveLength(20);
  expect(notices.list.at(-1)!.text).toBe('99');
  expect(changes).toBeGreaterThan(100);
});

test('browsers are called what their users call them', () => {
  const agents = {
    'Chrome 130':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'Edge 130':
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
    'Firefox 128': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Safari 17, phone':
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
    'Chrome 130, phone':
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
    'another browser': 'Lynx/2.9',
  };
  for (const [name, agent] of Object.entries(agents)) expect(browserName(agent)).toBe(name);
});
