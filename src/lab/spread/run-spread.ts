/** Measures one way of spreading: how often each message was carried, how far and how long it went, and whom it did not reach. */

import type { Machine } from '../../core/machine.ts';
import { plumtree } from '../../algorithms/plumtree/index.ts';
import { DISSEMINATORS } from '../../algorithms/dissemination/disseminators.ts';
import type { Delivery } from '../../algorithms/dissemination/interface.ts';
import { hyparview } from '../../algorithms/hyparview/index.ts';
import type { NodeId } from '../../core/id.ts';
import { Random } from '../../core/random.ts';
import { fieldsSchema, parse } from '../../core/schema.ts';
import { MachineNetwork, type NetworkLayer } from './machine-network.ts';
import type { SpreadSpec } from './spread-spec.ts';

const TOPIC = 'news';
const TOP = 'spread';

/** Virtual milliseconds until the first message: meshes and views have formed by then. */
const WARM_UP_MS = 20_000;
/** From one message to the next. */
const GAP_MS = 500;
/** After the last message: lazy gossip has had some heartbeats. */
const COOL_DOWN_MS = 8000;
/** Upper bounds of the classes of latencies. */
export const CLASS_MS = 100;

/** What came out. */
export interface SpreadResult {
  readonly published: number;
  /** Deliveries to others than the publisher, and those that should have been. */
  readonly delivered: number;
  readonly expected: number;
  readonly missed: number;
  readonly duplicates: number;
  /** Publications carried from node to node. */
  readonly payloads: number;
  readonly copies_per_delivery: number;
  /** Relative message redundancy: m/(n − 1) − 1 for m payloads of one message. */
  readonly redundancy: number;
  /** The most hops of any delivery. */
  readonly hops_max: number;
  /** Last delivery hop: the most hops of a message, on average over messages. */
  readonly last_hop_mean: number;
  readonly hops_mean: number;
  readonly latency_mean_ms: number;
  readonly latency_p99_ms: number;
  readonly latency_max_ms: number;
  /** Deliveries by latency: below 100 ms, 200 ms and so on. */
  readonly latencies: readonly number[];
  /** Messages by type from the first publication on. */
  readonly sent: Readonly<Record<string, number>>;
  readonly events: number;
  readonly virtual_ms: number;
}

