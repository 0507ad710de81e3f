/** What every implementation of `Signaling` promises of who a member is: keys, incarnations, nodes. */
import { expect, test } from 'vitest';
import {
  SignalingError,
  type JoinRequest,
  type Signaling,
} from '../../src/net/signaling/signaling.ts';
import { newKey, settle, tab, type Joined } from '../support/signaling-tabs.ts';
import type { Join } from './signaling.suite.ts';

/** Declares the tests of keys. */
export function keyTests(join: Join, connect: () => Signaling): void {
  test('a key that is not proven is refused, and nobody saw its member', async () => {
    const ada = await join();
    const [key, other] = [newKey(), newKey()];
    const stranger = connect();
    const rejected = stranger.join(tab({ publicKey: key.publicKey, sign: other.sign }));
    await expect(rejected).rejects.toMatchObject({
      code: 'bad-proof',
      message: expect.stringContaining('not proven'),
    });
    expect(stranger.state).toBe('idle');
    const bob = await join();
    await settle(bob.signaling, ada);
    expect(ada.heard.all('joined')).toEqual([bob.signaling.you]);
  });

  test('a key of small order is refused: every signature fits it', async () => {
    const signature = new Uint8Array(64);
    signature[0] = 1;
    const publicKey = `01${'00'.repeat(31)}`;
    await expect(join({ publicKey, sign: () => signature })).rejects.toMatchObject({
      code: 'bad-proof',
      message: expect.stringContaining('small order'),
    });
  });

  test('a key that cannot sign is named, whether it throws at once or later', async () => {
    const { publicKey } = newKey();
    const failure = new Error('the key is locked');
    const signs: JoinRequest['sign'][] = [
      () => {
        throw failure;
      },
      () => Promise.reject(failure),
    ];
    for (const sign of signs) {
      await expect(join({ publicKey, sign: sign! })).rejects.toMatchObject({
        code: 'cannot-sign',
        message: expect.stringContaining('the key is locked'),
      });
    }
  });

  test('a member id is bound to the key that was proven for it, present or departed', async () => {
    const ada = await join();
    const bob = await join(newKey());
    const { publicKey: _key, sign: _sign, ...keyless } = bob.request;
    const thieves = [
      { ...keyless, incarnation: 9 },
      { ...bob.request, ...newKey(), incarnation: 9 },
    ];
    for (const thief of thieves) {
      await expect(connect().join(thief)).rejects.toMatchObject({
        code: 'member-taken',
        message: expect.stringContaining('bound to another key'),
      });
    }
    bob.signaling.close();
    await ada.heard.until('left');
    for (const thief of thieves) {
      await expect(connect().join(thief)).rejects.toMatchObject({ code: 'member-taken' });
    }
    const back = await join({ ...bob.request, incarnation: 2 });
    expect(back.signaling.you).toMatchObject({ order: 1, incarnation: 2 });
  });

  test('the key is enough: a tab that lost its token finds its place by it', async () => {
    const bob = await join(newKey());
    const again = await join({
      ...bob.request,
      token: 'another-token-than-before',
      incarnation: 2,
    });
    expect(again.signaling.you?.order).toBe(0);
    const ended = await bob.heard.until('state', ({ state }) => state === 'closed');
    expect(ended.error).toMatchObject({ code: 'superseded' });
  });

  test('a member without a key may show one later, and is bound to it then', async () => {
    const bob = await join();
    const key = newKey();
    const later = await join({ ...bob.request, ...key, incarnation: 2 });
    expect(later.signaling.you?.publicKey).toBe(key.publicKey);
    await expect(join({ ...bob.request, incarnation: 3 })).rejects.toMatchObject({
      code: 'member-taken',
    });
  });
}

