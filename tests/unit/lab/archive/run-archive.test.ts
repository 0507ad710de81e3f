import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { allEvents } from '../../../../src/lab/archive/all-events.ts';
import { carriedFrom } from '../../../../src/lab/archive/carried.ts';
import { RunArchive } from '../../../../src/lab/archive/run-archive.ts';
import type { StretchStore } from '../../../../src/lab/archive/stretch-store.ts';
import { flightsAt, nodeAt } from '../../../../src/lab/picture.ts';
import { Recording } from '../../../../src/lab/playback.ts';
import { RunRecord } from '../../../../src/lab/run-record.ts';

const IDS = ['n1', 'n2', 'n3'];

/** A run in which nodes talk, count, and now and then break something. */
function story(count: number): TraceEvent[] {
  const events: object[] = IDS.map((node) => ({
    time: 0,
    node,
    kind: 'status',
    status: 'running',
  }));
  for (let i = 0; events.length < count; i++) {
    const [node, to] = [IDS[i % 3]!, IDS[(i * 2 + 1) % 3]!];
    const rest = { message: `m${i}`, path: 'talk', type: 'vote', role: 'cast', bytes: 1, body: {} };
    events.push({ time: i, node, kind: 'send', to, ...rest });
    if (i % 5 !== 0) events.push({ time: i + 3.5, node: to, kind: 'deliver', from: node, ...rest });
    if (i % 4 === 0) events.push({ time: i, node, kind: 'state', path: 'talk', state: { i } });
    if (i % 97 === 0) events.push({ time: i, node, kind: 'violation', invariant: 'x', detail: '' });
  }
  const ordered = events as TraceEvent[];
  return ordered.toSorted((a, b) => a.time - b.time).slice(0, count);
}

function memoryStore(kept = new Map<number, readonly TraceEvent[]>()): StretchStore {
  return {
    put: async (number, events) => void kept.set(number, events),
    get: async (number) => [...kept.get(number)!],
    forget: async (number) => void kept.delete(number),
    close: async () => kept.clear(),
  };
}

test('what is carried on makes the same picture as the whole run', () => {
  const events = story(900);
  const whole = new Recording();
  whole.extend(events);
  for (const cut of [1, 10, 333, 700]) {
    const carried = carriedFrom(events.slice(0, cut));
    const rest = new Recording({ carried: carried.length, before: cut });
    rest.extend([...carried, ...events.slice(cut)]);
    expect(rest.numberOf(rest.length)).toBe(events.length);
    for (const index of [cut, cut + 50, 899]) {
      const { time } = events[index]!;
      const [here, there] = [rest.stepAt(time), whole.stepAt(time)];
      for (const id of IDS) {
        const picture = (recording: Recording, step: number) => {
          const { status, states } = nodeAt(recording, id, step);
          return { status, states: states.map(({ path, state }) => ({ path, state })) };
        };
        expect(picture(rest, here)).toEqual(picture(whole, there));
      }
      const underWay = (recording: Recording, step: number) =>
        flightsAt(recording, { time, step }, false)
          .filter(({ fate }) => fate === 'arrives')
          .map(({ flight }) => flight.message);
      expect(underWay(rest, here)).toEqual(underWay(whole, there));
    }
  }
});

test('a live run keeps its newest events in memory, and every one of them can be read', async () => {
  const record = new RunRecord('workers', 'talk', 1, () => {});
  const archive = new RunArchive(async () => memoryStore());
  record.archive = archive;
  const events = story(230_000);
  for (let at = 0; at < events.length; at += 1000) {
    expect(record.append(events.slice(at, at + 1000))).toBe(true);
    expect(record.events.length).toBeLessThan(110_000);
  }
  await archive.settled();
  expect(archive.stretches.length).toBeGreaterThan(2);
  const all: TraceEvent[] = [];
  for await (const part of allEvents(record)) all.push(...part);
  expect(all.length).toBe(events.length);
  expect(all.every((event, index) => event === events[index])).toBe(true);
  // Every moment is in one of the stretches, or in memory.
  const third = archive.stretches[2]!;
  expect(archive.at(third.toMs)).toBe(2);
  expect(archive.after(third.before)).toBe(2);
  expect(archive.earlier(third.before)).toBe(1);
  expect(archive.at(events.at(-1)!.time)).toBeUndefined();
  const kept = archive.stretches.reduce(
    (sum, { density }) => sum + density.reduce((a, b) => a + b),
    0,
  );
  expect(kept).toBe(record.before);
});

test('where there is no room the run goes on, and says what it has lost', async () => {
  const archive = new RunArchive(() => Promise.reject(new Error('no room')));
  expect(archive.add({ events: story(100), carried: 0, before: 0 })).toBe(true);
  await archive.settled();
  expect(archive.stretches[0]!.isLost).toBe(true);
  await expect(archive.read(0)).rejects.toThrow('no longer kept');
});
