/** The simulator obeys choices, and draws everything else as if there were none. */

import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import type { Choice } from '../../../src/core/choices/choices.ts';
import type { Schedule } from '../../../src/core/choices/schedule.ts';
import { cast } from '../../../src/core/message.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { events, planOf, simulatePlan, type Run, type RunOptions } from '../../support/simulate.ts';
import { fc } from '../../support/property.ts';

/** For a busy machine; a run takes milliseconds. */
vi.setConfig({ testTimeout: 120_000 });

/** Everybody tells everybody ten times, a timer apart, and answers the first three of each. */
class Chatter extends defineAlgorithm('chatter', {
  messages: { word: cast({ count: v.number() }), answer: cast({ count: v.number() }) },
}) {
  heard = 0;

  override onStart() {
    let count = 0;
    const say = () => {
      void this.toAll.word({ count });
      if (++count < 10) this.after(7, say);
      else this.after(3000, () => this.terminate());
    };
    say();
  }

  handlers = this.on({
    word: (src, { count }) => {
      this.heard++;
      if (count < 3) void this.peer(src).answer({ count });
    },
    answer: () => {},
  });

  override state() {
    return { heard: this.heard };
  }
}

interface Options extends RunOptions {
  readonly choices?: readonly Choice[];
  readonly schedule?: Schedule;
  readonly faults?: object;
}

function run({ faults, ...options }: Options = {}): Promise<Run> {
  const plan = planOf(Chatter, options);
  return simulatePlan(faults === undefined ? plan : { ...plan, faults }, options);
}

/** When copies of a message arrived at a node. */
function arrivals({ trace }: Run, message: string, node: string): number[] {
  return trace.flatMap((event) =>
    event.kind === 'deliver' && event.message === message && event.node === node
      ? [event.time]
      : [],
  );
}

/** A run, and all that chance decided in it. */
async function decidedRun(options: Options): Promise<{ run: Run; choices: Choice[] }> {
  const choices: Choice[] = [];
  return { run: await run({ ...options, decided: (choice) => choices.push(choice) }), choices };
}

describe('a message', () => {
  test('arrives when it was chosen to', async () => {
    const choices = [{ message: 'n1#1', to: 'n2', arrives: [123.456] }];
    const chosen = await run({ choices });
    expect(arrivals(chosen, 'n1#1', 'n2')).toEqual([123.456]);
    expect(chosen.ok).toBe(true);
    // Its link keeps its order: what was sent later waits.
    expect(arrivals(chosen, 'n1#2', 'n2')).toEqual([123.456]);
    expect(events(chosen, 'fault')).toEqual([]);
  });

  test('strays, and holds nobody up', async () => {
    const [plain, chosen] = await Promise.all([
      run(),
      run({ choices: [{ message: 'n1#1', to: 'n2', arrives: [1500], stray: true }] }),
    ]);
    expect(arrivals(chosen, 'n1#1', 'n2')).toEqual([1500]);
    expect(arrivals(chosen, 'n1#2', 'n2')).toEqual(arrivals(plain, 'n1#2', 'n2'));
    expect(events(chosen, 'fault').map(({ fault, message }) => [fault, message])).toEqual([
      ['reordering', 'n1#1'],
    ]);
  });

  test('is lost, or comes twice, and everything else stays', async () => {
    const [plain, lost, twice] = await Promise.all([
      run(),
      run({ choices: [{ message: 'n1#9', to: 'n2', arrives: [] }] }),
      run({ choices: [{ message: 'n1#9', to: 'n2', arrives: [80, 90] }] }),
    ]);
    expect(arrivals(lost, 'n1#9', 'n2')).toEqual([]);
    expect(arrivals(twice, 'n1#9', 'n2')).toHaveLength(2);
    expect(lost.faults_fired).toEqual({ loss: 1 });
    expect(twice.faults_fired).toEqual({ duplication: 1 });
    const others = ({ trace }: Run) =>
      trace.filter(
        (event) => event.kind === 'deliver' && !(event.message === 'n1#9' && event.node === 'n2'),
      );
    expect(others(lost).map(what)).toEqual(others(plain).map(what));
  });

  test('is spared from what is planned', async () => {
    const spare = { spare: 'n1#1', to: 'n2' };
    const cut = { links: { 'n1->n2': { loss: 1, at: 12, for: 1000 } } };
    const chosen = await run({ faults: cut, choices: [spare] });
    expect(chosen.faults_fired.loss).toBeGreaterThan(3);
    const heard = events(chosen, 'deliver').filter(({ from, node }) => from + node === 'n1n2');
    expect(heard.map(({ message }) => message)).toEqual(['n1#1']);
    const liar = { byzantine: { n1: { withhold: { share: 1, to: 'n*' } } } };
    const honest = await run({ faults: liar, choices: [spare] });
    const fromLiar = events(honest, 'deliver').filter(({ from }) => from === 'n1');
    expect(fromLiar.map(({ message, node }) => [message, node])).toEqual([['n1#1', 'n2']]);
  });

  test('that is never sent says nothing', async () => {
    const [plain, chosen] = await Promise.all([
      run(),
      run({ choices: [{ message: 'n1#999', to: 'n2', arrives: [5] }] }),
    ]);
    expect(chosen.hash).toBe(plain.hash);
  });
});

