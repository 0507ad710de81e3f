/**
 * A run of Maelstrom's protocol in our simulator: nodes, clients and services are gateways of one simulation, its fault model decides what
 * becomes of their messages, and the judges of `src/check` say whether what the clients saw was right.
 */

import { HistoryError, operationsOf, type HistoryEvent, type Operation } from '../check/history.ts';
import type { ConsistencyLevel } from '../check/transactions/consistency.ts';
import type { Validity, Verdict } from '../check/verdict.ts';
import { WORKLOADS } from '../check/workloads/workloads.ts';
import type { Distribution } from '../core/faults/distribution.ts';
import type { Faults, Spread } from '../core/faults/faults.ts';
import type { FaultCounts } from '../core/faults/kinds.ts';
import type { NodeId } from '../core/id.ts';
import { Random } from '../core/random.ts';
import type { TraceSink } from '../core/trace.ts';
import { TraceHash } from '../runtime/trace-file.ts';
import { neverFired } from '../runtime/faults/firings.ts';
import type { RunPlan } from '../runtime/plan.ts';
import type { Outside } from '../runtime/simulated-world.ts';
import { Simulation } from '../runtime/simulator.ts';
import { Client } from './client.ts';
import { Conductor, type Audience } from './conductor.ts';
import { gatewaysOf } from './gateway.ts';
import { partitionsOf } from './nemesis.ts';
import { operationCounts, type OperationCounts } from './operation-counts.ts';
import type { Port, Program } from './program.ts';
import { SERVICES, ServiceProgram } from './services/services.ts';
import { topologyOf, type TopologyName } from './topology.ts';
import { namedTypes } from './trace-names.ts';
import { Traffic, type TrafficReport } from './traffic.ts';
import { CRASH } from './workloads/kafka.ts';
import type { Workload, WorkloadSettings, WorkloadWorld } from './workloads/workload.ts';

/** How latencies are spread around their mean. */
export const LATENCY_KINDS = ['constant', 'uniform', 'exponential'] as const;

/** What a run is asked to do; the names are those of Maelstrom's options. */
export interface MaelstromRequest {
  readonly workload: Workload;
  readonly nodeCount: number;
  readonly concurrency: number;
  readonly rate: number;
  readonly limitMs: number;
  readonly latencyMs: number;
  readonly latencyKind: (typeof LATENCY_KINDS)[number];
  readonly topology: TopologyName;
  /** Mean milliseconds between changes of the nemesis; undefined without partitions. */
  readonly partitionMs: number | undefined;
  /** What else shall go wrong among the nodes. */
  readonly faults: Faults | undefined;
  /** Every operation must succeed. */
  readonly isTotallyAvailable: boolean;
  /** For transactions, which must keep to all of them; one at least. */
  readonly levels: readonly ConsistencyLevel[];
  readonly settings: WorkloadSettings;
  readonly seed: number;
}

/** What those outside of a run may know of it, and do to it. */
export interface RunView {
  /** An operation has no answer yet and nothing is on its way that could bring it: a node must be waiting for its own time to pass. */
  isWaiting(): boolean;
  /** Ends the run. */
  fail(problem: string): void;
}

/** The nodes, and what else surrounds a run. */
export interface MaelstromWorld {
  /** A node's program, anew for each incarnation. */
  readonly node: (port: Port) => Program;
  readonly outside?: Outside & { attach(view: RunView): void };
  /** A node has gone down. */
  readonly crashed?: (id: NodeId) => void;
  /** Milliseconds until a node counts as one that does not start. */
  readonly initTimeoutMs: number;
  readonly trace?: TraceSink;
  readonly log?: (id: NodeId, text: string, nowMs: number) => void;
  /** Takes the whole history, when the run has ended. */
  readonly history?: (events: readonly HistoryEvent[]) => void;
  readonly signal?: AbortSignal;
  /** Hears how far the run is. */
  readonly audience?: Partial<Audience>;
}

/** What a run came to. */
export interface MaelstromResult {
  readonly workload: string;
  /** Everything is as it should be. */
  readonly ok: boolean;
  readonly valid: Validity;
  /** The judge's sentence. */
  readonly explanation: string;
  readonly verdict: Verdict | undefined;
  readonly operations: Readonly<Record<string, OperationCounts>>;
  readonly net: TrafficReport;
  readonly faults_fired: FaultCounts;
  /** What is wrong beside the verdict: a node that broke the protocol, an operation that never succeeded. */
  readonly problems: readonly string[];
  readonly seed: number;
  readonly virtual_ms: number;
  /** SHA-256 of the history: equal runs have equal ones. */
  readonly history_sha256: string;
}

/** Problems that are kept: a node that answers wrongly does so often. */
const PROBLEMS_MAX = 10;

/** Nobody wants to wait for what is behind this: it only bounds a run that has stopped asking. */
const RUN_MS_MAX = 1e9;

