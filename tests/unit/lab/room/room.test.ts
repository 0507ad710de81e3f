/** A room's members: what each may do, what the others make of it, and what nobody may. */

import { describe, expect, test } from 'vitest';
import { payloadOf, readPayload } from '../../../../src/lab/room/messages.ts';
import type { Statement } from '../../../../src/lab/room/statement.ts';
import type { Signaling } from '../../../../src/net/signaling/signaling.ts';
import { directors, line, mine, PING, RoomWorld, until } from './room-world.ts';
import { Speaker } from './speaker.ts';

const aboutOf = (name: string) => ({
  ...{ name, isObserver: false, clockMs: Date.now() },
  capabilities: { browser: 'x', webrtc: true, webcrypto: true, transfersChannels: true },
});

describe('members', () => {
  test('know one another by name, key and what they can do', async () => {
    const [ann, bob] = await new RoomWorld().gather('ann', 'bob');
    await until(() => line(bob!, 'ann')?.capabilities !== undefined);
    expect(line(bob!, 'ann')).toMatchObject({
      role: 'creator',
      order: 1,
      mayDirect: true,
      isHub: true,
    });
    expect(mine(bob!)).toMatchObject({ role: 'member', order: 2, mayDirect: false, name: 'bob' });
    expect(line(bob!, 'ann').fingerprint).toBe(mine(ann!).fingerprint);
    expect(mine(ann!).fingerprint).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(mine(ann!).fingerprint).not.toBe(mine(bob!).fingerprint);
  });

  test('are linked to the hub, and hear one another through it', async () => {
    const [, bob, cleo] = await new RoomWorld().gather('ann', 'bob', 'cleo');
    await until(() => line(bob!, 'ann').way === 'relay' && line(cleo!, 'ann').way === 'relay');
    expect(line(bob!, 'cleo').way).toBe('hub');
    bob!.setName('Robert');
    await until(() => line(cleo!, 'Robert') !== undefined);
  });

  test('that came later learn what stands', async () => {
    const world = new RoomWorld(false);
    const [ann] = await world.gather('ann', 'bob');
    ann!.propose(PING);
    ann!.grant(line(ann!, 'bob').member);
    await until(() => ann!.choice !== undefined && directors(ann!).length === 2);
    const cleo = await world.enter('cleo');
    await until(() => cleo.choice?.algorithm === 'pingpong' && directors(cleo).length === 2);
  });
});

describe('what only some may do', () => {
  test('is done by whom the right is given, and no more when it is taken back', async () => {
    const [ann, bob] = await new RoomWorld().gather('ann', 'bob');
    bob!.propose(PING);
    expect(bob!.choice).toBe(undefined);
    const { member } = line(ann!, 'bob');
    ann!.grant(member);
    await until(() => bob!.mayDirect);
    bob!.propose(PING);
    await until(() => ann!.choice?.algorithm === 'pingpong');
    expect(bob!.mayManage).toBe(false);
    ann!.grant(member, false);
    await until(() => !bob!.mayDirect);
  });

  test('is not believed of anybody else, however it is signed', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await world.gather('ann', 'bob');
    const { signaling, identity } = await world.stranger('eve');
    await until(() => bob!.members.length === 3);
    const eve = new Speaker(identity.member, 99);
    const asAnn = { ...(await eve.says('choice', PING, Date.now())), by: mine(ann!).member };
    signaling.broadcast(payloadOf([await eve.says('choice', PING, Date.now())]));
    signaling.broadcast(payloadOf([asAnn]));
    await until(() => bob!.notices.some(({ text }) => text.includes('did not say')));
    expect(bob!.choice).toBe(undefined);
    expect(ann!.choice).toBe(undefined);
  });
});

