/** The way into a room: what each address opens, and what is said when it opens nothing. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { RoomDoor } from '../../../../src/lab/room/room-door.ts';
import type { Room } from '../../../../src/lab/room/room.ts';
import type { LocalHubOptions } from '../../../../src/net/signaling/hub.ts';
import { NearestSignaling } from '../../../../src/net/signaling/nearest-signaling.ts';
import { SignalingError, type Signaling } from '../../../../src/net/signaling/signaling.ts';
import { RoomWorld, until } from './room-world.ts';

/** Doors of different people on the same server. Without session storage everybody is new every time. */
function street(limits: LocalHubOptions['limits'] = {}) {
  const world = new RoomWorld(false, limits);
  const doorOf = (name: string, connect: () => Signaling = () => world.hub.connect()) =>
    new RoomDoor({
      connect: () => new NearestSignaling(connect, () => world.hub.connect()),
      linkTo: async (fragment) => `http://lab/${fragment}`,
      inRoom: () => world.page(name),
      memberName: name,
    });
  return doorOf;
}

async function entered(room: Promise<Room>): Promise<Room> {
  const made = await room;
  onTestFinished(() => made.leave());
  return made;
}

describe('an open room', () => {
  test('is entered by its code, its link, or what is left of it', async () => {
    const doorOf = street();
    const ann = await entered(doorOf('ann').create());
    expect(ann.link).toBe(`http://lab/#/room/${ann.code}`);
    expect(ann.address).toBe(ann.code);
    for (const typed of [ann.code, ann.link, ` ${ann.code.toLowerCase()} `]) {
      await entered(doorOf('bob').join(typed));
    }
    await until(() => ann.members.length === 4);
    expect(ann.access).toBe('open');
  });

  test('that nobody opened, or is full, or whose address is broken, is not entered', async () => {
    const doorOf = street({ membersPerRoom: 1 });
    await expect(doorOf('bob').join('QQQQQQ')).rejects.toMatchObject({ code: 'unknown-room' });
    await expect(doorOf('bob').join('?')).rejects.toMatchObject({ code: 'bad-address' });
    const ann = await entered(doorOf('ann').create());
    await expect(doorOf('bob').join(ann.code)).rejects.toMatchObject({ code: 'room-full' });
  });

  test('is entered without a server by tabs of the same browser, which is said', async () => {
    const doorOf = street();
    const nowhere = () => unreachable();
    const ann = await entered(doorOf('ann', nowhere).create());
    expect(ann.reach).toBe('browser');
    expect(ann.notices[0]!.text).toMatch(/only tabs of this browser/);
    const bob = await entered(doorOf('bob', nowhere).join(ann.link));
    await until(() => bob.members.length === 2);
  });
});

describe('a closed room', () => {
  test('is entered by its link or its key, and not by its code or another key', async () => {
    const doorOf = street();
    const ann = await entered(doorOf('ann').create({ access: 'key' }));
    expect(ann.address).toMatch(new RegExp(`^${ann.code}#[0-9A-Z]{28}$`));
    await entered(doorOf('bob').join(ann.link));
    await entered(doorOf('cleo').join(ann.address));
    await until(() => ann.members.length === 3);
    await expect(doorOf('eve').join(ann.code)).rejects.toMatchObject({ code: 'passphrase-needed' });
    const other = await entered(doorOf('eve').create({ access: 'key' }));
    const wrong = `${ann.code}#${other.address.split('#')[1]}`;
    await expect(doorOf('eve').join(wrong)).rejects.toMatchObject({ code: 'wrong-key' });
    await until(() => ann.members.every(({ name, present }) => name !== 'eve' || !present));
  });

  test('is entered with its passphrase, which is asked for', async () => {
    const doorOf = street();
    const passphrase = 'four words are better';
    const ann = await entered(doorOf('ann').create({ access: 'passphrase', passphrase }));
    expect(ann.link).toMatch(/,passphrase$/);
    await expect(doorOf('bob').join(ann.link)).rejects.toMatchObject({ code: 'passphrase-needed' });
    const done: number[] = [];
    const bob = await entered(
      doorOf('bob').join(ann.code, { passphrase, onProgress: (part) => done.push(part) }),
    );
    expect(done.at(-1)).toBe(1);
    await until(() => bob.members.some(({ role }) => role === 'creator'));
    const wrong = doorOf('eve').join(ann.link, { passphrase: 'four other words' });
    await expect(wrong).rejects.toMatchObject({ code: 'wrong-passphrase' });
    const short = doorOf('eve').join(ann.link, { passphrase: 'short' });
    await expect(short).rejects.toThrow(/at least 8/);
  });

  test('is given up while the key is made', async () => {
    const doorOf = street();
    const giveUp = new AbortController();
    const entering = doorOf('ann').create({
      ...{ access: 'passphrase', passphrase: 'four words are better', signal: giveUp.signal },
      onProgress: () => giveUp.abort(),
    });
    await expect(entering).rejects.toMatchObject({ code: 'aborted' });
  });
});

/** Signaling behind which nobody answers. */
function unreachable(): Signaling {
  return {
    ...{ state: 'idle', you: undefined, members: new Map(), iceServers: [] },
    join: () => Promise.reject(new SignalingError('unreachable', 'nobody answers')),
    signal: () => 'closed',
    broadcast: () => 'closed',
    relay: () => 'closed',
    on: () => () => {},
    close: () => {},
  };
}
