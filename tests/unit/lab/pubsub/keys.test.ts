/** Keys that members give to each other: who is out cannot read what comes after, and those who stay lose nothing. */

import { describe, expect, test } from 'vitest';
import type { PubSub } from '../../../../src/lab/pubsub/create-pubsub.ts';
import type { PubSubEvent } from '../../../../src/lab/pubsub/pubsub-view.ts';
import type { Subscription } from '../../../../src/lab/pubsub/subscription.ts';
import { newGroup, read, type Group } from '../../../support/pubsub-group.ts';

/** For a busy machine; most take a second or two, which an election takes. */
const PATIENCE_MS = 30_000;

/**
 * A busy machine is silent for a while, and should not be missed for that; and the layer below sends to everybody, those as well who are out,
 * as a network does that others listen to.
 */
const PATIENT = { settings: { detector: { acceptable_pause: 2 }, spread: 'layer' } };

const DISTRIBUTED = { security: { authentication: false }, ...PATIENT };

const start = (group: Group, ...ids: string[]): Promise<PubSub[]> =>
  Promise.all(ids.map((id) => group.start(id, DISTRIBUTED)));

const eventsOf = (member: PubSub): PubSubEvent[] => {
  const events: PubSubEvent[] = [];
  member.on((event) => events.push(event));
  return events;
};

const texts = async (subscription: Subscription, count: number) =>
  (await read(subscription, count)).map(({ payload }) => payload);

const sorted = async (subscription: Subscription, count: number) =>
  (await texts(subscription, count)).map(String).toSorted((a, b) => (a < b ? -1 : 1));

const isOut = (node: string) =>
  expect.objectContaining({ detail: expect.objectContaining({ node, is: 'out' }) });

describe('keys that members give to each other', { timeout: PATIENCE_MS }, () => {
  test('everybody reads what everybody says; who is put out reads nothing of what comes after', async () => {
    const group = newGroup();
    const [one, two, three] = (await start(group, 'n1', 'n2', 'n3')) as [PubSub, PubSub, PubSub];
    const [events, theirs] = [eventsOf(one), eventsOf(three)];
    const rooms = await Promise.all([one, two, three].map((member) => member.subscribe('chat')));
    await Promise.all([one, two, three].map((member) => member.publish('chat', `of ${member.id}`)));
    for (const room of rooms) {
      expect(await sorted(room, 3)).toEqual(['of n1', 'of n2', 'of n3']);
    }
    await two.remove('n3');
    await expect.poll(() => events).toContainEqual(isOut('n3'));
    await one.publish('chat', 'among us');
    await two.publish('chat', 'yes');
    expect(await sorted(rooms[0]!, 2)).toEqual(['among us', 'yes']);
    expect(await sorted(rooms[1]!, 2)).toEqual(['among us', 'yes']);
    // It still hears some of the network, as others could.
    const unread = () => theirs.filter(({ kind }) => kind === 'undecipherable').length;
    await expect.poll(unread, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(rooms[2]!.waiting).toBe(0);
  });

  test('who was away while keys changed catches up; two who change them at once are not in each other’s way', async () => {
    const group = newGroup(5);
    const members = await start(group, ...group.ids);
    const [one, two, three] = members as [PubSub, PubSub, PubSub];
    const events = [one, two].map(eventsOf);
    await three.subscribe('chat');
    await one.publish('chat', 'first');
    three.kill();
    await Promise.all([one.remove('n5'), two.remove('n4')]);
    for (const each of events) {
      await expect.poll(() => each).toContainEqual(isOut('n4'));
      await expect.poll(() => each).toContainEqual(isOut('n5'));
    }
    const [ours, others] = await Promise.all([one.subscribe('talk'), two.subscribe('talk')]);
    await Promise.all([one.publish('talk', 'second'), two.publish('talk', 'third')]);
    for (const room of [ours, others]) {
      expect(await sorted(room, 2)).toEqual(['second', 'third']);
    }
    const [again] = (await start(group, 'n3')) as [PubSub];
    const whole = await again.subscribe('+', { history: true });
    expect(await sorted(whole, 3)).toEqual(['first', 'second', 'third']);
    await again.publish('talk', 'fourth');
    expect(await texts(ours, 1)).toEqual(['fourth']);
  });

  test('a late member reads what was said before, from whoever is there; but not what was said while it was out', async () => {
    const group = newGroup(4);
    const [one, two, three] = (await start(group, 'n1', 'n2', 'n3')) as [PubSub, PubSub, PubSub];
    const events = [one, two].map(eventsOf);
    await one.publish('chat', 'early');
    const room = await two.subscribe('chat', { history: true });
    expect(await texts(room, 1)).toEqual(['early']);
    await two.remove('n4');
    for (const each of events) await expect.poll(() => each).toContainEqual(isOut('n4'));
    await one.publish('chat', 'private');
    await two.admit('n4');
    const back = expect.objectContaining({ detail: { node: 'n4', is: 'in' } });
    for (const each of events) await expect.poll(() => each).toContainEqual(back);
    await two.publish('chat', 'hello again');
    expect(await texts(room, 2)).toEqual(['private', 'hello again']);
    // Whoever said it is gone: the others answer in its place.
    one.kill();
    const [four] = (await start(group, 'n4')) as [PubSub];
    const theirs = eventsOf(four);
    const late = await four.subscribe('chat', { history: true });
    expect(await texts(late, 2)).toEqual(['early', 'hello again']);
    expect(theirs).toContainEqual({
      kind: 'undecipherable',
      detail: {
        ...{ origin: 'n1', topic: 'chat' },
        why: 'it was published while this member did not belong to the group',
      },
    });
    expect(late.waiting).toBe(0);
    three.kill();
  });
});

test('topics of the group itself are not for programs', async () => {
  const group = newGroup(1);
  const one = await group.start('n1', { ...DISTRIBUTED, settings: { registry_by: 'local' } });
  await expect(one.publish('$parley/keys', 1)).rejects.toThrow(/group's own/);
  expect(() => one.rotateKey(new Uint8Array(32))).toThrow(/members make their keys/);
});
