/** Live runs that are recorded and replayed: the same states, the same sendings, event by event. */

import { describe, expect, test } from 'vitest';
import { diffText } from '../../../../src/check/trace/diff-text.ts';
import { replayedTrace } from '../../../../src/lab/recording/replay-recording.ts';
import { liveTrace } from '../../../../src/lab/live/live-trace.ts';
import type { TurnLine } from '../../../../src/runtime/recording/recording.ts';
import { traceLine } from '../../../../src/runtime/trace-file.ts';
import { Babbler } from '../../../support/babbler.ts';
import { fc } from '../../../support/property.ts';
import { changed, liveRun, recordingOf, replay, replayAsIs } from '../../../support/recordings.ts';
import {
  Flood,
  Gambler,
  Late,
  Notary,
  Outcast,
  Rounds,
} from '../../../support/recorded-algorithms.ts';

/** Live runs take real time, and more on a busy machine. */
const PATIENCE_MS = 30_000;

/** How many live runs are drawn. */
const RUNS = 12;

const budget = (of: number) => () => ({ budget: of });

/** Fulfilled when the recording of a world has come to that turn of a node. */
const turn = (node: string, number: number) => (world: { readonly recording: string }) =>
  world.recording.includes(`"node":"${node}","incarnation":0,"turn":${number},`);

describe('a replay is the run that was recorded', { timeout: PATIENCE_MS }, () => {
  test('whatever small algorithm, whatever faults', async () => {
    const share = fc.constantFrom(0, 0, 0.1, 0.3);
    const runs = fc.record({
      seed: fc.nat(1_000_000),
      nodes: fc.integer({ min: 2, max: 4 }),
      things: fc.integer({ min: 1, max: 40 }),
      format: fc.constantFrom('json' as const, 'msgpack' as const),
      faults: fc.record({
        loss: share,
        duplication: share,
        reordering: share,
        latency: fc.constantFrom('0-3', '1', '0-20'),
        pauses: fc.constantFrom([], [{ every: '20ms', for: '1-15ms' }]),
      }),
    });
    let events = 0;
    let faults = 0;
    // All at once, because live runs mostly wait; and without shrinking, because none happens twice.
    const replays = fc.sample(runs, RUNS).map(async ({ things, ...options }) => {
      const world = await liveRun(Babbler, { ...options, settings: budget(things) });
      const replayed = await replay(world);
      expect(replayed).toHaveLength(options.nodes);
      const ids = world.plan.nodes.map(({ id }) => id);
      const lines = Array.from(replayedTrace(replayed, ids), traceLine);
      expect(lines).toEqual(Array.from(liveTrace(world.events, ids), traceLine));
      events += lines.length;
      faults += lines.filter((line) => line.includes('"kind":"fault"')).length;
    });
    await Promise.all(replays);
    expect(events).toBeGreaterThan(1000);
    expect(faults).toBeGreaterThan(20);
  });

  test('when a node is killed: its recording ends where it was', async () => {
    const options = { nodes: 3, seed: 11, settings: budget(200) };
    const world = await liveRun(Babbler, options, async (running) => {
      await running.until(() => turn('n2', 60)(running));
      running.kill('n2');
    });
    const replayed = await replay(world);
    expect(replayed.map(({ read }) => read.ending)).toEqual(['ended', 'cut off', 'ended']);
    expect(replayed[1]!.turns).toBeGreaterThanOrEqual(60);
    expect(world.results['n1']!.status).toBe('terminated');
  });

  test('when a node is reloaded: each of its lives is one of its own', async () => {
    const options = { nodes: 3, seed: 12, settings: budget(60) };
    const world = await liveRun(Babbler, options, async (running) => {
      await running.until(() => turn('n3', 30)(running));
      await running.reload('n3');
    });
    const replayed = await replay(world);
    expect(replayed.map(({ life }) => `${life.node}/${life.incarnation}`)).toEqual([
      ...['n1/0', 'n2/0', 'n3/0', 'n3/1'],
    ]);
    expect(replayed.map(({ life }) => life.restarted)).toEqual([false, false, false, true]);
    expect(replayed.map(({ read }) => read.ending)).toEqual([
      ...['ended', 'ended', 'cut off', 'ended'],
    ]);
  });

  test('when links break, and when a node is held and stopped', async () => {
    const options = { nodes: 3, seed: 13, settings: budget(100_000) };
    const world = await liveRun(Babbler, options, async (running) => {
      for (const turns of [40, 80, 120]) {
        await running.until(() => turn('n1', turns)(running));
        running.link('n1', 'n2');
      }
      running.node('n3').hold(true);
      await running.until(() => turn('n1', 200)(running));
      running.node('n3').hold(false);
      running.stop('timeout');
    });
    const replayed = await replay(world);
    const ends = replayed.map(({ read }) => read.result!.line.status);
    expect(ends).toEqual(['timeout', 'timeout', 'timeout']);
  });

  test('when messages have to wait until they are accepted', async () => {
    const world = await liveRun(Flood, { nodes: 2 });
    const waits = recordingOf(world).lives.flatMap(({ lines }) =>
      lines.flatMap(({ line }) => ('waits' in line ? line.waits : [])),
    );
    expect(waits.length).toBeGreaterThan(3);
    await replay(world);
  });

  test('however long it takes to sign what is shown and sent', async () => {
    const world = await liveRun(Notary, { nodes: 2 });
    const lives = await replay(world);
    const states = lives.flatMap(({ events }) => events).filter(({ kind }) => kind === 'state');
    expect(states).toHaveLength(2);
    const sizes = world.events.map((event) => ('bytes' in event ? event.bytes : undefined));
    expect(new Set(sizes.filter((size) => size !== undefined)).size).toBe(1);
  });

  test('wherever among the events of a turn a fault struck', async () => {
    const world = await liveRun(Babbler, { nodes: 2, seed: 4, settings: budget(40) });
    const lines = world.recording.split('\n');
    let places = 0;
    for (const [at, line] of lines.entries()) {
      const events = line === '' ? [] : ((JSON.parse(line) as Partial<TurnLine>).events ?? []);
      for (const { node, sequence } of events) {
        if (node !== 'n1' || ++places % 5 !== 0) continue;
        const { differences } = await replayAsIs(world, struck(lines, at, node, sequence));
        expect(differences).toEqual([]);
      }
    }
    expect(places).toBeGreaterThan(50);
  });

  test('when promises are rejected that nobody handles', async () => {
    const world = await liveRun(Outcast, { nodes: 1 });
    expect(world.results['n1']).toMatchObject({ status: 'failed' });
    expect(world.recording).toContain('"kind":"unhandled"');
    await replay(world);
  });

  test('however far a recording goes: cut after any line, it is the same up to there', async () => {
    const world = await liveRun(Babbler, { nodes: 2, seed: 3, settings: budget(10) });
    const lines = world.recording.split('\n');
    for (let count = 1; count < lines.length; count += 7) {
      const replayed = await replayAsIs(world, lines.slice(0, count).join('\n'));
      expect(replayed.differences).toEqual([]);
    }
  });
});

