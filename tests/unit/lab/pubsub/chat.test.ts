/** A chat over a group in one process: order through a pulled cable, what is refused and how it is said, what others cannot do, what is remembered. */

import { expect, test, vi } from 'vitest';
import { Chat } from '../../../../src/lab/pubsub/chat/chat.ts';
import {
  blank,
  recall,
  remember,
  type Remembered,
} from '../../../../src/lab/pubsub/chat/memory.ts';
import { LINES_MAX, Transcript, type Line } from '../../../../src/lab/pubsub/chat/transcript.ts';
import { readTopic, readTopicName, textIn } from '../../../../src/lab/pubsub/chat/words.ts';
import { fc } from '../../../support/property.ts';
import { newGroup, type Group } from '../../../support/pubsub-group.ts';

/** For a busy machine; most take a second, which an election takes. */
const PATIENCE = { timeout: 30_000 };
const soon = { timeout: 20_000, interval: 20 };

const PLACES = { members: ['n1', 'n2', 'n3'], others: ['n4'] };

async function enter(group: Group, id: string, memory: Remembered = blank()) {
  const pubsub = await group.start(id, PLACES);
  let kept = memory;
  const chat = new Chat(PLACES.members, memory, (changed) => (kept = changed));
  await chat.attach(pubsub);
  return { chat, pubsub, kept: () => kept };
}

const said = (chat: Chat, topic = 'general') => chat.lines(topic).map(({ text }) => text);

test('two sides of a pulled cable find everything in one order', PATIENCE, async () => {
  const group = newGroup(3);
  const [ann, ben, cem] = await Promise.all(PLACES.members.map((id) => enter(group, id)));
  ann!.chat.rename('Ann');
  ann!.chat.say('general', 'hello');
  await vi.waitFor(() => expect(said(cem!.chat)).toEqual(['hello']), soon);
  expect(cem!.chat.nameOf('n1')).toBe('Ann');
  group.network.cut((from, to) => (from === 'n3') !== (to === 'n3'));
  await vi.waitFor(
    () => expect(cem!.chat.reach).toEqual({ heard: 1, of: 3, hasMajority: false }),
    soon,
  );
  expect(await cem!.chat.join('lonely')).toMatch(
    /^Only 1 of 3 are heard, and 2 have to agree: topics can be joined and left when more are back/,
  );
  expect(ben!.chat.reach.hasMajority).toBe(true);
  cem!.chat.say('general', 'alone');
  ann!.chat.say('general', 'where is Cem?');
  await vi.waitFor(() => expect(said(ben!.chat)).toContain('where is Cem?'), soon);
  ben!.chat.say('general', 'asleep, I suppose');
  await vi.waitFor(() => expect(said(ann!.chat)).toHaveLength(3), soon);
  const own = cem!.chat.lines('general').find(({ text }) => text === 'alone')!;
  expect(cem!.chat.waitsFor(own)).toEqual(expect.arrayContaining(['n1', 'n2']));
  group.network.cut();
  for (const { chat } of [ann!, ben!, cem!])
    await vi.waitFor(() => expect(said(chat)).toHaveLength(4), soon);
  expect(said(ben!.chat)).toEqual(said(ann!.chat));
  expect(said(cem!.chat)).toEqual(said(ann!.chat));
  const order = said(ann!.chat);
  expect(order.indexOf('asleep, I suppose')).toBeGreaterThan(order.indexOf('where is Cem?'));
  await vi.waitFor(() => expect(cem!.chat.waitsFor(own)).toEqual([]), soon);
  expect(await cem!.chat.join('lonely')).toBeUndefined();
});

test(
  'who comes later, as a guest, finds topics, names and history; and counts for no majority',
  PATIENCE,
  async () => {
    const group = newGroup(4);
    const [ann, ben] = await Promise.all(PLACES.members.map((id) => enter(group, id)));
    // Its place has been empty for long enough to be missed, and nobody minds.
    await vi.waitFor(
      () => expect(ann!.pubsub.members.find(({ id }) => id === 'n4')?.isHere).toBe(false),
      soon,
    );
    expect(ann!.chat.reach).toEqual({ heard: 3, of: 3, hasMajority: true });
    ben!.chat.rename('Ben');
    expect(await ann!.chat.join('excursion')).toBeUndefined();
    ann!.chat.describe('excursion', 'by train');
    ann!.chat.say('excursion', 'to the lake?');
    const dan = await enter(group, 'n4');
    const topic = () => dan.chat.topics.find(({ name }) => name === 'excursion');
    await vi.waitFor(
      () => expect(topic()).toMatchObject({ description: 'by train', people: ['n1'] }),
      soon,
    );
    await vi.waitFor(() => expect(dan.chat.nameOf('n2')).toBe('Ben'), soon);
    expect(await dan.chat.join('excursion')).toBeUndefined();
    await vi.waitFor(() => expect(said(dan.chat, 'excursion')).toEqual(['to the lake?']), soon);
    dan.chat.say('excursion', 'yes');
    await vi.waitFor(
      () => expect(ann!.chat.topics.find(({ name }) => name === 'excursion')?.unread).toBe(1),
      soon,
    );
    ann!.chat.show('excursion');
    expect(ann!.chat.topics.find(({ name }) => name === 'excursion')?.unread).toBe(0);
    expect(await ann!.chat.leave('excursion')).toBeUndefined();
    expect(ann!.chat.topics.find(({ name }) => name === 'excursion')?.isJoined).toBe(false);
  },
);

