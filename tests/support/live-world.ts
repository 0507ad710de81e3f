/**
 * Live nodes in one process: real nodes with real time, proofs and signatures, over ports instead of data channels. What a page does, the
 * test does: it introduces nodes to one another, makes their links, breaks them, and kills and reloads nodes.
 */

import type { NodeId } from '../../src/core/id.ts';
import type { NodeResult } from '../../src/core/result.ts';
import type { TraceEvent } from '../../src/core/trace.ts';
import { LINK_CLASSES, type LinkClass } from '../../src/core/message.ts';
import { newKeyPair, type KeyPair } from '../../src/net/ed25519.ts';
import { PortChannel } from '../../src/net/port-channel.ts';
import { lifecycleOverlay } from '../../src/runtime/lifecycle.ts';
import { LiveNode } from '../../src/runtime/live/live-node.ts';
import type { MakeChannel } from '../../src/runtime/live/session.ts';
import type { FromWorker } from '../../src/runtime/live/worker-protocol.ts';
import type { RunPlan } from '../../src/runtime/plan.ts';
import { MemoryStore } from '../../src/storage/memory.ts';
import { StoredLog } from '../../src/storage/stored-log.ts';
import { deferred } from './deferred.ts';

/** What is known of one node. */
interface Place {
  readonly id: NodeId;
  readonly pair: KeyPair;
  readonly stores: Map<string, MemoryStore>;
  incarnation: number;
  node: LiveNode | undefined;
}

/** Each node of a world listens for promises that nobody handles, and there may be several worlds: that many listeners are no leak. */
const LISTENERS_MAX = 200;
process.setMaxListeners(LISTENERS_MAX);

/** A run of live nodes. */
export class LiveWorld {
  readonly plan: RunPlan;
  /** Lines of all recordings, in the order in which nodes handed them on. */
  recording = '';
  readonly events: TraceEvent[] = [];
  readonly logs: string[] = [];
  readonly results: Record<NodeId, NodeResult> = {};
  readonly #places = new Map<NodeId, Place>();
  readonly #overlay: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  readonly #startedAtMs = performance.timeOrigin + performance.now();
  readonly #records: boolean;
  readonly #traces: boolean;
  readonly #watchers = new Set<() => void>();
  #attempts = 0;

  constructor(plan: RunPlan, { records = true, traces = true } = {}) {
    this.plan = plan;
    this.#records = records;
    this.#traces = traces;
    this.#overlay = lifecycleOverlay(
      new Map(plan.nodes.map(({ id, neighbours }) => [id, neighbours])),
    );
    for (const { id } of plan.nodes) {
      const place = { id, pair: newKeyPair(), stores: new Map(), incarnation: 0, node: undefined };
      this.#places.set(id, place);
    }
  }

  /** Brings all nodes up, and links them. */
  async start(): Promise<void> {
    for (const place of this.#places.values()) await this.#bringUp(place);
    for (const place of this.#places.values()) this.#introduce(place);
    for (const place of this.#places.values()) place.node!.start();
  }

  /** A node of the run. */
  node(id: NodeId): LiveNode {
    return this.#places.get(id)!.node!;
  }

  /** Nothing more is heard of a node, and it hears nothing more; the others are told, or not. */
  kill(id: NodeId, isTold = true): void {
    const place = this.#places.get(id)!;
    place.node = undefined;
    if (isTold) for (const other of this.#others(id)) other.node?.gone(id, 'its worker died');
  }

  /** A node's tab is reloaded: it comes back as its next incarnation. */
  async reload(id: NodeId): Promise<void> {
    this.kill(id, false);
    const place = this.#places.get(id)!;
    place.incarnation++;
    await this.#bringUp(place);
    this.#introduce(place);
    place.node!.start();
  }

  /** Ends every node that has not ended. */
  stop(status: 'stopped' | 'timeout'): void {
    for (const { id, node } of this.#places.values()) {
      if (!(id in this.results)) node?.stop(status, undefined);
    }
  }

  /** Fulfilled when every node that is there has ended. */
  get ended(): Promise<void> {
    return this.until(() =>
      [...this.#places.values()].every(({ id, node }) => node === undefined || id in this.results),
    );
  }

  /** Fulfilled when that is so, looked at whenever a node reports something. */
  async until(isSo: () => boolean): Promise<void> {
    const { promise, resolve } = deferred();
    const look = () => {
      if (isSo()) resolve();
    };
    this.#watchers.add(look);
    look();
    await promise;
    this.#watchers.delete(look);
  }

  async #bringUp(place: Place): Promise<void> {
    const { id, pair, stores, incarnation } = place;
    const life: { node?: LiveNode } = {};
    life.node = await LiveNode.create(
      this.plan,
      {
        ...{ id, room: 'room', incarnation, restarted: incarnation > 0 },
        ...{ secretKey: pair.secretKey, frameAuth: 'signature', trace: this.#traces },
        ...{ startedAtMs: this.#startedAtMs, records: this.#records },
      },
      {
        store: (path) => stores.get(path) ?? stores.set(path, new MemoryStore()).get(path)!,
        eventLog: new StoredLog(new MemoryStore()),
      },
      (message) => {
        // What a dead worker still says, nobody hears.
        if (life.node === undefined || life.node === place.node) this.#heard(id, message);
      },
    );
    place.node = life.node;
  }

  #introduce(place: Place): void {
    for (const other of this.#others(place.id)) {
      if (other.node === undefined) continue;
      place.node!.present(other.id, other.incarnation, other.pair.publicKey);
      other.node.present(place.id, place.incarnation, place.pair.publicKey);
    }
    for (const other of this.#others(place.id))
      if (other.node !== undefined) this.link(place.id, other.id);
  }

  #others(id: NodeId): readonly Place[] {
    return [...this.#overlay.get(id)!].map((other) => this.#places.get(other)!);
  }

  /** Makes a new link between two nodes; an older one breaks. */
  link(a: NodeId, b: NodeId): void {
    const attempt = String(++this.#attempts);
    const ends = LINK_CLASSES.map((linkClass) => [linkClass, new MessageChannel()] as const);
    const channels = new Map<LinkClass, MessageChannel>(ends);
    const make =
      (port: 'port1' | 'port2'): MakeChannel =>
      (linkClass, events) =>
        new PortChannel(channels.get(linkClass)![port], events);
    this.node(a).connect(b, attempt, make('port1'));
    this.node(b).connect(a, attempt, make('port2'));
    const [ofA, ofB] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    this.node(a).secured(b, attempt, { own: ofA, other: ofB });
    this.node(b).secured(a, attempt, { own: ofB, other: ofA });
  }

  #heard(id: NodeId, message: FromWorker): void {
    if (message.kind === 'recording') this.recording += message.lines;
    else if (message.kind === 'trace') this.events.push(...message.events);
    else if (message.kind === 'log') this.logs.push(`${id} ${message.level} ${message.text}`);
    else if (message.kind === 'ended') {
      this.results[id] = message.result;
      // As signaling tells the other pages that its member has left.
      for (const other of this.#others(id)) other.node?.gone(id, 'its tab was closed');
    }
    for (const look of this.#watchers) look();
  }
}
