/** Runs that every engine has to come to the same hash in: the chapters under what they withstand and under each distribution, and blunders. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chapterNames, locateChapter } from '../../src/cli/chapters.ts';
import type { Faults, Spread } from '../../src/core/faults/faults.ts';
import type { Chapter } from '../../src/core/chapter.ts';
import { planOf, type RunSpec } from '../../src/lab/run-spec.ts';
import { Simulation, type Latency } from '../../src/runtime/simulator.ts';
import { TraceHash, traceLine } from '../../src/runtime/trace-file.ts';
import { Blunder } from './live-nodes.ts';

/** A run, and what Node came to. */
export interface EngineRun {
  readonly name: string;
  readonly spec: RunSpec;
  readonly latencyMs: Latency;
  readonly timeoutMs: number;
  readonly sha256: string;
  readonly events: number;
}

const SEED = 4711;

const LATENCY_MS: Latency = { min: 1, max: 30 };
const TIMEOUT_MS = 30_000;

/** Every kind of distribution, with numbers that are no whole ones. */
const LATENCIES: Readonly<Record<string, Spread>> = {
  constant: { constant: 7.3 },
  uniform: { uniform: [0.1, 33.3] },
  exponential: { exponential: 12.7, max: 300 },
  normal: { normal: 21.1, deviation: 9.7 },
};

/**
 * All of them, run in Node.
 *
 * @param blunder how the page calls the algorithm {@link Blunder}
 * @param everyNth leaves out the other chapters, but Bracha’s, which runs under every distribution
 */
export async function engineRuns(blunder: string, everyNth = 1): Promise<readonly EngineRun[]> {
  const runs: EngineRun[] = [];
  const kinds = Object.keys(LATENCIES);
  for (const [at, name] of chapterNames().entries()) {
    if (at % everyNth !== 0 && name !== 'bracha') continue;
    const { chapter } = await locateChapter(name, '.');
    const file = path.join(import.meta.dirname, '../../configs', `${name}.yaml`);
    const config = readFileSync(file, 'utf8');
    // One kind for each chapter in turn, and all of them for one that everybody talks to everybody in.
    for (const kind of name === 'bracha' ? kinds : [kinds[at % kinds.length]!]) {
      const spec = specOf(name, config, { latency: LATENCIES[kind]! });
      runs.push(await inNode(`${name}, ${kind} latency`, spec, chapter));
    }
    if (chapter.faults === undefined) continue;
    const spec = specOf(name, config, chapter.faults);
    runs.push(await inNode(`${name}, what it withstands`, spec, chapter));
  }
  const spec = specOf(blunder, 'n1: {}\nn2: {}\nn3: {}\n', {});
  const chapter = { name: 'blunder', algorithm: Blunder, invariants: [] };
  runs.push(await inNode('engine-worded errors', spec, chapter));
  return runs;
}

function specOf(algorithm: string, config: string, faults: Faults): RunSpec {
  const how = { configFile: 'test.yaml', strict: true, format: 'json' } as const;
  return { runId: 'engines', algorithm, config, seed: SEED, faults, ...how };
}

async function inNode(
  name: string,
  spec: RunSpec,
  chapter: Pick<Chapter, 'name' | 'algorithm' | 'invariants'>,
): Promise<EngineRun> {
  const { plan } = planOf(spec, chapter);
  const hash = new TraceHash();
  let events = 0;
  await new Simulation({
    plan,
    latencyMs: LATENCY_MS,
    timeoutMs: TIMEOUT_MS,
    invariants: chapter.invariants,
    trace: (event) => {
      events++;
      hash.add(traceLine(event));
    },
  }).run();
  const limits = { latencyMs: LATENCY_MS, timeoutMs: TIMEOUT_MS };
  return { name, spec, ...limits, sha256: hash.digest(), events };
}

/** Why a page came to other hashes, a line a run; empty when it came to the same. */
export function differing(
  runs: readonly EngineRun[],
  hashes: readonly (string | null)[],
): readonly string[] {
  return runs
    .filter(({ sha256 }, at) => sha256 !== hashes[at])
    .map(({ name, sha256 }) => `${name}: not ${sha256}`);
}