describe('a member that is sent away', () => {
  test('leaves, says by whom, and is kept out until it is let in again', async () => {
    const world = new RoomWorld();
    const [ann] = await world.gather('ann', 'bob');
    const identity = world.newIdentity('cleo', 50);
    const cleo = await world.enter('cleo', { identity });
    await until(() => line(ann!, 'cleo') !== undefined && mine(cleo).role === 'member');
    await until(() => line(cleo, 'ann')?.role === 'creator');
    ann!.kick(identity.member);
    await until(() => cleo.ending !== undefined);
    expect(cleo.ending).toMatchObject({ kind: 'kicked' });
    expect(cleo.ending!.text).toContain('ann');
    expect(line(ann!, 'cleo').isKicked).toBe(true);

    const again = await world.enter('cleo', { identity: { ...identity, incarnation: 2 } });
    await until(() => again.ending?.kind === 'kicked');
    ann!.kick(identity.member, false);
    const third = await world.enter('cleo', { identity: { ...identity, incarnation: 3 } });
    await until(() => directors(third).includes('ann'));
    expect(third.ending).toBe(undefined);
  });

  test('is not heard any more, even if it stays', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await world.gather('ann', 'bob');
    const { signaling, identity } = await world.stranger('eve');
    const eve = new Speaker(identity.member, 99);
    signaling.broadcast(payloadOf([await eve.says('about', aboutOf('Eve'))]));
    await until(() => line(ann!, 'Eve') !== undefined && line(bob!, 'Eve') !== undefined);
    ann!.kick(identity.member);
    await until(() => line(bob!, 'Eve').isKicked);
    signaling.broadcast(payloadOf([await eve.says('about', aboutOf('Mallory'))]));
    // What comes after it has been heard.
    signaling.broadcast({ parley: 'room', version: 1 });
    await until(() => bob!.notices.length > 0);
    ann!.setName('Anna');
    await until(() => line(bob!, 'Anna') !== undefined);
    expect(line(bob!, 'Mallory')).toBe(undefined);
  });

  test('is not sent away by somebody who only directs', async () => {
    const [ann, bob, cleo] = await new RoomWorld().gather('ann', 'bob', 'cleo');
    ann!.grant(line(ann!, 'bob').member);
    await until(() => bob!.mayDirect);
    bob!.kick(mine(cleo!).member);
    bob!.propose(PING);
    await until(() => cleo!.choice !== undefined);
    expect(cleo!.ending).toBe(undefined);
  });
});

describe('when the creator leaves', () => {
  test('the first who remains takes over, and gives it back when the creator returns', async () => {
    const world = new RoomWorld();
    const identity = world.newIdentity('ann', 70);
    const ann = await world.enter('ann', { identity });
    const bob = await world.enter('bob');
    const cleo = await world.enter('cleo');
    await until(() => [bob, cleo].every((room) => directors(room).join() === 'ann'));
    ann.leave();
    await until(() => bob.mayManage && line(cleo, 'bob').isHub);
    expect(cleo.mayDirect).toBe(false);
    bob.propose(PING);
    await until(() => cleo.choice !== undefined);

    const again = await world.enter('ann', { identity: { ...identity, incarnation: 2 } });
    await until(() => again.mayManage && !bob.mayManage && !cleo.mayManage);
    // What the other did in the meantime stands.
    await until(() => again.choice?.algorithm === 'pingpong');
  });

  test('one that comes later, and never saw the creator, follows the same member', async () => {
    const world = new RoomWorld();
    const [ann, bob] = await world.gather('ann', 'bob');
    ann!.leave();
    await until(() => bob!.mayManage);
    const cleo = await world.enter('cleo');
    await until(() => directors(cleo).join() === 'bob');
  });
});