/** Runs to the end, or until it is aborted. */
export async function runMaelstrom(
  request: MaelstromRequest,
  world: MaelstromWorld,
): Promise<MaelstromResult> {
  return new MaelstromRun(request, world).run();
}

class MaelstromRun {
  readonly #request: MaelstromRequest;
  readonly #world: MaelstromWorld;
  readonly #nodes: readonly NodeId[];
  readonly #clientIds: readonly NodeId[];
  readonly #simulation: Simulation;
  readonly #traffic: Traffic;
  readonly #problems: string[] = [];
  readonly #stop = new AbortController();
  readonly #clients = new Map<NodeId, Client>();
  #conductor: Conductor | undefined;

  constructor(request: MaelstromRequest, world: MaelstromWorld) {
    this.#request = request;
    this.#world = world;
    this.#nodes = named('n', request.nodeCount, 0);
    this.#clientIds = named('c', request.concurrency, 1);
    this.#traffic = new Traffic((id) => id === CONDUCTOR || this.#clientIds.includes(id));
    const { trace } = world;
    this.#simulation = new Simulation({
      plan: this.#plan(),
      serviceMs: RUN_MS_MAX,
      outsiders: this.#outsiders(),
      signal: this.#stop.signal,
      onFault: ({ fault, node }) => {
        if (fault === 'crash') world.crashed?.(node);
      },
      ...(trace === undefined ? {} : { trace: namedTypes(trace) }),
      ...(world.outside === undefined ? {} : { outside: world.outside }),
    });
    world.outside?.attach({
      isWaiting: () => this.#isWaiting(),
      fail: (problem) => this.#fail(problem),
    });
  }

  async run(): Promise<MaelstromResult> {
    const { signal } = this.#world;
    const abort = () => this.#stop.abort();
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    const outcome = await this.#simulation.run();
    signal?.removeEventListener('abort', abort);
    for (const { status, error } of Object.values(outcome.nodes)) {
      if (status === 'failed') this.#problem(error?.split('\n')[0] ?? 'a gateway failed');
    }
    if (signal?.aborted === true) this.#problem('the run was interrupted');
    const never = neverFired(this.#simulation.weather.firings.missing, outcome.virtualMs);
    if (never !== undefined) this.#problem(never);
    return this.#result(outcome.virtualMs, outcome.faults_fired);
  }

  #isWaiting(): boolean {
    if ((this.#conductor?.open ?? 0) === 0) return false;
    const { faults, weather } = this.#simulation;
    // What came to nodes that were down is not counted anywhere, so that nobody can say what is on its way.
    if (faults.crashes.length > 0) return true;
    const { loss = 0, partition = 0, duplication = 0 } = weather.counts;
    return this.#traffic.underWay + duplication <= loss + partition;
  }

  #plan(): RunPlan {
    const roles = [
      ...this.#nodes.map((id) => [id, 'node'] as const),
      ...[CONDUCTOR, ...this.#clientIds].map((id) => [id, 'client'] as const),
      ...[...SERVICES.keys()].map((id) => [id, 'service'] as const),
    ];
    const all = roles.map(([id]) => id);
    const algorithm = gatewaysOf({
      traffic: this.#traffic,
      turn: () => this.#simulation.turn,
      programFor: (port) => this.#programFor(port),
      failed: (_id, problem) => this.#fail(problem),
      log: (id, text) => this.#world.log?.(id, text, this.#simulation.now),
    });
    const nodes = roles.map(([id, role]) => ({
      id,
      neighbours: (role === 'node' ? all : this.#nodes).filter((other) => other !== id),
      settings: { own: { role }, children: {} },
    }));
    const { seed } = this.#request;
    return { runId: 'maelstrom', algorithm, nodes, format: 'json', seed, faults: this.#faults() };
  }

  /** Our faults and the nemesis; from the end of the load on nothing goes wrong any more. */
  #faults(): Faults {
    const { faults = {}, partitionMs, limitMs, seed } = this.#request;
    const random = Random.stream(seed, 'maelstrom/nemesis');
    const drawn =
      partitionMs === undefined
        ? []
        : partitionsOf(this.#nodes, { intervalMs: partitionMs, limitMs, random });
    const partitions = [...(faults.partitions ?? []), ...drawn];
    return {
      latency: this.#latency(),
      ...faults,
      ...(partitions.length === 0 ? {} : { partitions }),
      heal: faults.heal ?? limitMs,
    };
  }

  #latency(): Spread {
    const { latencyKind, latencyMs } = this.#request;
    if (latencyKind === 'exponential' && latencyMs > 0) return { exponential: latencyMs };
    if (latencyKind === 'uniform' && latencyMs > 0) return { uniform: [0, 2 * latencyMs] };
    return { constant: latencyMs };
  }

  /** To clients messages take no time, as in Maelstrom; services are as far away as nodes, and nothing parts them from anybody. */
  #outsiders(): ReadonlyMap<NodeId, Distribution> {
    const { latencyKind, latencyMs: mean } = this.#request;
    const near: Distribution = { kind: 'constant', value: 0 };
    const far = {
      constant: { kind: 'constant', value: mean },
      uniform: { kind: 'uniform', min: 0, max: 2 * mean },
      exponential: { kind: 'exponential', mean, min: 0, max: Infinity },
    } as const;
    return new Map<NodeId, Distribution>([
      ...[CONDUCTOR, ...this.#clientIds].map((id) => [id, near] as const),
      ...[...SERVICES.keys()].map((id) => [id, far[latencyKind]] as const),
    ]);
  }

  #programFor(port: Port): Program {
    const { id } = port;
    if (this.#nodes.includes(id)) {
      if (port.incarnation > 0) this.#conductor?.restarted(id);
      return this.#world.node(port);
    }
    const service = SERVICES.get(id);
    if (service !== undefined) return new ServiceProgram(port, service(port.random));
    if (id === CONDUCTOR) this.#conductor = this.#newConductor(port);
    else this.#clients.set(id, new Client(port));
    const isComplete = this.#clients.size === this.#clientIds.length;
    if (isComplete) this.#conductor?.begin(this.#clientIds.map((name) => this.#clients.get(name)!));
    return id === CONDUCTOR ? this.#conductor! : this.#clients.get(id)!;
  }

  #newConductor(port: Port): Conductor {
    const { workload, rate, limitMs, latencyMs, settings, concurrency, seed } = this.#request;
    const stream = (name: string) => Random.stream(seed, `maelstrom/${name}`);
    const world: WorkloadWorld = {
      nodes: this.#nodes,
      topology: topologyOf(this.#request.topology, this.#nodes),
      random: stream('workload'),
      concurrency,
      options: settings,
    };
    const timeoutMs = workload.timeoutMs(latencyMs);
    const { initTimeoutMs, audience } = this.#world;
    const random = stream('schedule');
    const score = { workload, world, rate, limitMs, timeoutMs, initTimeoutMs, random };
    return new Conductor(port, score, {
      began: () => audience?.began?.(),
      recovering: () => audience?.recovering?.(),
      ended: () => this.#end(),
      problem: (text) => this.#problem(text),
    });
  }

  #fail(problem: string): void {
    this.#problem(problem);
    this.#end();
  }

  #end(): void {
    if (this.#stop.signal.aborted) return;
    this.#world.audience?.ended?.();
    this.#stop.abort();
  }

  #problem(text: string): void {
    if (this.#problems.includes(text) || this.#problems.length > PROBLEMS_MAX) return;
    const isLast = this.#problems.length === PROBLEMS_MAX;
    this.#problems.push(isLast ? 'and more of the kind' : text);
    if (!isLast) this.#world.audience?.problem?.(text);
  }

  #result(virtualMs: number, faultsFired: FaultCounts): MaelstromResult {
    const { workload, isTotallyAvailable, seed } = this.#request;
    const history = this.#conductor?.history ?? [];
    const hash = new TraceHash();
    for (const event of history) hash.add(`${JSON.stringify(event)}\n`);
    this.#world.history?.(history);
    const operations = operationsOf(history);
    const counts = operationCounts(operations);
    for (const [f, { called, ok }] of Object.entries(counts)) {
      if (f === CRASH) continue;
      if (ok === 0) this.#problem(`no ${f} ever succeeded, of ${called}`);
      else if (isTotallyAvailable && ok < called) {
        this.#problem(`availability total: ${called - ok} of ${called} ${f} did not succeed`);
      }
    }
    const verdict = this.#judge(operations);
    return {
      workload: workload.name,
      ok: verdict?.valid === true && this.#problems.length === 0,
      valid: verdict?.valid ?? 'unknown',
      explanation: verdict?.explanation ?? 'the history cannot be read',
      verdict,
      operations: counts,
      net: this.#traffic.report(operations.length),
      faults_fired: faultsFired,
      problems: this.#problems,
      seed,
      virtual_ms: virtualMs,
      history_sha256: hash.digest(),
    };
  }

  /** Of several levels the first that is not kept decides. */
  #judge(operations: readonly Operation[]): Verdict | undefined {
    const { workload, levels } = this.#request;
    try {
      const verdicts = levels.map((level) => WORKLOADS.get(workload.name)!(operations, { level }));
      return verdicts.find(({ valid }) => valid !== true) ?? verdicts[0];
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      this.#problem(error.message);
      return undefined;
    }
  }
}

/** The first client, which conducts the others. */
const CONDUCTOR = 'c0';

function named(letter: string, count: number, first: number): readonly NodeId[] {
  return Array.from({ length: count }, (_, at) => `${letter}${first + at}`);
}
