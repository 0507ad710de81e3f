/**
 * What it costs to record: two live nodes in one process throw messages at each other over ports, without anything, with their trace, and
 * recorded, in turn. Then how long a recording is, and how quickly it is read and replayed.
 */

import * as v from 'valibot';
import { cast, defineAlgorithm } from '../src/index.ts';
import { RecordingReader } from '../src/lab/recording/recording-reader.ts';
import { isSame, replayRecording } from '../src/lab/recording/replay-recording.ts';
import { HEADER } from '../tests/support/recording-header.ts';
import { LiveWorld } from '../tests/support/live-world.ts';
import { planOf } from '../tests/support/simulate.ts';
import { median, printFigures, type Figure } from './table.ts';

/** Messages that each of the two nodes sends. */
const MESSAGES = 10_000;
const CONTENT = 'x'.repeat(200);
const ROUNDS = 5;

const WAYS = {
  'without trace': { records: false, traces: false },
  'with trace': { records: false, traces: true },
  recorded: { records: true, traces: false },
};

/** Sends everything, a few at a time, and ends when it has heard as much. */
class Barrage extends defineAlgorithm('barrage', {
  messages: { shot: cast({ sequence: v.number(), content: v.string() }) },
}) {
  received = 0;
  begunMs = 0;
  endedMs = 0;

  override async onStart(): Promise<void> {
    this.begunMs = this.now();
    for (let sequence = 0; sequence < MESSAGES; sequence++) {
      await this.toAll.shot({ sequence, content: CONTENT });
    }
  }

  handlers = this.on({
    shot: () => {
      if (++this.received < MESSAGES) return;
      this.endedMs = this.now();
      this.terminate();
    },
  });

  override state(): object {
    return { received: this.received };
  }

  override report(): object {
    return { milliseconds: this.endedMs - this.begunMs };
  }
}

/** Runs and prints. */
export async function bench(): Promise<void> {
  const rates: Record<string, number[]> = {};
  let recorded: LiveWorld | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, options] of Object.entries(WAYS)) {
      const world = await run(options);
      (rates[name] ??= []).push(rateOf(world));
      if (options.records) recorded = world;
    }
  }
  const plain = { name: 'without trace', value: median(rates['without trace']!) };
  const figures: Figure[] = Object.entries(rates).map(([name, values]) => ({
    name,
    value: median(values),
    unit: 'messages/s',
    ...(name === plain.name ? {} : { against: plain }),
  }));
  printFigures([...figures, ...(await recordingFigures(recorded!))]);
}

async function run(options: { records: boolean; traces: boolean }): Promise<LiveWorld> {
  const world = new LiveWorld(planOf(Barrage, { nodes: 2 }), options);
  await world.start();
  await world.ended;
  return world;
}

/** Messages a second, at both nodes together. */
function rateOf({ results }: LiveWorld): number {
  const slowest = Math.max(
    ...Object.values(results).map(({ report }) => Number(report['milliseconds'])),
  );
  return (2 * MESSAGES * 1000) / slowest;
}

async function recordingFigures(world: LiveWorld): Promise<readonly Figure[]> {
  const text = HEADER + world.recording;
  const beganMs = performance.now();
  const reader = new RecordingReader();
  reader.push(text);
  const { lives } = reader.end();
  const readMs = performance.now() - beganMs;
  const replayed = await replayRecording(world.plan, lives);
  const replayMs = performance.now() - beganMs - readMs;
  if (!replayed.every(isSame)) throw new Error('the replay is not the run that was recorded');
  const received = 2 * MESSAGES;
  return [
    { name: 'recorded a message received', value: text.length / received, unit: 'bytes' },
    { name: 'read', value: (received * 1000) / readMs, unit: 'messages/s' },
    { name: 'replay and compare', value: (received * 1000) / replayMs, unit: 'messages/s' },
  ];
}