test('a timer fires when it was chosen to', async () => {
  const chosen = await run({ choices: [{ timer: 2, node: 'n1', at: 500 }] });
  const fired = events(chosen, 'timer').filter(({ node }) => node === 'n1');
  expect(fired[0]!.time).toBeLessThan(100);
  expect(fired[1]!.time).toBe(500);
  expect(fired[2]!.time).toBe(507);
});

test('a crash and a pause that were chosen are those of a plan', async () => {
  const chosen = await run({
    choices: [
      { crash: 'n2', at: 30, for: 40 },
      { pause: 'n3', at: 20, for: 25 },
    ],
  });
  const planned = await run({
    faults: {
      crashes: [{ node: 'n2', at: 30, for: 40 }],
      pauses: [{ node: 'n3', at: 20, for: 25 }],
    },
  });
  expect(chosen.hash).toBe(planned.hash);
  expect(chosen.faults_fired).toMatchObject({ crash: 1, restart: 1, pause: 1 });
});

const STORM = {
  latency: '1-30',
  loss: '10%',
  duplication: '10%',
  reordering: { share: '10%', within: 40 },
  partitions: [{ split: 'random', every: '20ms', for: '5-20ms' }],
  crashes: [{ node: 'any 1', at: '60ms' }],
  pauses: [{ every: '20ms', for: '5-20ms' }],
};

test('all that random faults did, written as choices, is the same run without them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
      const { run: stormy, choices } = await decidedRun({ seed, faults: STORM });
      const chosen = await run({ seed, faults: { latency: '1-30' }, choices });
      const told = ({ trace }: Run) => trace.filter(isMessage).map(what);
      expect(told(chosen)).toEqual(told(stormy));
    }),
    { numRuns: 20 },
  );
});

describe.each([{ kind: 'walk' }, { kind: 'pct', depth: 3, steps: 80 }] as const)(
  'the schedule $kind',
  (schedule) => {
    test('is a function of the seed, and keeps the order of links', async () => {
      const seen = new Set<string>();
      for (const seed of [1, 2, 3, 4, 5]) {
        const [one, two] = await Promise.all([run({ seed, schedule }), run({ seed, schedule })]);
        expect(two.hash).toBe(one.hash);
        expect(one.ok).toBe(true);
        seen.add(one.hash);
        for (const order of Object.values(byLink(one))) {
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }
      expect(seen.size).toBe(5);
    });

    test('written as choices is the same run without it', async () => {
      const { run: scheduled, choices } = await decidedRun({ seed: 7, schedule });
      const chosen = await run({ seed: 7, choices });
      const told = ({ trace }: Run) => trace.filter(isMessage).map(what);
      expect(told(chosen)).toEqual(told(scheduled));
    });

    test('leaves alone what was chosen, and counts no fault that it makes meaningless', async () => {
      const choices = [{ message: 'n1#3', to: 'n2', arrives: [321] }];
      const faults = { reordering: '50%', loss: '5%' };
      const scheduled = await run({ seed: 7, schedule, choices, faults });
      expect(arrivals(scheduled, 'n1#3', 'n2')).toEqual([321]);
      expect(scheduled.faults_fired).not.toHaveProperty('reordering');
      expect(scheduled.faults_fired.loss).toBeGreaterThan(0);
    });
  },
);

test('a walk takes any order that links allow', async () => {
  const firsts = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const { trace } = await run({ seed, schedule: { kind: 'walk' } });
    const first = trace.find(isMessageArrival)!;
    firsts.add(what(first));
  }
  // Three nodes speak at once to two others each.
  expect([...firsts].map((text) => text.replace(/^[\d.]+ /, '')).length).toBeGreaterThan(5);
  expect(new Set([...firsts].map((text) => text.split(' ').slice(1).join(' '))).size).toBe(6);
});

function isMessage(event: TraceEvent): boolean {
  return event.kind === 'send' || event.kind === 'deliver';
}

function isMessageArrival(event: TraceEvent): boolean {
  return event.kind === 'deliver';
}

function what(event: TraceEvent): string {
  const { time, kind, node } = event;
  return `${time} ${kind} ${node} ${'message' in event ? event.message : ''}`;
}

/** Numbers of the messages of each link, as they arrived. */
function byLink(run: Run): Record<string, number[]> {
  const links: Record<string, number[]> = {};
  for (const { from, node, message } of events(run, 'deliver')) {
    (links[`${from}->${node}`] ??= []).push(Number(message.split('#')[1]));
  }
  return links;
}
