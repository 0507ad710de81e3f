/** A member without room to store anything: it says so, loses nothing that it acknowledged, hears the others, and goes on when there is room. */

import { expect, test } from 'vitest';
import { StorageFull } from '../../../../src/core/storage-error.ts';
import type { PubSubEvent } from '../../../../src/lab/pubsub/pubsub-view.ts';
import { MemoryStore } from '../../../../src/storage/memory.ts';
import { newGroup, read } from '../../../support/pubsub-group.ts';

/** As a store of IndexedDB: after a write that did not fit every other is refused, until it is told to resume. */
class SmallStore extends MemoryStore {
  isFull = false;
  #hasFailed = false;

  override putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    this.#hasFailed ||= this.isFull;
    if (!this.#hasFailed) return super.putAll(entries);
    return Promise.reject(new StorageFull('the browser gives this page no more space'));
  }

  resume(): boolean {
    this.#hasFailed = false;
    return true;
  }
}

// Beside what is said: then others hear what was under way when the disk was found full, before it is acknowledged.
test.each([
  ['before', 1],
  ['beside', 2],
])(
  'a full disk, stored %s: publishing is refused in words, others are heard, nothing acknowledged is lost',
  async (stores, heardMeanwhile) => {
    const LOCAL = { registry_by: 'local', sync_interval: 50, stores };
    const group = newGroup(2);
    const small = new SmallStore();
    const store = (path: string) => (path === 'pubsub' ? small : new MemoryStore());
    const one = await group.start('n1', { settings: LOCAL });
    const two = await group.start('n2', { settings: LOCAL, store });
    const events: PubSubEvent[] = [];
    two.on((event) => events.push(event));
    const [mine, theirs] = [await one.subscribe('chat'), await two.subscribe('chat')];
    await two.publish('chat', 'stored');
    expect(await read(mine, 1)).toMatchObject([{ payload: 'stored' }]);

    small.isFull = true;
    let isAcknowledged = false;
    const pending = two.publish('chat', 'in between').then(() => (isAcknowledged = true));
    await expect
      .poll(() => events)
      .toContainEqual({
        kind: 'storage',
        detail: { is: 'full', why: 'the browser gives this page no more space' },
      });
    await expect(two.publish('chat', 'too late')).rejects.toThrow(
      /nothing can be published now: the browser gives this page no more space/,
    );
    await one.publish('chat', 'still heard');
    expect((await read(theirs, 2)).map(({ payload }) => payload)).toEqual([
      'stored',
      'still heard',
    ]);
    expect(isAcknowledged).toBe(false);
    await expect.poll(() => mine.waiting).toBe(heardMeanwhile);

    small.isFull = false;
    await pending;
    expect(events).toContainEqual({ kind: 'storage', detail: { is: 'room' } });
    await two.publish('chat', 'afterwards');
    const heard = await read(mine, 3);
    expect(new Set(heard.map(({ payload }) => payload))).toEqual(
      new Set(['afterwards', 'in between', 'still heard']),
    );

    // What it has acknowledged is there after a restart, and nothing comes twice.
    two.kill();
    const again = await group.start('n2', { settings: LOCAL, store });
    const whole = await read(await again.subscribe('chat', { history: true }), 4);
    expect(new Set(whole.map(({ payload }) => payload))).toEqual(
      new Set(['stored', 'still heard', 'in between', 'afterwards']),
    );
  },
);
