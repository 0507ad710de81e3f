/** Who is put out of a group, or leaves it: by agreement, and what it says afterwards reaches nobody. */

import { expect, test } from 'vitest';
import type { PubSub } from '../../../../src/lab/pubsub/create-pubsub.ts';
import type { PubSubEvent } from '../../../../src/lab/pubsub/pubsub-view.ts';
import { MemoryStore } from '../../../../src/storage/memory.ts';
import { newGroup, read } from '../../../support/pubsub-group.ts';

/** For a busy machine; it takes a second, which an election takes. */
const PATIENCE_MS = 30_000;

const eventsOf = (member: PubSub): PubSubEvent[] => {
  const events: PubSubEvent[] = [];
  member.on((event) => events.push(event));
  return events;
};

test(
  'who is put out is told, is heard no more, and comes back when it is let in',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const members = await Promise.all(group.ids.map((id) => group.start(id)));
    const [one, two, three] = members as [PubSub, PubSub, PubSub];
    const [events, theirs] = [eventsOf(two), eventsOf(three)];
    const reads = await two.subscribe('chat');
    await three.publish('chat', 'before');
    expect(await read(reads, 1)).toMatchObject([{ payload: 'before' }]);

    await expect(one.remove('nobody')).rejects.toThrow(/no member nobody/);
    await one.remove('n3');
    const out = { kind: 'member', detail: { node: 'n3', is: 'out', by: 'n1' } };
    for (const each of [events, theirs]) await expect.poll(() => each).toContainEqual(out);
    await expect(three.publish('chat', 'too late')).rejects.toThrow(/put out of the group by n1/);
    await expect(three.admit('n3')).rejects.toThrow(/put out of the group by n1/);

    await two.admit('n3');
    await expect
      .poll(() => theirs)
      .toContainEqual({ kind: 'member', detail: { node: 'n3', is: 'in' } });
    await three.publish('chat', 'back');
    expect(await read(reads, 1)).toMatchObject([{ origin: 'n3', payload: 'back' }]);
  },
);

test(
  'one that is out and goes on all the same is refused, its votes as well; whoever leaves for good is out',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup(4);
    const members = await Promise.all(group.ids.map((id) => group.start(id)));
    const [one, two, , four] = members as [PubSub, PubSub, PubSub, PubSub];
    const reads = await two.subscribe('#', { order: 'fifo' });
    const heard: unknown[] = [];
    two.on(({ kind, detail }) => {
      if (kind === 'member') heard.push(detail);
    });
    await four.leave();
    // What it said before the others know would still be taken.
    await expect.poll(() => heard).toContainEqual({ node: 'n4', is: 'out', by: 'n4' });
    await expect.poll(() => two.hasMajority).toBe(true);
    const refused = two.metrics.refused;
    // Its tab is run by somebody else now, who knows its key and has not read that it left.
    const again = await group.start('n4', {
      store: () => new MemoryStore(),
      settings: { registry_timeout: 500 },
    });
    await again.publish('news', 'a lie');
    await expect.poll(() => two.metrics.refused).toBeGreaterThan(refused);
    await one.publish('news', 'the truth');
    expect(await read(reads, 1)).toMatchObject([{ origin: 'n1', payload: 'the truth' }]);
    expect(reads.waiting).toBe(0);
    await expect(again.remove('n1')).rejects.toThrow();
  },
);

test('without agreement nobody is put out', async () => {
  const group = newGroup(1);
  const one = await group.start('n1', { settings: { registry_by: 'local' } });
  await expect(one.remove('n1')).rejects.toThrow(/registry_by: consensus/);
});
