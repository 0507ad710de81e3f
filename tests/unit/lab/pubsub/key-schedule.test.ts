/** The schedule of keys against what it promises, whatever the order in which members hear of one another. */

import { expect, test } from 'vitest';
import { AuthorKeys, nameOfKey, type AuthorKey } from '../../../../src/lab/pubsub/author-keys.ts';
import type { KeyNote } from '../../../../src/lab/pubsub/key-notes.ts';
import { KeySchedule } from '../../../../src/lab/pubsub/key-schedule.ts';
import { openKey, sealingKeys, sealKey } from '../../../../src/lab/pubsub/sealed-key.ts';
import { MemoryStore } from '../../../../src/storage/memory.ts';
import { fc } from '../../../support/property.ts';

const IDS = ['a', 'b', 'c', 'd'];

interface Said {
  /** Those who belonged to the group then, as the author knew. */
  readonly author: string;
  readonly name: Uint8Array;
  readonly members: readonly string[];
}

/** Members whose notes arrive when the test says so, in the order of each author; timers fire when nothing else is to be done. */
class Group {
  readonly schedules = new Map<string, KeySchedule>();
  readonly out = new Map(IDS.map((id) => [id, new Set<string>()]));
  readonly #notes = new Map<string, KeyNote[]>(IDS.map((id) => [id, []]));
  readonly #heard = new Map<string, number>();
  readonly #timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  #nowMs = 0;
  readonly said: Said[] = [];

  start(id: string): void {
    if (this.schedules.has(id)) return;
    const keys = new AuthorKeys(new MemoryStore(), () => {});
    const schedule = new KeySchedule(
      {
        id,
        members: () => IDS.filter((other) => !this.out.get(id)!.has(other)),
        isHere: (other) => this.schedules.has(other),
        publish: (note) => void this.#notes.get(id)!.push(note),
        after: (delayMs, fire) => {
          const timer = { atMs: this.#nowMs + delayMs, fire };
          this.#timers.push(timer);
          return { cancel: () => void this.#timers.splice(this.#timers.indexOf(timer) >>> 0, 1) };
        },
        changed: () => {},
      },
      keys,
    );
    this.schedules.set(id, schedule);
    schedule.begin(false);
  }

  publish(author: string): void {
    const members = IDS.filter((id) => !this.out.get(author)!.has(id));
    this.said.push({ author, name: this.schedules.get(author)!.own().name, members });
  }

  /** The next note of an author reaches a member. What one who is out says reaches nobody who knows it. */
  hear(member: string, author: string): boolean {
    const at = this.#heard.get(`${member} ${author}`) ?? 0;
    const note = this.#notes.get(author)![at];
    if (note === undefined || this.out.get(member)!.has(author)) return false;
    this.#heard.set(`${member} ${author}`, at + 1);
    this.schedules.get(member)!.hear(author, note);
    return true;
  }

  find(member: string, { author, name }: Said): AuthorKey | string {
    return this.schedules.get(member)!.find(author, name);
  }

  /** Until nobody has anything to say. */
  settle(): void {
    for (let round = 0; round < 400; round++) {
      const moved = IDS.flatMap((member) => IDS.map((author) => this.hear(member, author)));
      if (moved.includes(true)) continue;
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) return;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fire();
    }
  }
}

const member = fc.constantFrom(...IDS);
const early = fc.subarray(IDS, { minLength: 2 });
const step = fc.oneof(
  fc.record({ do: fc.constant('publish'), who: member, other: member }),
  fc.record({ do: fc.constant('hear'), who: member, other: member }),
  fc.record({ do: fc.constant('out'), who: member, other: fc.constantFrom('c', 'd') }),
  fc.record({ do: fc.constant('in'), who: member, other: fc.constantFrom('c', 'd') }),
);

test('everybody for whom a key was made gets it in the end, and nobody else', () => {
  fc.assert(
    fc.property(early, fc.array(step, { minLength: 10, maxLength: 40 }), (ids, steps) => {
      const group = new Group();
      for (const id of ids) group.start(id);
      for (const id of ids) for (const other of ids) group.hear(id, other);
      for (const { do: what, who, other } of steps) {
        if (what === 'out') group.out.get(who)!.add(other);
        else if (what === 'in') group.out.get(who)!.delete(other);
        else if (!group.schedules.has(who) || group.out.get(who)!.has(who)) continue;
        else if (what === 'publish') group.publish(who);
        else group.hear(who, other);
      }
      for (const id of IDS) group.start(id);
      // In the end all know that d is out, and that nobody else is.
      for (const out of group.out.values()) {
        out.clear();
        out.add('d');
      }
      group.settle();
      for (const said of group.said) for (const id of IDS) group.find(id, said);
      group.settle();
      for (const said of group.said) {
        for (const id of IDS) {
          const found = group.find(id, said);
          const isEntitled = said.members.includes(id);
          if (!isEntitled) expect(typeof found, `${id} has a key of ${said.author}`).toBe('string');
          // Whoever made it can be out in the end: then another has it, unless it was alone.
          else if (id !== 'd' && said.author !== 'd')
            expect(found).toMatchObject({ name: said.name });
        }
      }
    }),
    { numRuns: 10 },
  );
});

test('a sealed key opens for its receiver, author and name, and nowhere else', () => {
  const [mine, others, fresh] = [sealingKeys(), sealingKeys(), sealingKeys()];
  const key = new Uint8Array(32).fill(3);
  const use = { author: 'a', receiver: 'b', name: nameOfKey('a', key) };
  const box = sealKey(key, fresh, mine.public, use);
  expect(openKey(box, fresh.public, mine, use)).toEqual(key);
  expect(openKey(box, fresh.public, others, use)).toBeUndefined();
  for (const other of [{ author: 'c' }, { receiver: 'c' }, { name: nameOfKey('c', key) }]) {
    expect(openKey(box, fresh.public, mine, { ...use, ...other })).toBeUndefined();
  }
  expect(openKey(box, new Uint8Array(32), mine, use)).toBeUndefined();
  box[5]! ^= 1;
  expect(openKey(box, fresh.public, mine, use)).toBeUndefined();
});

test('a member that gives another key under a name, or in somebody else’s name, is not believed', () => {
  const store = new MemoryStore();
  const keys = new AuthorKeys(store, () => {});
  const host = {
    ...{ id: 'b', members: () => IDS, isHere: () => true, publish: () => {} },
    ...{ after: () => ({ cancel: () => {} }), changed: () => {} },
  };
  const schedule = new KeySchedule(host, keys);
  const [fresh, right, wrong] = [sealingKeys(), new Uint8Array(32).fill(1), new Uint8Array(32)];
  const name = nameOfKey('a', right);
  const given = (key: Uint8Array) => {
    const box = sealKey(key, fresh, keys.sealing.public, { author: 'a', receiver: 'b', name });
    const one = { author: 'a', name, members: IDS, box };
    return { is: 'given', to: 'b', fresh: fresh.public, keys: [one], refused: [] };
  };
  schedule.hear('c', given(wrong));
  schedule.hear('c', { ...given(right), fresh: 'none' });
  schedule.hear('c', 'what?');
  expect(schedule.find('a', name)).toBe('awaited');
  schedule.hear('c', given(right));
  expect(schedule.find('a', name)).toMatchObject({ key: right });
});
