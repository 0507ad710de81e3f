import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chapter } from '../../../src/algorithms/gbps/index.ts';
import type { Chapter } from '../../../src/core/chapter.ts';
import { linkedOf } from '../../../src/lab/link/plain-run.ts';
import { runSimulation, type FromSimulation } from '../../../src/lab/run-simulation.ts';

test('a simulation tells its first events soon, and later ones many at a time', async () => {
  const config = readFileSync('configs/gbps.yaml', 'utf8');
  const spec = { runId: 'a', algorithm: 'gbps', config, configFile: 'configuration' };
  const linked = linkedOf(
    { ...spec, strict: false, format: 'json', seed: 1 },
    { min: 1, max: 10 },
    60_000,
  );
  const told: FromSimulation[] = [];
  await runSimulation(
    async () => chapter as Chapter,
    { linked },
    (message) => told.push(message),
    new AbortController().signal,
  );
  expect([told[0]!.kind, told.at(-1)!.kind]).toEqual(['planned', 'ended']);
  const lengths = told.flatMap((message) =>
    message.kind === 'events' ? [message.events.length] : [],
  );
  expect(lengths.slice(0, 3)).toEqual([100, 200, 400]);
  expect(lengths.every((length, i) => i === lengths.length - 1 || length <= 2000)).toBe(true);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(1000);
});