/** What a measurement may be told. */
export interface SpreadHooks {
  /** Called between messages, with how many were published; may wait, to let others have their turn. */
  readonly onProgress?: (published: number) => void | Promise<void>;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/**
 * Runs and measures.
 *
 * @throws what `hooks.signal` was aborted with
 */
export async function runSpread(spec: SpreadSpec, hooks: SpreadHooks = {}): Promise<SpreadResult> {
  const tally = new Tally(spec.nodes);
  const network = networkOf(spec, tally);
  network.runUntil(WARM_UP_MS);
  tally.begin();
  const authors = authorsOf(spec);
  const gapMs = spec.publishers === 'all' ? 0 : GAP_MS;
  for (const [at, author] of authors.entries()) {
    hooks.signal?.throwIfAborted();
    tally.publish(author, network.now);
    network.call(author, TOP, 'publish', { topic: TOPIC, payloads: [`message ${at}`] });
    if (gapMs > 0) network.runUntil(network.now + gapMs);
    if (at % 10 === 0) await hooks.onProgress?.(at);
  }
  network.runUntil(network.now + COOL_DOWN_MS);
  return tally.result(network);
}

/** Who publishes each message. */
function authorsOf({ publishers, messages, nodes, seed }: SpreadSpec): number[] {
  if (publishers === 'all') return Array.from({ length: nodes }, (_, node) => node);
  const random = Random.stream(seed, 'publishers');
  const five = Array.from({ length: 5 }, () => random.below(nodes));
  return Array.from({ length: messages }, (_, at) => {
    if (publishers === 'any') return random.below(nodes);
    return publishers === 'one' ? five[0]! : five[at % 5]!;
  });
}

function networkOf(spec: SpreadSpec, tally: Tally): MachineNetwork {
  const nodes = Array.from({ length: spec.nodes }, (_, at) => `n${at + 1}`);
  const neighbours = spec.protocol === 'plumtree' ? undefined : dialled(spec, nodes);
  return new MachineNetwork({
    nodes,
    neighbours: (node) => neighbours?.[node] ?? without(nodes, node),
    layers: layersOf(spec),
    latencyMs: linkLatency(spec),
    seed: spec.seed,
    onSend: (type) => tally.sent(type),
    onDeliver: (node, type, message, now) => {
      if (type === 'messages') tally.delivered(node, message as Delivery, now);
    },
  });
}

function without(nodes: readonly NodeId[], node: number): NodeId[] {
  return nodes.filter((_, other) => other !== node);
}

/** Each node dials some others, drawn; links go both ways. */
function dialled({ dials, seed }: SpreadSpec, nodes: readonly NodeId[]): NodeId[][] {
  const random = Random.stream(seed, 'links');
  const links = nodes.map(() => new Set<number>());
  const most = Math.min(dials, nodes.length - 1);
  for (const [node, own] of links.entries()) {
    for (let count = 0; count < most;) {
      const other = random.below(nodes.length);
      if (other === node) continue;
      count++;
      own.add(other);
      links[other]!.add(node);
    }
  }
  return links.map((own) => Array.from(own, (other) => nodes[other]!));
}

function layersOf(spec: SpreadSpec): NetworkLayer[] {
  const { protocol } = spec;
  // Nothing crashes here: what was delivered need not be noted, and neighbours need not be asked whether they are there.
  const common = { topics: [TOPIC], durable: false, silence: 120 };
  if (protocol === 'plumtree') {
    const own = { ...common, ihave_delay: 0.005, graft_timeout: graftTimeout(spec) };
    return [
      {
        ...layer('membership', hyparview, { delay: 2 }),
        lift: (type, message) => {
          const { peer } = message as { readonly peer: NodeId };
          return [TOP, 'link', { peer, is_up: type === 'neighbor_up' }];
        },
      },
      layer(TOP, plumtree, own),
    ];
  }
  const flood = protocol === 'gossipsub' ? { flood_publish: spec.floodPublish } : {};
  return [layer(TOP, DISSEMINATORS[protocol].machine, { ...common, ...flood })];
}

/** The paper’s few round trips; 80 ms, as in iroh, for links of up to 50 ms. */
function graftTimeout({ latencyMax }: SpreadSpec): number {
  return Math.max(0.08, (1.6 * latencyMax) / 1000);
}

function layer(name: string, machine: Machine, given: object): NetworkLayer {
  const settings = parse(fieldsSchema(machine.settings), given, name) as object;
  return { name, machine, settings };
}

/** Each link has a latency of its own, the same both ways, and each message a little more. */
function linkLatency({ latencyMin, latencyMax, jitter, seed }: SpreadSpec) {
  const random = Random.stream(seed, 'jitter');
  const bases = new Map<number, number>();
  return (from: number, to: number): number => {
    const key = Math.min(from, to) * 65_536 + Math.max(from, to);
    let base = bases.get(key);
    if (base === undefined) {
      base = Random.stream(seed, `link ${key}`).between(latencyMin, latencyMax);
      bases.set(key, base);
    }
    return base * (1 + jitter * random.next());
  };
}

/** Counts while the network runs. */
class Tally {
  readonly #nodes: number;
  readonly #publishedAtMs = new Map<string, number>();
  readonly #sequences: number[] = [];
  readonly #latencies: number[] = [];
  readonly #got = new Set<string>();
  readonly #messages: Record<string, number> = {};
  #isOn = false;
  readonly #lastHops = new Map<string, number>();
  #hops = 0;
  #duplicates = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  begin(): void {
    this.#isOn = true;
  }

  publish(author: number, now: number): void {
    const sequence = this.#sequences[author] ?? 0;
    this.#sequences[author] = sequence + 1;
    this.#publishedAtMs.set(`n${author + 1} ${sequence}`, now);
  }

  sent(type: string): void {
    if (this.#isOn) this.#messages[type] = (this.#messages[type] ?? 0) + 1;
  }

  delivered(node: number, { origin, sequence, hops }: Delivery, now: number): void {
    if (hops === 0) return;
    const name = `${origin} ${sequence}`;
    const key = `${node} ${name}`;
    if (this.#got.has(key)) {
      this.#duplicates++;
      return;
    }
    this.#got.add(key);
    this.#latencies.push(now - this.#publishedAtMs.get(name)!);
    this.#hops += hops;
    this.#lastHops.set(name, Math.max(this.#lastHops.get(name) ?? 0, hops));
  }

  result({ events, now }: MachineNetwork): SpreadResult {
    const latencies = this.#latencies.toSorted((a, b) => a - b);
    const published = this.#publishedAtMs.size;
    const delivered = latencies.length;
    const expected = published * (this.#nodes - 1);
    const payloads = this.#messages['carry'] ?? 0;
    const most = latencies.at(-1) ?? 0;
    const classes = Array.from({ length: Math.floor(most / CLASS_MS) + 1 }, () => 0);
    for (const ms of latencies) classes[Math.floor(ms / CLASS_MS)]!++;
    return {
      ...{ published, delivered, expected, missed: expected - delivered, payloads },
      duplicates: this.#duplicates,
      copies_per_delivery: payloads / Math.max(1, delivered),
      redundancy: payloads / expected - 1,
      hops_max: Math.max(0, ...this.#lastHops.values()),
      last_hop_mean: sum(this.#lastHops.values()) / Math.max(1, this.#lastHops.size),
      hops_mean: this.#hops / Math.max(1, delivered),
      latency_mean_ms: sum(latencies) / Math.max(1, delivered),
      latency_p99_ms: latencies[Math.floor(delivered * 0.99)] ?? 0,
      latency_max_ms: most,
      latencies: classes,
      sent: this.#messages,
      events,
      virtual_ms: now,
    };
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
