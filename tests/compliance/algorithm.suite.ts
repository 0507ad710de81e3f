/**
 * What every chapter promises: it explains itself, its scenarios end as they say, the same seed gives the same bytes, and its
 * invariants hold whatever the network does.
 */

import { afterAll, describe, expect } from 'vitest';
import type { Chapter, Scenario } from '../../src/core/chapter.ts';
import { withChosenLayers } from '../../src/core/config/chosen-layers.ts';
import { loadConfig } from '../../src/core/config/load-config.ts';
import { Random } from '../../src/core/random.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import type { FormatName } from '../../src/core/result.ts';
import { toValue } from '../../src/core/value.ts';
import { summarize } from '../../src/lab/run-result.ts';
import type { RunPlan } from '../../src/runtime/plan.ts';
import type { Latency } from '../../src/runtime/simulator.ts';
import { seedsFrom, someOf, test, testOften } from '../support/often.ts';
import { events, firstDifference, simulatePlan, type Run } from '../support/simulate.ts';

/** A chapter with what lies beside it. */
export interface ChapterFolder {
  /** Name of the folder. */
  readonly folder: string;
  readonly chapter: Chapter;
  /** Text of its README.md; undefined when there is none. */
  readonly readme: string | undefined;
  /** Text of configs/NAME.yaml; undefined when there is none. */
  readonly config: string | undefined;
}

/** Both formats come in turn. */
const SCENARIO_SEEDS = someOf([1, 2, 4], 2);

/** One for each format. */
const REPEATED_SEEDS = someOf([1, 4], 1);

const formatOf = (seed: number): FormatName => FORMAT_NAMES[seed % FORMAT_NAMES.length]!;

/** Runs with random latencies, spread over the scenarios; tests/system and tests/soak try many more. */
const INVARIANT_SEEDS = someOf(seedsFrom(1, 30), 8);

/** Slowest latency that is drawn: slow enough for whole phases to overtake each other. */
const LATENCY_MS_MAX = 400;

/** A page of prose is more than this; a chapter is more than a page. */
const README_LENGTH_MIN = 1500;

/** For a busy machine; a run takes milliseconds. */
const PATIENCE_MS = 60_000;

/** Declares the tests for one chapter. */
export function algorithmCompliance({ folder, chapter, readme, config }: ChapterFolder): void {
  describe(`algorithm compliance: ${folder}`, () => {
    describe('the chapter', () => chapterTests(folder, chapter, readme));
    describe('its configuration', () => configTests(chapter, config));
    for (const scenario of chapter.scenarios) {
      describe(`the scenario '${scenario.name}'`, () => scenarioTests(chapter, scenario));
    }
    testOften(
      `its invariants hold after every step, ${INVARIANT_SEEDS.length} seeds, random latencies`,
      () => invariantsHold(chapter, INVARIANT_SEEDS),
      PATIENCE_MS,
    );
  });
}

function chapterTests(folder: string, chapter: Chapter, readme: string | undefined): void {
  test('has one name', () => {
    expect(chapter.name).toBe(folder);
    expect(chapter.title).not.toBe('');
    expect(chapter.summary).toMatch(/^\S.*\.$/);
  });

  test('is explained', () => {
    expect(readme?.length ?? 0, 'length of README.md').toBeGreaterThan(README_LENGTH_MIN);
    expect(readme).toMatch(/^# \S/);
    for (const heading of ['Properties', 'Messages', 'Pitfalls']) {
      expect(readme, heading).toMatch(new RegExp(`^##+ .*${heading}`, 'im'));
    }
  });

  test('has invariants and scenarios, each with a name of its own', () => {
    for (const list of [chapter.invariants, chapter.scenarios]) {
      expect(list.length).toBeGreaterThan(0);
      const names = list.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^\S.+$/);
    }
    for (const { story } of chapter.scenarios) expect(story).toMatch(/^\S.*\.$/);
  });
}

function configTests(chapter: Chapter, config: string | undefined): void {
  test('is there, loads without a warning, and runs to its end in both formats', async () => {
    expect(config, `configs/${chapter.name}.yaml`).toBeDefined();
    for (const format of FORMAT_NAMES) {
      const { plan, warnings } = planned(chapter, config!, { seed: 1, format });
      expect(warnings).toEqual([]);
      const run = await simulatePlan(plan, { invariants: chapter.invariants });
      expect(run.violation).toBeUndefined();
      expectGoodEnd(run);
    }
  });
}

