import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace.ts';
import {
  causesOf,
  density,
  effectsOf,
  flightsAt,
  linksOf,
  nodeAt,
} from '../../../src/lab/picture.ts';
import { countBefore, Recording } from '../../../src/lab/playback.ts';

const numbers = new Map<string, number>();

function event(part: object & { time: number; node: string }): TraceEvent {
  const sequence = (numbers.get(part.node) ?? 0) + 1;
  numbers.set(part.node, sequence);
  return { sequence, ...part } as TraceEvent;
}

function send(time: number, node: string, to: string, message: string, type = 'vote'): TraceEvent {
  const message_ = { message, path: 'talk', type, role: 'cast', bytes: 10, body: { value: 1 } };
  return event({ time, node, kind: 'send', to, ...message_ } as never);
}

function deliver(time: number, node: string, from: string, message: string): TraceEvent {
  const message_ = { message, path: 'talk', type: 'vote', role: 'cast', bytes: 10 };
  return event({ time, node, kind: 'deliver', from, ...message_ } as never);
}

function drop(time: number, node: string, from: string, message: string): TraceEvent {
  const rest = { message, path: 'talk', type: 'vote', reason: 'schema', detail: '' };
  return event({ time, node, kind: 'drop', from, ...rest } as never);
}

function state(time: number, node: string, value: object, path = 'talk'): TraceEvent {
  return event({ time, node, kind: 'state', path, state: value } as never);
}

function status(time: number, node: string, to: string): TraceEvent {
  return event({ time, node, kind: 'status', status: to } as never);
}

function record(events: readonly TraceEvent[]): Recording {
  const recording = new Recording();
  recording.extend(events);
  return recording;
}

describe('a recording', () => {
  test('counts the events that have happened at a time, those at that very time included', () => {
    const recording = record([
      status(0, 'n1', 'joining'),
      status(5, 'n1', 'ready'),
      status(5, 'n2', 'ready'),
    ]);
    expect([-1, 0, 4.9, 5, 9].map((time) => recording.stepAt(time))).toEqual([0, 1, 1, 3, 3]);
    expect(recording.endTime).toBe(5);
  });

  test('takes in what is appended, in slices or at once, alike', () => {
    const events = [
      send(1, 'n1', 'n2', 'n1#1'),
      send(1, 'n1', 'n3', 'n1#1'),
      deliver(4, 'n3', 'n1', 'n1#1'),
      deliver(6, 'n2', 'n1', 'n1#1'),
    ];
    const sliced = new Recording();
    for (let length = 0; length <= events.length; length++) sliced.extend(events.slice(0, length));
    const whole = record(events);
    for (const time of [0, 2, 5, 7]) {
      const cursor = { time, step: whole.stepAt(time) };
      expect(flightsAt(sliced, cursor, true)).toEqual(flightsAt(whole, cursor, true));
    }
    expect(sliced.flightCount).toBe(2);
  });

  test('tells the receivers of one broadcast apart', () => {
    const recording = record([
      send(1, 'n1', 'n2', 'n1#1'),
      send(1, 'n1', 'n3', 'n1#1'),
      deliver(4, 'n3', 'n1', 'n1#1'),
    ]);
    expect(recording.flight('n1#1', 'n2')?.arrivedAt).toBeUndefined();
    expect(recording.flight('n1#1', 'n3')?.arrivedAt).toBe(4);
  });

  test('joins an arrival to a sending that the clocks put after it', () => {
    const recording = record([deliver(3, 'n2', 'n1', 'n1#1'), send(3.2, 'n1', 'n2', 'n1#1')]);
    expect(recording.flight('n1#1', 'n2')).toMatchObject({
      sentAt: 3.2,
      arrivedAt: 3.2,
      arriveIndex: 0,
    });
  });

  test('keeps a duplicate as a second way of the same message', () => {
    const recording = record([
      send(0, 'n1', 'n2', 'n1#1'),
      deliver(2, 'n2', 'n1', 'n1#1'),
      deliver(8, 'n2', 'n1', 'n1#1'),
    ]);
    expect([...recording.flightsBetween(0, 9)].map(({ arrivedAt }) => arrivedAt)).toEqual([2, 8]);
    expect([...recording.flightsBetween(5, 5)].map(({ arrivedAt }) => arrivedAt)).toEqual([8]);
  });

  test('finds the flights of a time among many, as a search through all of them would', () => {
    const events: TraceEvent[] = [];
    const arrivals: [number, string, string, string][] = [];
    for (let i = 0; i < 500; i++) {
      events.push(send(i, `n${i % 7}`, `n${(i + 1) % 7}`, `m${i}`));
      if (i % 11 !== 0)
        arrivals.push([i + 1 + ((i * 37) % 90), `n${(i + 1) % 7}`, `n${i % 7}`, `m${i}`]);
    }
    for (const [time, node, from, message] of arrivals)
      events.push(deliver(time, node, from, message));
    events.sort((a, b) => a.time - b.time);
    const recording = record(events);
    const all = [...recording.flightsBetween(-Infinity, Infinity)];
    expect(all).toHaveLength(500);
    for (const [from, to] of [
      [0, 0],
      [250, 250],
      [100, 130],
      [499, 700],
    ] as const) {
      const wanted = all.filter((one) => one.sentAt <= to && (one.arrivedAt ?? Infinity) >= from);
      expect([...recording.flightsBetween(from, to)]).toEqual(wanted);
    }
  });
});

