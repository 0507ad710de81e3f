import { describe, expect, test } from 'vitest';
import { chapter as bracha } from '../../../src/algorithms/bracha/index.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import {
  cutBetween,
  describeIntervention,
  healed,
  intervene,
  interventionsIn,
  messageDeeds,
  withoutIntervention,
  type Intervention,
} from '../../../src/lab/intervention.ts';
import { attemptOf, type LinkedRun } from '../../../src/lab/link/linked-run.ts';
import { Recording, type Flight } from '../../../src/lab/playback.ts';
import { traceLine } from '../../../src/runtime/trace-file.ts';
import { Simulation } from '../../../src/runtime/simulator.ts';

const base: LinkedRun = {
  algorithm: 'bracha',
  runId: 'run',
  config: [1, 2, 3, 4].map((n) => `n${n}: { is_sender: ${n === 1} }`).join('\n'),
  format: 'json',
  seed: 7,
  latencyMs: { min: 1, max: 10 },
  timeoutMs: 2000,
  serviceMs: 1000,
};

async function run(linked: LinkedRun): Promise<Recording> {
  const events: TraceEvent[] = [];
  const attempt = attemptOf(linked, bracha);
  await new Simulation({ ...attempt, trace: (event) => events.push(event) }).run();
  const recording = new Recording();
  recording.extend(events);
  return recording;
}

function linesUpTo(recording: Recording, timeMs: number): string[] {
  // That a message will be lost is noted where it is sent.
  return recording.events
    .filter(({ time, kind }) => time < timeMs && kind !== 'fault')
    .map((event) => traceLine({ ...event, sequence: 0 }));
}

/** The first message that is under way at a moment. */
function under(recording: Recording, nowMs: number): Flight {
  const [first] = recording.flightsBetween(nowMs, nowMs);
  return first!;
}

const choice = (one: Extract<Intervention, { kind: 'choice' }>['choice']): Intervention => ({
  kind: 'choice',
  choice: one,
});

describe('what is done by hand', () => {
  test('leaves the past as it was, event by event, whatever it is', async () => {
    const before = await run(base);
    const nowMs = 14;
    const flight = under(before, nowMs);
    const deeds: Intervention[] = [
      choice(messageDeeds.drop(flight)),
      choice(messageDeeds.deliver(flight, nowMs)),
      choice(messageDeeds.delay(flight, nowMs, 50)),
      choice(messageDeeds.double(flight, nowMs, 3)),
      choice({ crash: 'n3', at: nowMs, for: 20 }),
      choice({ pause: 'n2', at: nowMs, for: 20 }),
      { kind: 'cut', partition: cutBetween(['n4'], ['n1', 'n2', 'n3'], nowMs, false) },
    ];
    const past = linesUpTo(before, nowMs);
    expect(past.length).toBeGreaterThan(10);
    for (const deed of deeds) {
      const after = await run(intervene(base, before, nowMs, deed));
      expect(linesUpTo(after, nowMs), describeIntervention(deed)).toEqual(past);
      const lines = after.events.map(traceLine);
      expect(lines, describeIntervention(deed)).not.toEqual(before.events.map(traceLine));
    }
  });

  test('happens when it is said to', async () => {
    const before = await run(base);
    const nowMs = 14;
    const { message, to } = under(before, nowMs);
    const flight = before.flight(message, to)!;
    const dropped = await run(intervene(base, before, nowMs, choice(messageDeeds.drop(flight))));
    expect(dropped.flight(message, to)!.arrivedAt).toBeUndefined();
    const now = await run(
      intervene(base, before, nowMs, choice(messageDeeds.deliver(flight, nowMs))),
    );
    expect(now.flight(message, to)!.arrivedAt).toBe(nowMs);
    const late = await run(
      intervene(base, before, nowMs, choice(messageDeeds.delay(flight, nowMs, 4))),
    );
    expect(late.flight(message, to)!.arrivedAt).toBe(flight.arrivedAt! + 4);
  });

  test('is forgotten when something is done before it, and replaced by a second word about the same', async () => {
    const before = await run(base);
    const late = under(before, 20);
    const once = intervene(base, before, 20, choice(messageDeeds.drop(late)));
    const twice = intervene(once, await run(once), 20, choice(messageDeeds.deliver(late, 20)));
    expect(twice.choices).toEqual([messageDeeds.deliver(late, 20)]);
    const early = intervene(twice, await run(twice), 2, choice({ crash: 'n4', at: 2 }));
    expect(early.choices).toEqual([{ crash: 'n4', at: 2 }]);
  });

  test('can be taken back, and a cut be healed', async () => {
    const before = await run(base);
    const partition = cutBetween(['n4'], ['n1', 'n2', 'n3'], 5, true);
    const cut = intervene(base, before, 5, { kind: 'cut', partition });
    const both = intervene(cut, await run(cut), 6, choice({ pause: 'n1', at: 6, for: 5 }));
    const done = interventionsIn(both, base);
    expect(done.map(describeIntervention)).toEqual([
      'n1 stands still from 6 ms for 5 ms',
      'n4 cannot be heard by n1, n2, n3 from 5 ms',
    ]);
    const mended = healed(both, partition, 45);
    expect(mended.faults?.partitions).toEqual([{ ...partition, for: 40 }]);
    let left = both;
    for (const one of done) left = withoutIntervention(left, one);
    expect(left).toEqual(base);
  });

  test('is told from what was planned and sent', () => {
    const planned = { ...base, faults: { partitions: [{ isolate: 'n1', at: 3, for: 2 }] } };
    const sent = { ...planned, choices: [{ crash: 'n2', at: 4 }], trace: 'a'.repeat(64) };
    const changed = intervene(sent, new Recording(), 9, choice({ crash: 'n3', at: 9 }));
    expect(interventionsIn(changed, sent)).toEqual([choice({ crash: 'n3', at: 9 })]);
    // Nobody knows any more what its trace is.
    expect(changed).not.toHaveProperty('trace');
  });
});
