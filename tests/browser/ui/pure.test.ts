import { describe, expect, test } from 'vitest';
import { Recording } from '../../../src/lab/playback.ts';
import { COMMANDS } from '../../../src/ui/app/commands.ts';
import { labLink, parseRoute, roomAddressIn, roomHash } from '../../../src/ui/app/route.ts';
import { filesOf, isEdited, optionsProblem, OWN_FILE, setupOf } from '../../../src/ui/app/setup.ts';
import { eventRow, sentence } from '../../../src/ui/inspect/describe.ts';
import { EventFilter } from '../../../src/ui/inspect/event-filter.ts';
import { Palette } from '../../../src/ui/kit/palette.ts';
import { printBytes, printCount, printTime } from '../../../src/ui/kit/print-number.ts';
import { printValue, sameValue } from '../../../src/ui/kit/print-value.ts';
import { ringLayout } from '../../../src/ui/stage/layout.ts';
import { chooseSpeed, nextSpeed } from '../../../src/ui/stage/speed.ts';
import { initialLength, keepInView, ticks, zoomed } from '../../../src/ui/timeline/time-window.ts';
import { CHAPTER, longTrace, trace } from './fake-lab.ts';

describe('addresses', () => {
  test('lead to screens and back', () => {
    expect(parseRoute('')).toEqual({ screen: 'home' });
    expect(parseRoute('#/')).toEqual({ screen: 'home' });
    expect(parseRoute(roomHash('7KQ4XM'))).toEqual({ screen: 'room', address: '7KQ4XM' });
    expect(parseRoute(roomHash('7KQ4XM#KEY'))).toEqual({ screen: 'room', address: '7KQ4XM,KEY' });
    const lab = parseRoute(labLink('./mine.ts#Gossip', { seed: '7' }));
    expect(lab).toMatchObject({ screen: 'lab', name: './mine.ts#Gossip' });
    expect(lab.screen === 'lab' && lab.query.get('seed')).toBe('7');
  });

  test('that lead nowhere are known as such', () => {
    expect(parseRoute('#/lab').screen).toBe('unknown');
    expect(parseRoute('#/nowhere/at/all').screen).toBe('unknown');
    expect(parseRoute('#/lab/%E0%A4%A').screen).toBe('lab');
  });

  test('a code is found in what people type and paste', () => {
    expect(roomAddressIn(' 7kq 4xm ')).toBe('7kq4xm');
    expect(roomAddressIn('http://192.0.2.1:9000/#/room/7KQ4XM,KEY')).toBe('7KQ4XM,KEY');
  });
});

describe('a setup', () => {
  test('begins with the chapter’s own file and knows when it was edited', () => {
    const setup = setupOf(CHAPTER);
    expect(setup).toMatchObject({ file: OWN_FILE, config: CHAPTER.config, seed: 42 });
    expect(filesOf(CHAPTER).map(({ name }) => name)).toEqual([OWN_FILE, 'Three nodes']);
    expect(isEdited(CHAPTER, setup)).toBe(false);
    expect(isEdited(CHAPTER, { ...setup, config: 'n1: {}' })).toBe(true);
  });

  test('of a scenario has what goes wrong in its story, and of the next file that', () => {
    const faulty = setupOf(CHAPTER, 'Three nodes', setupOf(CHAPTER));
    expect(faulty.faults).toBe('crashes: [{ node: n3, at: 5s }]\n');
    expect(setupOf(CHAPTER, OWN_FILE, faulty).faults).toBe('');
  });

  test('says what is wrong with its options', () => {
    const setup = setupOf(CHAPTER);
    expect(optionsProblem(setup)).toBeUndefined();
    expect(optionsProblem({ ...setup, latencyMs: { min: 5, max: 1 } })).toContain('latency');
    expect(optionsProblem({ ...setup, latencyMs: { min: Number.NaN, max: 1 } })).toContain(
      'latency',
    );
    expect(optionsProblem({ ...setup, seed: 1.5 })).toContain('seed');
    expect(optionsProblem({ ...setup, timeoutSeconds: 0 })).toContain('time limit');
  });
});

test('kinds of messages get colours by their order, and others as they appear', () => {
  const palette = new Palette(['a', 'b']);
  expect(palette.colour('b')).toBe('var(--parley-kind-2)');
  expect(palette.colour('late')).toBe('var(--parley-kind-3)');
  expect(palette.kinds).toEqual(['a', 'b', 'late']);
  const many = new Palette(Array.from({ length: 10 }, (_, index) => `kind${index}`));
  expect(many.colour('kind9')).toBe(many.colour('kind1'));
  expect(many.dashes('kind9')).not.toEqual(many.dashes('kind1'));
});

