/** More than the links, the disk or a reader can take: whoever publishes waits, nothing is lost, and the members stay together. */

import { expect, test } from 'vitest';
import { decodeCanonical } from '../../../../src/core/canonical.ts';
import type { Value } from '../../../../src/core/value.ts';
import { Outgoing, WAITING_BYTES_MAX } from '../../../../src/lab/pubsub/outgoing.ts';
import type { Item } from '../../../../src/algorithms/pubsub/messages.ts';
import { MemoryNetwork } from '../../../../src/net/parcels/memory-network.ts';
import type { Attachment, Receiver } from '../../../../src/net/parcels/network.ts';
import { fc } from '../../../support/property.ts';
import { newGroup, read } from '../../../support/pubsub-group.ts';

const PATIENCE_MS = 30_000;

/** Parcels that were under way when a node learned that there is no room. */
const GRACE = 8;

/** A network whose links ask to wait when so many parcels of data are under way, and lose what comes all the same, but for the next few. */
class NarrowNetwork extends MemoryNetwork {
  readonly #parcelsMax: number;

  constructor(parcelsMax: number) {
    super();
    this.#parcelsMax = parcelsMax;
  }

  override join(id: string, receive: Receiver, room?: () => void): Attachment {
    const inner = super.join(id, receive);
    const underWay = new Map<string, number>();
    const isFull = (to: string): boolean => (underWay.get(to) ?? 0) >= this.#parcelsMax;
    return {
      ...inner,
      hasRoom: (to) => !isFull(to),
      send: (to, bytes, via = 'data') => {
        if (via !== 'data') return inner.send(to, bytes);
        if ((underWay.get(to) ?? 0) >= this.#parcelsMax + GRACE) return undefined;
        underWay.set(to, (underWay.get(to) ?? 0) + 1);
        setTimeout(() => {
          inner.send(to, bytes);
          underWay.set(to, underWay.get(to)! - 1);
          room?.();
        }, 2);
        return undefined;
      },
    };
  }
}

test(
  'more is offered than the links take: it waits, and everybody gets everything, once and in order',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const network = new NarrowNetwork(2);
    const settings = { retention_bytes: 200_000, registry_by: 'local' };
    const members = await Promise.all(
      group.ids.map((id) => group.start(id, { network, settings })),
    );
    const harmed: string[] = [];
    for (const member of members) {
      member.on(({ kind }) => {
        if (['gap', 'undecipherable', 'lagging'].includes(kind)) harmed.push(kind);
      });
    }
    const readers = await Promise.all(members.slice(1).map((member) => member.subscribe('load')));
    const count = 5000;
    const texts = Array.from({ length: count }, (_, i) => `${i} ${'x'.repeat(100)}`);
    // Nobody waits for anything: the whole load is offered in one go.
    const offered = Promise.all(texts.map((text) => members[0]!.publish('load', text)));
    for (const messages of await Promise.all(readers.map((reader) => read(reader, count)))) {
      expect(messages.map(({ payload }) => payload)).toEqual(texts);
    }
    const numbers = (await offered).map(({ sequence }) => sequence);
    expect(numbers).toEqual(texts.map((_, i) => i + 1));
    expect(harmed).toEqual([]);
    // And afterwards all is well: the members hear of one another, and of what is said.
    await members[2]!.publish('load', 'after');
    expect(await read(readers[0]!, 1)).toMatchObject([{ origin: 'n3', payload: 'after' }]);
    await expect
      .poll(() => members.map(({ hasMajority }) => hasMajority))
      .toEqual([true, true, true]);
  },
);

/** A network with one link that takes no data until it is mended: what comes all the same is counted, and lost. */
class StuckNetwork extends MemoryNetwork {
  readonly #from: string;
  readonly #to: string;
  isStuck = false;
  overflowed = 0;
  #room: (() => void) | undefined;