/** Declares the tests of incarnations and member ids. */
export function incarnationTests(join: Join, connect: () => Signaling): void {
  test('a reloaded tab replaces its ghost, whose late close hurts nobody', async () => {
    const ada = await join();
    const ghost = await join({ node: 'n2' });
    await join();
    const reloaded = await join({ ...ghost.request, incarnation: 2, name: 'Bob' });
    expect(reloaded.signaling.you).toEqual({
      member: ghost.request.member,
      incarnation: 2,
      order: 1,
      node: 'n2',
      name: 'Bob',
    });
    const ended = await ghost.heard.until('state', ({ state }) => state === 'closed');
    expect(ended.error).toMatchObject({ code: 'superseded' });
    ghost.signaling.close();
    await settle(reloaded.signaling, ada);
    const { member } = ghost.request;
    expect(ada.heard.all('left')).toEqual([{ member, incarnation: 1, reason: 'superseded' }]);
    expect(ada.heard.all('joined').at(-1)).toEqual(reloaded.signaling.you);
    expect(ada.signaling.members.get(member)).toEqual(reloaded.signaling.you);
    expect(reloaded.signaling.members.has(member)).toBe(false);
    await settle(ada.signaling, reloaded);
  });

  test('the same incarnation on a new connection never left', async () => {
    const ada = await join();
    const bob = await join();
    const again = await join(bob.request);
    await bob.heard.until('state', ({ state }) => state === 'closed');
    await settle(again.signaling, ada);
    expect(ada.heard.all('left')).toEqual([]);
    expect(ada.heard.all('joined')).toHaveLength(1);
    expect(again.signaling.you?.order).toBe(1);
  });

  test('a tab that left finds its order and its node again', async () => {
    const ada = await join();
    const bob = await join({ node: 'n7' });
    bob.signaling.close();
    await ada.heard.until('left');
    const { node: _node, ...withoutNode } = bob.request;
    const eve = await join();
    expect(eve.signaling.you?.order).toBe(2);
    const back = connect();
    const { you } = await back.join({ ...withoutNode, incarnation: 2 });
    expect(you).toMatchObject({ order: 1, node: 'n7', incarnation: 2 });
  });

  test('only so many departed tabs are remembered, the latest', async () => {
    const watcher = await join();
    const departed: Joined[] = [];
    for (let index = 1; index <= 3; index++) {
      const member = await join();
      member.signaling.close();
      await watcher.heard.until('left', (event) => event.member === member.request.member);
      departed.push(member);
    }
    expect((await join(departed[2]!.request)).signaling.you?.order).toBe(3);
    expect((await join(departed[0]!.request)).signaling.you?.order).toBe(4);
  });

  test('another tab cannot take a member id, present or departed', async () => {
    const ada = await join();
    const bob = await join();
    const thief = { ...tab(), member: bob.request.member, incarnation: 9 };
    await expect(join(thief)).rejects.toMatchObject({
      code: 'member-taken',
      message: expect.stringContaining('new member id'),
    });
    bob.signaling.close();
    await ada.heard.until('left');
    await expect(join(thief)).rejects.toMatchObject({ code: 'member-taken' });
  });

  test('an older incarnation is turned away, even when the newer has left', async () => {
    const ada = await join();
    const bob = await join({ incarnation: 5 });
    const older = { ...bob.request, incarnation: 4 };
    await expect(join(older)).rejects.toMatchObject({ code: 'superseded' });
    await settle(bob.signaling, ada);
    expect(bob.signaling.state).toBe('joined');
    bob.signaling.close();
    await ada.heard.until('left');
    await expect(join(older)).rejects.toMatchObject({ code: 'superseded' });
  });

  test('a claimed former order is honoured where it is free, and moves nobody else', async () => {
    const orders: (number | undefined)[] = [];
    for (const formerOrder of [2, 2, undefined, 0]) {
      const claim = formerOrder === undefined ? {} : { formerOrder };
      orders.push((await join(claim)).signaling.you?.order);
    }
    expect(orders).toEqual([2, 1, 3, 0]);
  });
}

/** Declares the tests of pinned nodes. */
export function nodeTests(join: Join, connect: () => Signaling): void {
  test('a pinned node has one holder, and the error says which and what to do', async () => {
    const ada = await join({ node: 'n1', name: 'Ada' });
    const bob = connect();
    const request = tab();
    const rejected = bob.join({ ...request, node: 'n1' });
    await expect(rejected).rejects.toBeInstanceOf(SignalingError);
    await expect(rejected).rejects.toMatchObject({ code: 'node-taken' });
    await expect(rejected).rejects.toThrow(/Node n1 .*"Ada".*Close that tab, choose another node/);
    expect(bob.state).toBe('idle');
    expect((await bob.join({ ...request, node: 'n2' })).you.node).toBe('n2');
    await settle(bob, ada);
    expect(ada.heard.all('joined')).toHaveLength(1);
  });

  test('the node of a departed member is free; its old holder then gets none', async () => {
    const ada = await join();
    const bob = await join({ node: 'n1' });
    bob.signaling.close();
    await ada.heard.until('left');
    const eve = await join({ node: 'n1' });
    expect(eve.signaling.you?.node).toBe('n1');
    const { node, ...withoutNode } = bob.request;
    await expect(join({ ...withoutNode, node: node! })).rejects.toMatchObject({
      code: 'node-taken',
    });
    expect((await join(withoutNode)).signaling.you?.node).toBeUndefined();
  });

  test('a reloaded tab keeps or changes its own node', async () => {
    const bob = await join({ node: 'n1' });
    const reloaded = await join({ ...bob.request, incarnation: 2 });
    expect(reloaded.signaling.you?.node).toBe('n1');
    const changed = await join({ ...bob.request, incarnation: 3, node: 'n2' });
    expect(changed.signaling.you?.node).toBe('n2');
  });
}