describe('words', () => {
  const recording = new Recording();
  recording.extend(trace());

  test('tell what an event is', () => {
    expect(sentence(recording, 4)).toBe('n1 sends hello to n2');
    expect(sentence(recording, 5)).toBe('n2 receives hello from n1');
    expect(sentence(recording, 6)).toBe('n2: heard 0 → 1');
    expect(eventRow(recording, 8)).toMatchObject({
      verb: 'receives',
      subject: 'answer',
      peer: '← n2',
    });
    expect(eventRow(recording, 8).detail).toBe('text yes');
  });

  test('shorten values to one line', () => {
    expect(printValue({ a: 1, b: [true, null], c: { d: 'x' } })).toBe(
      'a 1, b [true, none], c {d x}',
    );
    expect(printValue(new Uint8Array(3))).toBe('3 bytes');
    expect(printValue([])).toBe('empty');
    expect(printValue('x'.repeat(500), 20)).toHaveLength(20);
  });

  test('compare values by what they hold', () => {
    expect(sameValue({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameValue([1], { 0: 1 })).toBe(false);
    expect(sameValue(new Uint8Array([1]), new Uint8Array([2]))).toBe(false);
  });

  test('print numbers for people', () => {
    expect([printTime(3.14159), printTime(1234), printTime(61_000)]).toEqual([
      '3.1 ms',
      '1234 ms',
      '61.00 s',
    ]);
    expect([printBytes(12), printBytes(2100)]).toEqual(['12 B', '2.1 KB']);
    expect(printCount(1_234_567).replaceAll('\u202f', ' ')).toBe('1 234 567');
  });
});

describe('the filter of events', () => {
  test('wants all words, as names or in the text', () => {
    const recording = new Recording();
    recording.extend(trace());
    const rows = (query: string): number[] => {
      const filter = new EventFilter(recording, query);
      while (!filter.done) filter.advance();
      return Array.from({ length: filter.count }, (_, row) => filter.at(row)!);
    };
    expect(rows('n2 deliver')).toEqual([5, 8]);
    expect(rows('hello')).toEqual([4, 5]);
    expect(rows('yes')).toEqual([7, 8]);
    expect(rows('n1 nothing-like-it')).toEqual([]);
    expect(rows('')).toHaveLength(13);
  });

  test('searches a long trace in slices', () => {
    const recording = new Recording();
    recording.extend(longTrace(10_000));
    const filter = new EventFilter(recording, 'n1');
    filter.advance();
    expect(filter.done).toBe(false);
    while (!filter.done) filter.advance();
    expect(filter.count).toBe(5000);
    expect(filter.rowBefore(5)).toBe(2);
  });
});

describe('arithmetic of the pictures', () => {
  test('a ring begins at the top, stays on the stage and leaves nodes apart', () => {
    for (const [count, width, height] of [
      [1, 360, 240],
      [2, 360, 240],
      [5, 800, 500],
      [50, 1000, 700],
    ] as const) {
      const { places, reach } = ringLayout(count, width, height);
      expect(places).toHaveLength(count);
      for (const { x, y } of places) {
        expect(x - reach).toBeGreaterThanOrEqual(0);
        expect(x + reach).toBeLessThanOrEqual(width);
        expect(y - reach).toBeGreaterThanOrEqual(0);
        expect(y + reach).toBeLessThanOrEqual(height);
      }
    }
    const [top] = ringLayout(5, 800, 500).places;
    expect(top!.x).toBeCloseTo(400);
    expect(top!.y).toBeLessThan(120);
  });

  test('the speed lets single messages be followed, unless the whole would take too long', () => {
    expect(chooseSpeed(5, 40)).toBe(5);
    expect(chooseSpeed(5, 60_000)).toBe(1000);
    expect(chooseSpeed(0, 0)).toBe(10);
    expect(nextSpeed(5, 1)).toBe(10);
    expect(nextSpeed(0.1, -1)).toBe(0.1);
  });

  test('the window of time keeps the cursor in view and does not move without need', () => {
    expect(initialLength(0, 0)).toBe(1);
    expect(initialLength(1, 1000)).toBe(18);
    expect(keepInView(0, 100, 50, 1000)).toBe(0);
    expect(keepInView(0, 100, 300, 1000)).toBe(228);
    expect(keepInView(228, 100, 10, 1000)).toBe(2);
    const span = zoomed({ from: 100, to: 200 }, -1, 150, 1000);
    expect(span.from).toBeCloseTo(116.67, 1);
    expect(ticks({ from: 0, to: 100 }, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  });
});

test('no two commands share a key', () => {
  const keys = COMMANDS.flatMap((command) => command.keys);
  expect(new Set(keys).size).toBe(keys.length);
});