  constructor(from: string, to: string) {
    super();
    [this.#from, this.#to] = [from, to];
  }

  mend(): void {
    this.isStuck = false;
    this.#room?.();
  }

  override join(id: string, receive: Receiver, room?: () => void): Attachment {
    const inner = super.join(id, receive);
    if (id !== this.#from) return inner;
    this.#room = room;
    const isFull = (to: string): boolean => this.isStuck && to === this.#to;
    return {
      ...inner,
      hasRoom: (to) => !isFull(to),
      send: (to, bytes, via = 'data') => {
        if (!isFull(to) || via !== 'data') return inner.send(to, bytes);
        // What members compare and elect takes its chance; what is said must not be put where there is no room.
        const [name] = decodeCanonical(bytes) as readonly Value[];
        if (name === 'said') this.overflowed++;
        return undefined;
      },
    };
  }
}

test(
  'who has not subscribed to a topic is not needed for it: its full link holds nobody up, and it has everything all the same',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const network = new StuckNetwork('n1', 'n3');
    // Nobody is given up, however long a busy machine makes the members wait for one another: who is given up is not waited for.
    const settings = { detector: { acceptable_pause: 3600 } };
    const [one, two, three] = await Promise.all(
      group.ids.map((id) => group.start(id, { network, settings })),
    );
    const news = await two!.subscribe('news/+');
    const sport = await three!.subscribe('sport');
    await expect.poll(() => one!.subscribersOf('sport')).toEqual(['n3']);
    expect(one!.subscribersOf('news/today')).toEqual(['n2']);
    network.isStuck = true;
    // Each is waited for, and none waits for the link to n3.
    for (let at = 1; at <= 30; at++) await one!.publish('news/today', at);
    expect((await read(news, 30)).map(({ payload }) => payload)).toEqual(
      Array.from({ length: 30 }, (_, at) => at + 1),
    );
    expect(network.overflowed).toBe(0);
    // What concerns n3 waits for its link.
    let isPublished = false;
    const goal = one!.publish('sport', 'goal').then(
      () => (isPublished = true),
      () => undefined,
    );
    await expect.poll(() => three!.metrics.repaired, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    expect(isPublished).toBe(false);
    network.mend();
    await goal;
    expect(await read(sport, 1)).toMatchObject([{ payload: 'goal', sequence: 31 }]);
    // It carries what it has not subscribed to, and whoever subscribes later finds it.
    const late = await three!.subscribe('news/#', { history: true });
    expect((await read(late, 30)).at(-1)).toMatchObject({ payload: 30, how: 'history' });
  },
);

/** What an {@link Outgoing} hands on, held back and let go by hand. */
interface World {
  readonly it: Outgoing;
  readonly items: Item[];
  room: boolean;
  store(): void;
}

function outgoing(): World {
  const waiting: (() => void)[] = [];
  const items: Item[] = [];
  let next = 1;
  const world: World = {
    items,
    room: true,
    store: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    it: new Outgoing({
      hasRoom: () => world.room,
      // Some of it takes time, and some more than what comes after it.
      seal: (_topic, payload) => {
        const first = Array.isArray(payload) ? payload[0] : payload;
        const delays = Number(first) % 4;
        if (delays === 0) return { sealed: payload };
        return new Promise((resolve) => setTimeout(() => resolve({ sealed: payload }), delays));
      },
      enqueue: (item) => {
        items.push(item);
        const sequence = next;
        next += item.count ?? 1;
        return new Promise((resolve) => waiting.push(() => resolve({ life: 1, sequence })));
      },
      flush: () => {},
    }),
  };
  return world;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('messages keep their order and get their own numbers, however they are packed', async () => {
  const message = fc.record({
    topic: fc.constantFrom('a', 'b'),
    retain: fc.boolean(),
    pause: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 30 }), async (given) => {
      const world = outgoing();
      const published: Promise<{ sequence: number }>[] = [];
      for (const [index, { topic, retain, pause }] of given.entries()) {
        published.push(world.it.publish(topic, index, retain));
        if (!pause) continue;
        await Promise.resolve();
        world.store();
      }
      const all = Promise.all(published);
      let isDone = false;
      void all.then(() => (isDone = true));
      while (!isDone) {
        await settled();
        world.store();
      }
      const numbers = (await all).map(({ sequence }) => sequence);
      expect(numbers).toEqual(given.map((_, index) => index + 1));
      const said = world.items.flatMap(({ topic, payload, count, retain }) => {
        const { sealed } = payload as { sealed: unknown };
        expect(retain && count !== undefined).toBe(false);
        return (count === undefined ? [sealed] : (sealed as unknown[])).map((each) => [
          topic,
          each,
        ]);
      });
      expect(said).toEqual(given.map(({ topic }, index) => [topic, index]));
    }),
    { numRuns: 40 },
  );
});

test('without room nothing goes, and too much is refused in words', async () => {
  const world = outgoing();
  world.room = false;
  const big = 'x'.repeat(1024 * 1024);
  const waiting: Promise<unknown>[] = [];
  for (let i = 0; i < WAITING_BYTES_MAX / big.length - 1; i++) {
    waiting.push(world.it.publish('t', big, false));
  }
  expect(() => world.it.publish('t', big, false)).toThrow(/wait for what was published before/);
  await settled();
  expect(world.items).toHaveLength(0);
  world.it.close();
  for (const result of await Promise.allSettled(waiting)) expect(result.status).toBe('rejected');
});

test.each(['beside', 'behind'])(
  'storing %s: after a crash the author begins a new life, after a good end it goes on in the old one',
  { timeout: PATIENCE_MS },
  async (stores) => {
    const group = newGroup(2);
    const settings = { registry_by: 'local', stores };
    const two = await group.start('n2', { settings });
    const conflicts: unknown[] = [];
    two.on(({ kind, detail }) => {
      if (kind === 'conflict') conflicts.push(detail);
    });
    const reads = await two.subscribe('#', { order: 'fifo' });
    const one = await group.start('n1', { settings });
    const first = await one.publish('t', 'first');
    expect(await read(reads, 1)).toMatchObject([{ payload: 'first' }]);
    // It may be that nothing of it is stored yet.
    one.kill();
    const again = await group.start('n1', { settings });
    const second = await again.publish('t', 'second');
    expect(second.life).toBeGreaterThan(first.life);
    expect(await read(reads, 1)).toMatchObject([{ payload: 'second' }]);
    await again.stop();
    const last = await group.start('n1', { settings });
    expect(await last.publish('t', 'third')).toEqual({ life: second.life, sequence: 2 });
    expect(await read(reads, 1)).toMatchObject([{ payload: 'third' }]);
    expect(conflicts).toEqual([]);
  },
);