describe('what was said before', () => {
  /** A room in which everything is played again to whoever comes, before anybody can answer. */
  async function playedAgain(change: (statements: readonly Statement[]) => readonly Statement[]) {
    const world = new RoomWorld(false);
    const held = gated(world.hub.connect());
    const ann = await world.enter('ann', { signaling: held.signaling });
    const identity = world.newIdentity('cleo', 80);
    const bob = await world.enter('bob');
    await until(() => line(bob, 'ann')?.role === 'creator');
    ann.propose({ ...PING, timeoutSeconds: 11 });
    await until(() => bob.choice?.timeoutSeconds === 11);
    const first = world.hub.connect();
    const told: unknown[] = [];
    first.on('signal', ({ payload }) => told.push(payload));
    const before = await world.enter('cleo', { identity, signaling: first });
    await until(() => before.choice?.timeoutSeconds === 11);
    ann.propose({ ...PING, timeoutSeconds: 22 });
    await until(() => before.choice?.timeoutSeconds === 22);
    before.leave();

    const { signaling, identity: hers } = await world.stranger('eve');
    const marker = await new Speaker(hers.member, 99).says('about', aboutOf('Eve'));
    const statements = change(told.flatMap((payload) => readPayload(payload) as Statement[]));
    signaling.on('joined', ({ member }) => {
      signaling.signal(member, payloadOf([...statements, marker]));
    });
    held.isOpen = false;
    const again = await world.enter('cleo', { identity: { ...identity, incarnation: 2 } });
    await until(() => line(again, 'Eve') !== undefined);
    return { again, release: () => held.release() };
  }

  test('is not taken for what stands by a newcomer', async () => {
    const { again, release } = await playedAgain((statements) =>
      statements.filter(({ kind }) => kind === 'charter' || kind === 'choice'),
    );
    // It knows whose room it is, so it could tell that a director said it; but not when.
    expect(line(again, 'ann').role).toBe('creator');
    expect(again.choice).toBe(undefined);
    release();
    await until(() => again.choice?.timeoutSeconds === 22);
  });

  test('does not welcome it, either', async () => {
    const { again, release } = await playedAgain((statements) => statements);
    expect(again.choice).toBe(undefined);
    release();
    await until(() => again.choice?.timeoutSeconds === 22);
  });
});

/** Signaling whose signals can be held back. */
function gated(inner: Signaling) {
  const waiting: (() => void)[] = [];
  const gate = {
    isOpen: true,
    release: () => {
      gate.isOpen = true;
      for (const send of waiting.splice(0)) send();
    },
    signaling: new Proxy(inner, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name !== 'signal') return value.bind(target);
        return (to: string, payload: unknown) => {
          if (gate.isOpen) return target.signal(to, payload);
          waiting.push(() => target.signal(to, payload));
          return 'queued';
        };
      },
    }),
  };
  return gate;
}

describe('keys', () => {
  test('of a member that change are refused and named', async () => {
    const world = new RoomWorld();
    const [ann] = await world.gather('ann', 'bob');
    const bobs = line(ann!, 'bob').member;
    ann!.leave();
    // A server that has forgotten the room, and with it whose name is whose.
    const other = new RoomWorld();
    const storage = new Map<string, string>();
    const memory = { keys: { [bobs]: 'ab'.repeat(32) } };
    storage.set('parley/room/ROOM23', JSON.stringify(memory));
    const { RoomMemories } = await import('../../../../src/lab/room/room-memory.ts');
    const memories = new RoomMemories({
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
    });
    const cleo = await other.enter('cleo', { page: { memories } });
    await other.enter('bob', { identity: { ...other.newIdentity('bob'), member: bobs } });
    await until(() => cleo.notices.some(({ text }) => /another key/.test(text)));
    expect(cleo.members.map(({ member }) => member)).not.toContain(bobs);
  });
});

test('a copy of a tab takes its place, and the first says so', async () => {
  const world = new RoomWorld();
  const identity = world.newIdentity('bob', 60);
  await world.enter('ann');
  const bob = await world.enter('bob', { identity });
  const copy = await world.enter('bob', { identity: { ...identity, incarnation: 2 } });
  await until(() => bob.ending?.kind === 'superseded');
  expect(copy.ending).toBe(undefined);
  expect(copy.members).toHaveLength(2);
});

test('a page of another version is named', async () => {
  const world = new RoomWorld();
  const ann = await world.enter('ann');
  const { signaling } = await world.stranger('old');
  signaling.broadcast({ parley: 'room', version: 1, statements: [] });
  await until(() => ann.notices.some(({ text }) => /another version/.test(text)));
});
