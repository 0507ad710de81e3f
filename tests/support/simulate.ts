/** Runs an algorithm in the simulator and keeps everything that happened. */

import type { AlgorithmClass } from '../../src/core/algorithm.ts';
import type { NodeId } from '../../src/core/id.ts';
import type { LogLevel } from '../../src/core/ports.ts';
import type { NodeResult } from '../../src/core/result.ts';
import type { TraceEvent } from '../../src/core/trace.ts';
import type { PlannedNode, RunPlan, SettingsTree } from '../../src/runtime/plan.ts';
import {
  Simulation,
  type SimulationOptions,
  type SimulationResult,
} from '../../src/runtime/simulator.ts';
import { TraceHash, traceLine } from '../../src/runtime/trace-file.ts';

/** A run, as short as a test can say it. */
export interface RunOptions extends Omit<SimulationOptions, 'plan' | 'trace' | 'log'> {
  /** Ids, or how many (`n1`, `n2` …); three unless given. */
  readonly nodes?: number | readonly NodeId[];
  /** Neighbours of a node; all others unless given. */
  readonly neighbours?: (id: NodeId) => readonly NodeId[];
  /** Settings of a node, those of its children among them. */
  readonly settings?: (id: NodeId) => Readonly<Record<string, unknown>> | SettingsTree;
  readonly format?: RunPlan['format'];
  readonly seed?: number;
  readonly runId?: string;
  /** False to run as the command line does without `--trace`. */
  readonly traced?: boolean;
}

/** One line of a node's log. */
export interface LogLine {
  readonly node: NodeId;
  readonly level: LogLevel;
  readonly path: string;
  readonly text: string;
}

/** What came of it. */
export interface Run extends SimulationResult {
  readonly trace: readonly TraceEvent[];
  /** The trace file, line by line. */
  readonly lines: readonly string[];
  readonly hash: string;
  readonly logs: readonly LogLine[];
}

/** Makes a plan of `options`. */
export function planOf(algorithm: AlgorithmClass, options: RunOptions = {}): RunPlan {
  const { nodes = 3, format = 'json', seed = 1, runId = 'run' } = options;
  const ids = typeof nodes === 'number' ? nodeIds(nodes) : nodes;
  const planned = ids.map((id): PlannedNode => {
    const neighbours = options.neighbours?.(id) ?? ids.filter((other) => other !== id);
    return { id, neighbours, settings: treeOf(options.settings?.(id) ?? {}) };
  });
  return { runId, algorithm, nodes: planned, format, seed };
}

/** `n1` to `n<count>`. */
export function nodeIds(count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

/** Runs to the end. */
export function simulate(algorithm: AlgorithmClass, options: RunOptions = {}): Promise<Run> {
  return simulatePlan(planOf(algorithm, options), options);
}

/** Runs a plan to the end. */
export async function simulatePlan(
  plan: RunPlan,
  options: Omit<RunOptions, keyof RunPlan | 'neighbours' | 'settings'> = {},
): Promise<Run> {
  const lines: string[] = [];
  const logs: LogLine[] = [];
  // A trace is written as it happens: what is kept must not change with the run.
  const keep = (event: TraceEvent) => lines.push(traceLine(event));
  const { traced = true } = options;
  const result = await new Simulation({
    ...options,
    plan,
    ...(traced ? { trace: keep } : {}),
    log: (node, level, path, text) => logs.push({ node, level, path, text }),
  }).run();
  return kept(result, lines, logs);
}

/** Events are read, and hashed, when somebody asks for them: most tests want one of the two, or the lines. */
function kept(result: SimulationResult, lines: readonly string[], logs: readonly LogLine[]): Run {
  let trace: readonly TraceEvent[] | undefined;
  let hash: string | undefined;
  return {
    ...{ ...result, lines, logs },
    get trace() {
      return (trace ??= lines.map((line) => JSON.parse(line) as TraceEvent));
    },
    get hash() {
      return (hash ??= hashOf(lines));
    },
  };
}

function hashOf(lines: readonly string[]): string {
  const hash = new TraceHash();
  for (const line of lines) hash.add(line);
  return hash.digest();
}

/** The result of one node, which must be there. */
export function resultOf(run: SimulationResult, id: NodeId): NodeResult {
  const result = run.nodes[id];
  if (result === undefined) throw new Error(`${id} is no node of the run`);
  return result;
}

/** The statuses of all nodes, by id. */
export function statuses(run: SimulationResult): Record<NodeId, string> {
  return Object.fromEntries(Object.entries(run.nodes).map(([id, { status }]) => [id, status]));
}

/** The reports of all nodes, by id. */
export function reports(run: SimulationResult): Record<NodeId, unknown> {
  return Object.fromEntries(Object.entries(run.nodes).map(([id, { report }]) => [id, report]));
}

/** The events of one kind. */
export function events<K extends TraceEvent['kind']>(
  run: Run,
  kind: K,
): Extract<TraceEvent, { readonly kind: K }>[] {
  return run.trace.filter((event) => event.kind === kind) as never;
}

/** Where two traces part, to be shown when they should not. */
export function firstDifference(a: readonly string[], b: readonly string[]): string | undefined {
  const at = a.findIndex((line, i) => line !== b[i]);
  if (at < 0)
    return a.length === b.length ? undefined : `one has ${a.length} events, one ${b.length}`;
  return `event ${at + 1}:\n${a[at]}${b[at] ?? 'nothing'}`;
}

function treeOf(settings: Readonly<Record<string, unknown>> | SettingsTree): SettingsTree {
  return 'own' in settings && 'children' in settings
    ? (settings as SettingsTree)
    : { own: settings, children: {} };
}