test(
  'over a restart nothing is lost or doubled, and what was written without a member is sent',
  PATIENCE,
  async () => {
    const group = newGroup(3);
    const [ann, ben] = await Promise.all(PLACES.members.map((id) => enter(group, id)));
    ben!.chat.say('general', 'one');
    await vi.waitFor(() => expect(said(ann!.chat)).toEqual(['one']), soon);
    ann!.chat.show('general');
    ann!.pubsub.kill();
    ben!.chat.say('general', 'two');
    const offline = new Chat(PLACES.members, ann!.kept());
    expect(said(offline)).toEqual(['one']);
    expect(offline.say('general', 'written offline')).toBeUndefined();
    expect(offline.waiting).toEqual([{ topic: 'general', text: 'written offline' }]);
    expect(await offline.join('other')).toMatch(/not in the chat yet/);
    await offline.attach(await group.start('n1', PLACES));
    await vi.waitFor(
      () =>
        expect(said(offline)).toEqual(expect.arrayContaining(['one', 'two', 'written offline'])),
      soon,
    );
    expect(said(offline)).toHaveLength(3);
    expect(offline.waiting).toEqual([]);
    expect(offline.topics.find(({ name }) => name === 'general')?.unread).toBe(1);
    await vi.waitFor(() => expect(said(ben!.chat)).toEqual(said(offline)), soon);
  },
);

test('nobody is named by another, and what is no message is not shown', PATIENCE, async () => {
  const group = newGroup(3);
  const [ann, , cem] = await Promise.all(PLACES.members.map((id) => enter(group, id)));
  await cem!.pubsub.publish('people/n1', { name: 'Mallory' }, { retain: true });
  for (const payload of ['text', 7, null, { text: '' }, { text: 'x'.repeat(5000) }, { words: 1 }])
    await cem!.pubsub.publish('talk/general', payload);
  await cem!.pubsub.publish('talk/general', { text: '<b>markup</b>' });
  await cem!.pubsub.publish(
    'about/constructor',
    { text: 'a name of every object' },
    { retain: true },
  );
  await vi.waitFor(() => expect(said(ann!.chat)).toEqual(['<b>markup</b>']), soon);
  expect(ann!.chat.nameOf('n1')).toBe('n1');
  await vi.waitFor(
    () => expect(ann!.chat.topics.map(({ name }) => name)).toContain('constructor'),
    soon,
  );
  expect(ann!.chat.draft('constructor')).toBe('');
  expect(ann!.chat.say('general', '  ')).toBe('Write something first.');
  expect(ann!.chat.say('general', 'x'.repeat(4001))).toMatch(/at most 4000/);
});

test('a transcript has one order, whatever comes first', () => {
  const line = fc.record({
    origin: fc.constantFrom('a', 'b'),
    life: fc.constantFrom(1, 2),
    sequence: fc.integer({ min: 1, max: 9 }),
    lamport: fc.integer({ min: 1, max: 5 }),
  });
  const lines = fc.uniqueArray(line, {
    selector: ({ origin, life, sequence }) => `${life}/${origin}:${sequence}`,
  });
  const orders = fc.property(fc.tuple(lines, fc.infiniteStream(fc.nat())), ([given, dice]) => {
    const whole = given.map((one): Line => ({ ...one, sentAt: 0, text: '', isLate: false }));
    const shuffled = whole
      .map((one) => [dice.next().value, one] as const)
      .toSorted(([a], [b]) => a - b);
    const [first, second] = [new Transcript(), new Transcript()];
    for (const one of whole) expect(first.add(one, false)).toBe(true);
    for (const [, one] of shuffled) second.add(one, false);
    for (const [, one] of shuffled) expect(second.add(one, false)).toBe(false);
    expect(second.lines).toEqual(first.lines);
    const lamports = first.lines.map(({ lamport }) => lamport);
    expect(lamports).toEqual(lamports.toSorted((a, b) => a - b));
    second.markRead();
    expect(second.unread('a')).toBe(0);
  });
  fc.assert(orders);
  const long = new Transcript();
  for (let sequence = 1; sequence <= LINES_MAX + 5; sequence++)
    long.add({
      origin: 'a',
      life: 1,
      sequence,
      lamport: sequence,
      sentAt: 0,
      text: '',
      isLate: false,
    });
  expect([long.lines.length, long.lines[0]!.sequence]).toEqual([LINES_MAX, 6]);
});

test('names of topics are read as people write them, and memories as nobody has touched them', () => {
  expect(readTopicName(' #Summer Party ')).toEqual({ name: 'summer-party' });
  for (const bad of ['', '#', 'a/b', 'a+', '-a', 'x'.repeat(41), '<b>'])
    expect(readTopicName(bad), bad).toHaveProperty('problem');
  expect(readTopic('talk/general')).toEqual(['talk', 'general']);
  for (const bad of ['talk', 'talk/', 'other/general', `talk/${'x'.repeat(41)}`])
    expect(readTopic(bad), bad).toBeUndefined();
  expect(textIn('people', { name: '  ' })).toBeUndefined();
  const store = new Map<string, string>();
  const texts = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, text: string) => void store.set(key, text),
  };
  expect(remember(texts, 'k', { ...blank(), name: 'Ann' })).toBe(true);
  expect(recall(texts, 'k').name).toBe('Ann');
  store.set('k', '{"name":7}');
  expect(recall(texts, 'k')).toEqual(blank());
  const full = {
    ...texts,
    setItem: () => {
      throw new Error('full');
    },
  };
  expect(remember(full, 'k', blank())).toBe(false);
});