describe('a node at a moment', () => {
  const recording = record([
    status(0, 'n1', 'ready'),
    state(1, 'n1', { term: 1 }),
    send(2, 'n1', 'n2', 'n1#1'),
    state(3, 'n1', { term: 2 }),
    state(3, 'n1', { heard: 0 }, 'talk.lower'),
    drop(4, 'n1', 'n2', 'n2#1'),
    status(5, 'n1', 'failed'),
  ]);

  test('stands in a way that is not known, where no event says how', () => {
    const foreign = record([send(0, 'n1', 'n2', 'm1'), deliver(1, 'n2', 'n1', 'm1')]);
    expect(nodeAt(foreign, 'n1', 2)).toMatchObject({ status: 'unknown', sent: 1 });
  });

  test('is joining before anything is known of it', () => {
    expect(nodeAt(recording, 'n1', 0)).toMatchObject({
      status: 'joining',
      states: [],
      lastIndex: undefined,
    });
    expect(nodeAt(recording, 'n9', 7)).toMatchObject({ status: 'joining', sent: 0 });
  });

  test('has its last state and the one before it, the outermost algorithm first', () => {
    expect(nodeAt(recording, 'n1', 2).states).toEqual([
      { path: 'talk', state: { term: 1 }, previous: undefined, index: 1 },
    ]);
    expect(nodeAt(recording, 'n1', 5).states).toEqual([
      { path: 'talk', state: { term: 2 }, previous: { term: 1 }, index: 3 },
      { path: 'talk.lower', state: { heard: 0 }, previous: undefined, index: 4 },
    ]);
  });

  test('counts what has happened so far, and no more', () => {
    expect(nodeAt(recording, 'n1', 2)).toMatchObject({ sent: 0, dropped: 0, status: 'ready' });
    expect(nodeAt(recording, 'n1', 7)).toMatchObject({ sent: 1, dropped: 1, status: 'failed' });
  });
});