describe('what is not the same is found', { timeout: PATIENCE_MS }, () => {
  test('one changed delivery: where it shows, and that the file was changed', async () => {
    const world = await liveRun(Rounds, { nodes: 2 });
    const text = changed(world.recording, '"n1"', /("ball",\{"sequence":)3\}/, '$17}');
    const { lives, differences } = await replayAsIs(world, text);
    expect(lives.filter(({ read }) => read.changed !== undefined)).toHaveLength(1);
    const [difference] = differences;
    expect(difference!.life.node).toBe('n1');
    const words = diffText(difference!.difference!, { a: 'recording', b: 'replay' }).join('\n');
    // It takes 7 for 3, and is done where it should have thrown the ball back.
    expect(words).toMatch(
      /A {2}recording, line (\d+)[^]*▸ .*sends ball to n2 [^]*B {2}replay, line \1/,
    );
    expect(words).toMatch(/B {2}replay[^]*▸ .*n1 is finished/);
  });

  test('a change that shows nowhere is found by the seal', async () => {
    const world = await liveRun(Rounds, { nodes: 2 });
    const text = changed(world.recording, '"n2"', /("turn":\d+,"time":\d+)(\.\d+)?/, '$1.5');
    const { lives } = await replayAsIs(world, text);
    expect(lives.map(({ read }) => read.changed !== undefined)).toEqual([false, true]);
  });

  test('an input that cannot be: the replay ends there, and says why', async () => {
    const world = await liveRun(Rounds, { nodes: 2 });
    const text = changed(
      world.recording,
      '"n1"',
      /"kind":"timer","number":\d+/,
      '"kind":"timer","number":999',
    );
    const { differences } = await replayAsIs(world, text);
    expect(differences[0]!.impossible!.why).toMatch(
      /a timer \(number 999\) is answered for which it never asked/,
    );
  });

  test('chance from outside the node', async () => {
    const world = await liveRun(Gambler, { nodes: 2 });
    const { differences } = await replayAsIs(world, world.recording);
    expect(differences[0]!.difference!.causes.join()).toMatch(
      /look like Math\.random\(\); use this\.random/,
    );
  });

  test('a promise that no turn knew of', async () => {
    const world = await liveRun(Late, { nodes: 1 });
    const { differences } = await replayAsIs(world, world.recording);
    expect(differences).toHaveLength(1);
  });
});

/** The lines with one more event of a node: a fault, where that number stood; those behind it count on. */
function struck(lines: readonly string[], at: number, node: string, sequence: number): string {
  return lines
    .map((line, i) => {
      if (line === '') return line;
      const turnLine = JSON.parse(line) as TurnLine;
      if (turnLine.node !== node || turnLine.events === undefined) return line;
      const events = turnLine.events.flatMap((event) => {
        const later = { ...event, sequence: event.sequence + (event.sequence >= sequence ? 1 : 0) };
        if (i !== at || event.sequence !== sequence) return [later];
        const fault = { kind: 'fault', fault: 'pause', detail: 'stands still' } as const;
        return [{ time: event.time, node, sequence, ...fault }, later];
      });
      return JSON.stringify({ ...turnLine, events });
    })
    .join('\n');
}