function scenarioTests(chapter: Chapter, scenario: Scenario): void {
  // What several tests look at is run once; that it is the same when it is repeated is a test of its own.
  const runs = new Map<number, Promise<Run>>();
  const shared = (seed: number): Promise<Run> => {
    const run = runs.get(seed) ?? play(chapter, scenario, { seed, format: formatOf(seed) });
    runs.set(seed, run);
    return run;
  };
  afterAll(() => runs.clear());

  test('loads without a warning', () => {
    expect(planned(chapter, scenario.config, { seed: 1 }).warnings).toEqual([]);
  });

  testOften(
    'ends as it says, with several seeds and either format',
    async () => {
      for (const seed of SCENARIO_SEEDS) {
        const format = formatOf(seed);
        const run = await shared(seed);
        const where = `seed ${seed}, ${format}`;
        expect(run.violation, where).toBeUndefined();
        expect(scenario.ends(sumUp(chapter, run, seed, format)), where).toBeUndefined();
      }
    },
    PATIENCE_MS,
  );

  testOften(
    'gives the same bytes for the same seed',
    async () => {
      for (const seed of REPEATED_SEEDS) {
        const one = await shared(seed);
        const other = await play(chapter, scenario, { seed, format: formatOf(seed) });
        expect(firstDifference(one.lines, other.lines)).toBeUndefined();
        expect(other.hash).toBe(one.hash);
        expect(one.lines.length).toBeGreaterThan(0);
      }
    },
    PATIENCE_MS,
  );

  test(
    'comes to the same whether or not anybody watches',
    async () => {
      const seed = SCENARIO_SEEDS[0]!;
      const watched = await shared(seed);
      const options = { seed, format: formatOf(seed), watched: false };
      const unwatched = await play(chapter, scenario, options);
      expect(unwatched.nodes).toEqual(watched.nodes);
      expect(unwatched.virtualMs).toBe(watched.virtualMs);
    },
    PATIENCE_MS,
  );

  test(
    'can be drawn: the view is a pure function of every state that occurs',
    async () => {
      const { view } = chapter;
      if (view === undefined) return;
      const run = await shared(SCENARIO_SEEDS[0]!);
      const states = events(run, 'state').filter(
        ({ path }) => path === chapter.algorithm.definition.name,
      );
      expect(states.length).toBeGreaterThan(0);
      for (const { state } of states) {
        const before = JSON.stringify(state);
        const picture = view(state);
        expect(toValue(picture)).toEqual(toValue(view(state)));
        expect(JSON.stringify(state)).toBe(before);
      }
    },
    PATIENCE_MS,
  );
}

/** Runs a chapter's scenarios with these seeds and random latencies: invariants hold after every step, and every run ends well. */
export async function invariantsHold(chapter: Chapter, seeds: Iterable<number>): Promise<void> {
  for (const seed of seeds) {
    const random = Random.stream(seed, 'latency range');
    const scenario = chapter.scenarios[seed % chapter.scenarios.length]!;
    const min = random.integer(0, 20);
    const latencyMs = {
      min,
      max: random.integer(min, random.pick([min + 5, 100, LATENCY_MS_MAX])),
    };
    const format = random.pick(FORMAT_NAMES);
    const run = await play(chapter, scenario, { seed, format, latencyMs, traced: false });
    const where = `seed ${seed}, '${scenario.name}', ${latencyMs.min}–${latencyMs.max} ms`;
    expect(run.violation, where).toBeUndefined();
    expectGoodEnd(run, where);
  }
}

interface PlayOptions {
  readonly seed: number;
  readonly format?: FormatName;
  readonly latencyMs?: Latency;
  readonly traced?: boolean;
  /** False to run without trace and invariants. */
  readonly watched?: boolean;
}

function play(chapter: Chapter, scenario: Scenario, options: PlayOptions): Promise<Run> {
  const { traced = true, watched = true } = options;
  const latencyMs = options.latencyMs ?? scenario.latencyMs;
  return simulatePlan(planned(chapter, scenario.config, options).plan, {
    timeoutMs: (scenario.timeoutSeconds ?? 30) * 1000,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(watched ? { invariants: chapter.invariants, traced } : { traced: false }),
  });
}

/** The plan of a configuration's text. */
export function planned(
  chapter: Chapter,
  config: string,
  { seed, format = 'json' }: Pick<PlayOptions, 'seed' | 'format'>,
): { readonly plan: RunPlan; readonly warnings: readonly unknown[] } {
  const { name } = chapter;
  const file = `${name}.yaml`;
  const algorithm = withChosenLayers(chapter.algorithm, config, file);
  const { nodes, warnings } = loadConfig(config, algorithm.definition, { file });
  return { plan: { runId: `${name}/${seed}`, algorithm, nodes, format, seed }, warnings };
}

function sumUp(chapter: Chapter, run: Run, seed: number, format: FormatName) {
  const { name: algorithm } = chapter;
  return summarize(
    {
      ...{ algorithm, mode: 'offline', format, seed, elapsed_ms: 0 },
      virtual_ms: run.virtualMs,
      trace_sha256: run.hash,
      ...(run.violation === undefined ? {} : { violation: run.violation }),
    },
    run.nodes,
  );
}

/** Every node ended by itself, or was stopped as a service. */
export function expectGoodEnd(run: Run, where = ''): void {
  const bad = Object.entries(run.nodes).filter(
    ([, { status }]) => status !== 'terminated' && status !== 'stopped',
  );
  expect(
    bad.map(([id, { status, error }]) => `${id} ${status}: ${error}`),
    where,
  ).toEqual([]);
}