describe('messages on their way', () => {
  const recording = record([
    send(10, 'n1', 'n2', 'n1#1'),
    send(10, 'n1', 'n3', 'n1#2'),
    deliver(20, 'n2', 'n1', 'n1#1'),
  ]);
  const at = (time: number, ended = true) =>
    flightsAt(recording, { time, step: recording.stepAt(time) }, ended).map(
      ({ flight, progress, fate }) => [flight.to, progress, fate],
    );

  test('stand at (now − sent) / (arrives − sent)', () => {
    expect(at(9)).toEqual([]);
    expect(at(10)[0]).toEqual(['n2', 0, 'arrives']);
    expect(at(12.5)[0]).toEqual(['n2', 0.25, 'arrives']);
    expect(at(20).some(([to]) => to === 'n2')).toBe(false);
  });

  test('that never arrive fade on their way when the run is over', () => {
    expect(at(13)[1]).toEqual(['n3', 0.3, 'lost']);
    expect(at(17)).toEqual([['n2', 0.7, 'arrives']]);
  });

  test('that may still arrive wait before the receiver', () => {
    expect(at(60, false)).toEqual([['n3', 0.9, 'unknown']]);
    expect(at(10_000, false)).toEqual([]);
  });

  test('follow the step where several events share one time', () => {
    const instant = record([
      send(5, 'n1', 'n2', 'a'),
      send(5, 'n1', 'n3', 'b'),
      deliver(5, 'n2', 'n1', 'a'),
    ]);
    const flying = (step: number) =>
      flightsAt(instant, { time: 5, step }, true).map(({ flight }) => flight.message);
    expect([0, 1, 2, 3].map(flying)).toEqual([[], ['a'], ['a', 'b'], ['b']]);
  });

  test('are a pure function of the moment: any order of questions gives the same answers', () => {
    const forth = [10, 13, 17, 20].map((time) => at(time));
    const back = [20, 17, 13, 10].map((time) => at(time)).reverse();
    expect(back).toEqual(forth);
  });
});

test('links stand once, with a direction where only one end knows of them', () => {
  const node = (id: string, neighbours: string[]) => ({ id, neighbours, settings: {} });
  expect(
    linksOf([node('n1', ['n2', 'n3', 'n1', 'n9']), node('n2', ['n1']), node('n3', [])]),
  ).toEqual([
    { from: 'n1', to: 'n2', directed: false },
    { from: 'n1', to: 'n3', directed: true },
  ]);
});

test('the causal past holds what an event depends on, and nothing concurrent', () => {
  const recording = record([
    send(0, 'n1', 'n2', 'a'), // 0
    send(1, 'n3', 'n1', 'late'), // 1
    deliver(2, 'n2', 'n1', 'a'), // 2
    send(3, 'n2', 'n4', 'b'), // 3
    send(4, 'n1', 'n2', 'c'), // 4
    deliver(5, 'n1', 'n3', 'late'), // 5
    deliver(6, 'n4', 'n2', 'b'), // 6
  ]);
  expect(causesOf(recording, 6)).toEqual(
    new Map([
      ['n1', 0],
      ['n2', 3],
      ['n4', 6],
    ]),
  );
  expect([...causesOf(recording, 1)]).toEqual([['n3', 1]]);
});

test('the causal future is the past, seen from the other end', () => {
  // Every receiver sends on, some messages are thrown away, and some never arrive.
  const ids = ['n1', 'n2', 'n3', 'n4'];
  const events: TraceEvent[] = [];
  for (let i = 0; i < 60; i++) {
    const [from, to] = [ids[(i * 7) % 4]!, ids[(i * 5 + 1) % 4]!];
    events.push(send(i, from, to, `m${i}`));
    if (i % 7 !== 0) events.push((i % 5 === 0 ? drop : deliver)(i + (i % 11), to, from, `m${i}`));
  }
  const recording = record(events.toSorted((a, b) => a.time - b.time));
  for (let tip = 0; tip < recording.length; tip++) {
    const future = effectsOf(recording, tip);
    for (let other = tip + 1; other < recording.length; other++) {
      const { node } = recording.events[other]!;
      const isLater = other >= (future.get(node) ?? Infinity);
      const tipNode = recording.events[tip]!.node;
      expect(isLater, `${tip} ${other}`).toBe(
        tip <= (causesOf(recording, other).get(tipNode) ?? -1),
      );
    }
  }
});

test('the density of a run counts every event once', () => {
  const recording = record([0, 0, 1, 5, 9.9, 10].map((time) => status(time, 'n1', 'running')));
  expect(density(recording, 5, 10)).toEqual([3, 0, 1, 0, 2]);
  expect(density(record([]), 3, 0)).toEqual([0, 0, 0]);
});

test('countBefore is the number of indexes below a step', () => {
  expect([0, 3, 4, 9].map((step) => countBefore([3, 5, 8], step))).toEqual([0, 0, 1, 3]);
});
