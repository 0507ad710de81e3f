import { describe, expect, test, vi } from 'vitest';
import { Backoff } from '../../../src/net/signaling/backoff.ts';
import { Listeners } from '../../../src/net/signaling/listeners.ts';
import {
  Outbox,
  OUTBOX_CHARACTERS_MAX,
  OUTBOX_FRAMES_MAX,
} from '../../../src/net/signaling/outbox.ts';
import { Metrics } from '../../../signaling-server/metrics.ts';
import { TokenBucket } from '../../../signaling-server/token-bucket.ts';

describe('Outbox', () => {
  test('is bounded in frames', () => {
    const outbox = new Outbox();
    for (let index = 0; index < OUTBOX_FRAMES_MAX; index++) {
      expect(outbox.push({ to: undefined, frame: String(index) })).toBe(true);
    }
    expect(outbox.push({ to: undefined, frame: 'one too many' })).toBe(false);
    const taken = outbox.take(() => true);
    expect(taken.map(({ frame }) => frame)).toEqual(taken.map((_, index) => String(index)));
    expect(taken).toHaveLength(OUTBOX_FRAMES_MAX);
    expect(outbox.push({ to: undefined, frame: 'space again' })).toBe(true);
  });

  test('is bounded in characters, which are given back', () => {
    const outbox = new Outbox();
    const half = 'x'.repeat(OUTBOX_CHARACTERS_MAX / 2);
    expect(outbox.push({ to: 'a', frame: half })).toBe(true);
    expect(outbox.push({ to: 'b', frame: half })).toBe(true);
    expect(outbox.push({ to: 'b', frame: 'x' })).toBe(false);
    expect(outbox.take(({ to }) => to === 'a')).toHaveLength(1);
    expect(outbox.push({ to: 'b', frame: half })).toBe(true);
    outbox.clear();
    expect(outbox.take(() => true)).toEqual([]);
  });
});

describe('Backoff', () => {
  test('doubles to a bound, between half and whole', () => {
    for (const [random, part] of [
      [0, 0.5],
      [1, 1],
    ] as const) {
      const backoff = new Backoff({ delayMsMin: 100, delayMsMax: 500, random: () => random });
      const waits = Array.from({ length: 2_000 }, () => backoff.nextDelayMs());
      expect(waits.slice(0, 5)).toEqual([100, 200, 400, 500, 500].map((wait) => wait * part));
      expect(waits.at(-1)).toBe(500 * part);
      backoff.reset();
      expect(backoff.nextDelayMs()).toBe(100 * part);
    }
  });
});

describe('Listeners', () => {
  test('one that throws stops neither the others nor the caller, and is not silent', () => {
    const later: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => later.push(task));
    try {
      const listeners = new Listeners<{ readonly event: number }>();
      const heard: number[] = [];
      listeners.on('event', () => {
        throw new Error('a listener of a user');
      });
      listeners.on('event', (value) => heard.push(value));
      listeners.emit('event', 7);
      expect(heard).toEqual([7]);
      expect(later).toHaveLength(1);
      expect(later[0]).toThrow('a listener of a user');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('the same function twice is two listeners, removed one by one', () => {
    const listeners = new Listeners<{ readonly event: number }>();
    const heard: number[] = [];
    const listener = (value: number): void => void heard.push(value);
    const removeFirst = listeners.on('event', listener);
    listeners.on('event', listener);
    listeners.emit('event', 1);
    removeFirst();
    removeFirst();
    listeners.emit('event', 2);
    expect(heard).toEqual([1, 1, 2]);
  });
});

describe('TokenBucket', () => {
  test('allows a burst, then the rate, and never more than the burst', () => {
    let nowMs = 0;
    const bucket = new TokenBucket(10, 100, () => nowMs);
    expect(bucket.take(10)).toBe(true);
    expect(bucket.take(1)).toBe(false);
    nowMs += 10;
    expect(bucket.take(1)).toBe(true);
    expect(bucket.take(1)).toBe(false);
    nowMs += 1_000_000;
    expect(bucket.take(11)).toBe(false);
    expect(bucket.take(10)).toBe(true);
  });
});

test('metrics are in the text format of Prometheus', () => {
  const metrics = new Metrics();
  metrics.count('connections');
  metrics.count('connections');
  const text = metrics.render([{ name: 'rooms', help: 'Rooms.', value: 3 }]);
  expect(text).toContain(
    '# HELP parley_signaling_rooms Rooms.\n# TYPE parley_signaling_rooms gauge\n' +
      'parley_signaling_rooms 3\n',
  );
  expect(text).toContain('# TYPE parley_signaling_connections_total counter\n');
  expect(text).toContain('\nparley_signaling_connections_total 2\n');
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) )?parley_signaling_[a-z_]+( .+|)$/);
  }
});
