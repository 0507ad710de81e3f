/** A group as a program uses it: three members in one process, with real signatures and encryption. TC-01 to TC-08 are those of DAPSS. */

import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/core/ports.ts';
import { createPubSub } from '../../../../src/lab/pubsub/create-pubsub.ts';
import type { PubSubEvent } from '../../../../src/lab/pubsub/pubsub-view.ts';
import { QUEUE_MAX } from '../../../../src/lab/pubsub/subscription.ts';
import { MemoryStore } from '../../../../src/storage/memory.ts';
import { newGroup, read } from '../../../support/pubsub-group.ts';

/** For a busy machine; most take a second, which an election takes. */
const PATIENCE_MS = 30_000;

const texts = (messages: readonly { readonly payload: unknown }[]) =>
  messages.map(({ payload }) => payload);

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}`);

test('what one publishes, the others read, in order', { timeout: PATIENCE_MS }, async () => {
  const group = newGroup();
  const [one, two, three] = await Promise.all(group.ids.map((id) => group.start(id)));
  const [second, third] = await Promise.all([
    two!.subscribe('chat/#'),
    three!.subscribe('chat/+', { order: 'fifo' }),
  ]);
  const published = await Promise.all(lines(20).map((line) => one!.publish('chat/general', line)));
  expect(published.map(({ sequence }) => sequence)).toEqual(lines(20).map((_, i) => i + 1));
  for (const messages of await Promise.all([read(second, 20), read(third, 20)])) {
    expect(texts(messages)).toEqual(lines(20));
    expect(messages.every(({ origin, how }) => origin === 'n1' && how === 'new')).toBe(true);
  }
});

test('what is stored before it is said is signed meanwhile', async () => {
  const group = newGroup(2);
  const settings = { registry_by: 'local' };
  const disk = new MemoryStore();
  let stored = Promise.resolve();
  const putAll = disk.putAll.bind(disk);
  disk.putAll = (entries) => stored.then(() => putAll(entries));
  const signed: string[] = [];
  const real = group.signerOf('n1');
  const one = await group.start('n1', {
    settings,
    store: () => disk,
    signer: {
      ...real,
      sign: async (content) => {
        signed.push('a batch');
        return real.sign(content);
      },
    },
  });
  const news = await (await group.start('n2', { settings })).subscribe('news');
  let written = (): void => {};
  stored = new Promise((resolve) => (written = resolve));
  const published = one.publish('news', 'hello');
  await expect.poll(() => signed).toEqual(['a batch']);
  expect(news.waiting).toBe(0);
  written();
  await published;
  expect(texts(await read(news, 1))).toEqual(['hello']);
  expect(signed).toHaveLength(1);
});

test('TC-01: Lamport times grow along every answer', { timeout: PATIENCE_MS }, async () => {
  const group = newGroup();
  const [one, two] = await Promise.all(group.ids.map((id) => group.start(id)));
  const [mine, theirs] = await Promise.all([one!.subscribe('ping'), two!.subscribe('ping')]);
  let latest = 0;
  for (let round = 0; round < 5; round++) {
    await one!.publish('ping', `question ${round}`);
    const [question] = await read(theirs, 1);
    await two!.publish('ping', `answer ${round}`);
    const [, answer] = await read(mine, 2);
    await read(theirs, 1);
    expect(question!.lamport).toBeGreaterThan(latest);
    expect(answer!.lamport).toBeGreaterThan(question!.lamport);
    latest = answer!.lamport;
  }
});

test(
  'TC-02: a subscription is in everybody’s registry when it is agreed on',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const members = await Promise.all(group.ids.map((id) => group.start(id)));
    const progress: string[] = [];
    members[1]!.on(({ kind, detail }) => {
      if (kind === 'registry') progress.push((detail as { what: string }).what);
    });
    const subscription = await members[1]!.subscribe('sport/#', { order: 'total' });
    expect(progress).toEqual(['proposed', 'agreed']);
    const seen = (id: string) =>
      members.map((m) => m.members.find((each) => each.id === id)?.subscriptions);
    await expect
      .poll(() => seen('n2'), { timeout: PATIENCE_MS })
      .toEqual(members.map(() => ['total sport/#']));
    await subscription.unsubscribe();
    await expect.poll(() => seen('n2'), { timeout: PATIENCE_MS }).toEqual(members.map(() => []));
  },
);

test(
  'TC-03 and TC-07: each message once, also over a member in between',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    // n1 and n3 do not reach each other: what n1 says gets to n3 through n2.
    group.network.cut((from, to) => [from, to].every((id) => id !== 'n2'));
    const [one, , three] = await Promise.all(
      group.ids.map((id) => group.start(id, { settings: { registry_by: 'local' } })),
    );
    const far = await three!.subscribe('news');
    // From here on it is handed on. Anti-entropy would bring it as well, and does so where a busy machine takes n3 for gone.
    const reaches = () => one!.members.find(({ id }) => id === 'n3')!.isHere;
    await expect.poll(reaches, { timeout: PATIENCE_MS }).toBe(false);
    for (const line of lines(30)) await one!.publish('news', line);
    expect(texts(await read(far, 30))).toEqual(lines(30));
    expect(three!.metrics.repaired).toBeLessThan(30);
    await one!.publish('news', 'the end');
    expect(texts(await read(far, 1))).toEqual(['the end']);
    expect(far.waiting).toBe(0);
  },
);

test('TC-04: who has not subscribed hears nothing', { timeout: PATIENCE_MS }, async () => {
  const group = newGroup();
  const [one, two] = await Promise.all(group.ids.map((id) => group.start(id)));
  const weather = await two!.subscribe('weather/+');
  await one!.publish('news/today', 'not for you');
  await one!.publish('weather/today', 'rain');
  expect((await read(weather, 1)).map(({ topic }) => topic)).toEqual(['weather/today']);
  expect(weather.waiting).toBe(0);
});

test(
  'TC-05: after a restart nothing comes twice, what was missed comes, and history if one asks',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const [one, two] = await Promise.all(group.ids.map((id) => group.start(id)));
    const before = await two!.subscribe('log');
    for (const line of lines(5)) await one!.publish('log', line);
    expect(texts(await read(before, 5))).toEqual(lines(5));
    two!.kill();
    await one!.publish('log', 'while away');
    const again = await group.start('n2');
    const after = await again.subscribe('log');
    const missed = await read(after, 1);
    expect(missed).toMatchObject([{ payload: 'while away', how: 'new' }]);
    expect(after.waiting).toBe(0);

    again.kill();
    const third = await group.start('n2');
    const whole = await read(await third.subscribe('log', { history: true }), 6);
    expect(texts(whole)).toEqual([...lines(5), 'while away']);
    expect(whole.every(({ how }) => how === 'history')).toBe(true);
  },
);

test(
  'TC-06: one leads the registry, another does when it is gone, and a minority is refused',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const members = await Promise.all(group.ids.map((id) => group.start(id)));
    await members[0]!.subscribe('a');
    members[0]!.kill();
    await members[1]!.subscribe('b');
    members[1]!.kill();
    const refusal = members[2]!.subscribe('c');
    await expect(refusal).rejects.toThrow(/majority/);
    await expect.poll(() => members[2]!.hasMajority, { timeout: PATIENCE_MS }).toBe(false);
    // Then at once, with the reason.
    await expect(members[2]!.subscribe('d')).rejects.toThrow(
      /1 of 3 members can be reached.*changed again when 2 can/,
    );
  },
);

test(
  'a pulled cable: both sides talk on, the minority may not subscribe, and afterwards all have everything in order',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const members = await Promise.all(group.ids.map((id) => group.start(id)));
    const [one, two, three] = members;
    const events: PubSubEvent[] = [];
    three!.on((event) => events.push(event));
    const rooms = await Promise.all(members.map((member) => member.subscribe('chat')));
    group.network.cut((from, to) => (from === 'n3') !== (to === 'n3'));
    await expect.poll(() => three!.hasMajority, { timeout: PATIENCE_MS }).toBe(false);
    expect(one!.hasMajority && two!.hasMajority).toBe(true);
    await one!.publish('chat', 'is anybody there?');
    await expect.poll(() => rooms[1]!.waiting).toBe(1);
    await two!.publish('chat', 'I am');
    await three!.publish('chat', 'hello?');
    await expect(three!.subscribe('other')).rejects.toThrow(/majority/);
    group.network.cut();
    const heard = await Promise.all(rooms.map((room) => read(room, 3)));
    for (const messages of heard) {
      const said = texts(messages);
      expect(new Set(said)).toEqual(new Set(['is anybody there?', 'I am', 'hello?']));
      expect(said.indexOf('I am')).toBeGreaterThan(said.indexOf('is anybody there?'));
    }
    await expect.poll(() => three!.hasMajority).toBe(true);
    await expect.poll(() => events.filter(({ kind }) => kind === 'merged').length).toBe(2);
    expect(
      events
        .filter(({ kind }) => kind === 'partition')
        .map(({ detail }) => (detail as { side: string }).side),
    ).toEqual(['minority', 'majority']);
    await three!.subscribe('other');
  },
);

test('one order for all', { timeout: PATIENCE_MS }, async () => {
  const group = newGroup();
  const members = await Promise.all(group.ids.map((id) => group.start(id)));
  const all = await Promise.all(
    members.map((member) => member.subscribe('bids', { order: 'total' })),
  );
  await Promise.all(
    members.flatMap((member) =>
      lines(10).map((line) => member.publish('bids', `${member.id} ${line}`)),
    ),
  );
  const [first, ...others] = await Promise.all(all.map((each) => read(each, 30)));
  for (const other of others) expect(texts(other)).toEqual(texts(first!));
});

test(
  'one order for all, read again at once after a restart, is whole',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const [one, , three] = await Promise.all(group.ids.map((id) => group.start(id)));
    const order = { order: 'total', history: true } as const;
    const before = await three!.subscribe('log', order);
    for (const line of lines(12)) await one!.publish('log', line);
    expect(texts(await read(before, 12))).toEqual(lines(12));
    three!.kill();
    // What it knows of the order comes from the others, some time after it has started.
    const again = await group.start('n3');
    expect(texts(await read(await again.subscribe('log', order), 12))).toEqual(lines(12));
  },
);

test(
  'the last value of a topic is there for those who come later, until it is taken back',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const [one, two] = await Promise.all(group.ids.map((id) => group.start(id)));
    await one!.publish('door/front', 'open', { retain: true });
    await one!.publish('door/front', 'shut', { retain: true });
    await one!.publish('door/back', 'open', { retain: true });
    await one!.publish('door/back', null, { retain: true });
    const mark = await two!.subscribe('mark');
    await one!.publish('mark', 1);
    await read(mark, 1);
    const doors = await two!.subscribe('door/+');
    expect(await read(doors, 1)).toMatchObject([
      { topic: 'door/front', payload: 'shut', how: 'retained' },
    ]);
    expect(doors.waiting).toBe(0);
  },
);

test('a subscriber that never reads is bounded, and told', { timeout: PATIENCE_MS }, async () => {
  const group = newGroup(1);
  const one = await group.start('n1', { settings: { registry_by: 'local', persist: false } });
  const events: PubSubEvent[] = [];
  one.on((event) => events.push(event));
  const lazy = await one.subscribe('#', { order: 'fifo' });
  for (let round = 0; round < (QUEUE_MAX * 1.2) / 500; round++) {
    await Promise.all(Array.from({ length: 500 }, (_, i) => one.publish('flood', i)));
  }
  expect(lazy.waiting).toBeLessThanOrEqual(QUEUE_MAX);
  expect(lazy.lost).toBe(QUEUE_MAX / 2 + 1);
  expect(one.metrics.unread).toBe(lazy.lost);
  expect(events).toContainEqual({
    kind: 'lagging',
    detail: { pattern: '#', order: 'fifo', lost: lazy.lost },
  });
});

test('bad input is refused in words', { timeout: PATIENCE_MS }, async () => {
  const group = newGroup(1);
  const one = await group.start('n1', { settings: { registry_by: 'local' } });
  await expect(one.publish('', 1)).rejects.toThrow(/empty/);
  await expect(one.publish('x'.repeat(201), 1)).rejects.toThrow(/longer than 200/);
  await expect(one.publish('a/#', 1)).rejects.toThrow(/wildcard/);
  await expect(one.publish('a', 'x'.repeat(300_000))).rejects.toThrow(/262144 are allowed/);
  await expect(one.publish('a', () => 1)).rejects.toThrow(/cannot travel/);
  const holdsItself: Record<string, unknown> = {};
  holdsItself['c'] = holdsItself;
  await expect(one.publish('a', holdsItself)).rejects.toThrow(
    /^(c\.){12}… is nested too deeply, or/,
  );
  expect(() => one.rotateKey(undefined as never)).toThrow(/the new key is undefined: give bytes/);
  await expect(one.subscribe('a/#/b')).rejects.toThrow(/alone at the end/);
  await expect(one.subscribe('a', { order: 'total' })).rejects.toThrow(/registry_by: consensus/);
  await expect(one.publish('$parley/keys', 1)).rejects.toThrow(/the group's own/);
  // What a program without types gives.
  await expect(one.publish(5 as never, 1)).rejects.toThrow(/topic is no text but number/);
  await expect(one.subscribe(undefined as never)).rejects.toThrow(/pattern is no text/);
  await expect(one.subscribe('a', { order: 'random' as never })).rejects.toThrow(/fifo, causal or/);
  const of = (options: object) => createPubSub(options as never);
  await expect(of(undefined as never)).rejects.toThrow(/wants options such as/);
  await expect(of({})).rejects.toThrow(/members is no list/);
  await expect(of({ members: [] })).rejects.toThrow(/members is empty/);
  await expect(of({ members: ['a', 'a'] })).rejects.toThrow(/members has 'a' twice/);
  await expect(of({ members: ['a', ''] })).rejects.toThrow(/members\[1\] is ''/);
  await expect(of({ members: ['a'], id: 'b' })).rejects.toThrow(/'b' is none of the group/);
  const set = (settings: object) => of({ members: ['a'], id: 'a', settings });
  await expect(set([])).rejects.toThrow(/settings is no map/);
  await expect(set({ sync_intervall: 5 })).rejects.toThrow(/did you mean 'sync_interval'/);
  await expect(set({ detector: { beat: 5 } })).rejects.toThrow(
    /settings.detector has no 'beat': th/,
  );
  await expect(set({ detector: { heartbeat_interval: '1 s' } })).rejects.toThrow(
    /^settings.detector.heartbeat_interval: Invalid type/,
  );
});

// A crash of one that stores beside what it says costs it its life, and with it the numbers.
test.each([
  ['before', 3],
  ['beside', 1],
])(
  'stored %s, clocks that are a year wrong, each in its direction: nothing is lost, repeated or put out of order for that',
  { timeout: PATIENCE_MS },
  async (stores, number) => {
    const group = newGroup(2);
    const settings = { registry_by: 'local', retention_age: 60_000, stores };
    const clock = (aheadMs: number): Clock => ({
      now: () => Date.now() + aheadMs,
      after: (delayMs, callback) => {
        const timer = setTimeout(callback, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
    });
    const YEAR_MS = 365 * 24 * 3600 * 1000;
    const alone = await group.start('n1', { settings });
    await alone.publish('log', 'said before the clock was set');
    alone.kill();
    const one = await group.start('n1', { settings, clock: clock(YEAR_MS) });
    await one.publish('log', 'of next year');
    const two = await group.start('n2', { settings, clock: clock(-YEAR_MS) });
    const log = await two.subscribe('log', { history: true });
    const [first, question] = await read(log, 2);
    expect(first).toMatchObject({ payload: 'said before the clock was set' });
    expect(question!.sent_at - Date.now()).toBeGreaterThan(YEAR_MS / 2);
    const mine = await one.subscribe('log');
    await two.publish('log', 'of last year');
    const [answer] = await read(mine, 1);
    expect(answer!.lamport).toBeGreaterThan(question!.lamport);
    one.kill();
    const again = await group.start('n1', { settings, clock: clock(-YEAR_MS) });
    const { sequence } = await again.publish('log', 'set back');
    expect(sequence).toBe(number);
    expect(texts(await read(log, 2))).toEqual(['of last year', 'set back']);
    expect(log.waiting).toBe(0);
  },
);
