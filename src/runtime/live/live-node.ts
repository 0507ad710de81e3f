/** A node that is alive: in a worker, with real time, links to other nodes, and storage that survives. */

import type { NodeId } from '../../core/id.ts';
import type { LogLevel, LogStore, Signer, Store, Timer } from '../../core/ports.ts';
import { Random } from '../../core/random.ts';
import { hasEnded, type NodeStatus, type Standing } from '../../core/status.ts';
import type { TraceEvent, TraceSink } from '../../core/trace.ts';
import { fastestSigner, keyPairFrom } from '../../net/ed25519.ts';
import { formatNamed, type Format } from '../../net/format.ts';
import type { Link, LinkEvents } from '../../net/link.ts';
import type { Envelope } from '../envelope.ts';
import { lifecycleOverlay } from '../lifecycle.ts';
import { NodeRunner, type NodeHost } from '../node.ts';
import type { RunPlan } from '../plan.ts';
import { onUnhandledRejection } from '../platform.ts';
import type { Latency } from '../simulator.ts';
import { traceLine } from '../trace-file.ts';
import { TurnQueue } from '../turn.ts';
import { Session, type SessionHost } from './session.ts';
import { turnStore } from './turn-store.ts';
import type { FromWorker, LiveSeat } from './worker-protocol.ts';

/** Storage of one node in one room. */
export interface LiveStorage {
  /** The Store of the algorithm at this path. */
  store(path: string): Store;
  /** The node's event log: lines of the trace. */
  readonly eventLog: LogStore;
}

/** Milliseconds for which events are gathered before they are written and reported. */
const GATHER_EVENTS_MS = 50;

/** Milliseconds that an ended node stays to answer those who have not heard that it ended. */
const LINGER_MS = 2000;

/** A node and its sessions. */
export class LiveNode implements NodeHost, SessionHost {
  readonly id: NodeId;
  readonly incarnation: number;
  readonly runId: string;
  readonly nodesMax: number;
  readonly format: Format;
  readonly signer: Signer;
  readonly latencyMs: Latency | undefined;
  readonly latency: Random;
  readonly clock: NodeHost['clock'];
  readonly trace: TraceSink;
  readonly #report: (message: FromWorker) => void;
  readonly #storage: LiveStorage;
  readonly #reportsTrace: boolean;
  readonly #sessions = new Map<NodeId, Session>();
  readonly #keys: Map<NodeId, Uint8Array>;
  readonly #turns: TurnQueue;
  readonly #runner: NodeRunner;
  readonly #originMs: number;
  readonly #stopListening: () => void;
  #turnMs = 0;
  #events: TraceEvent[] = [];
  #gathering = false;
  #hasEnded = false;

  private constructor(
    plan: RunPlan,
    seat: LiveSeat,
    signer: Signer,
    keys: Map<NodeId, Uint8Array>,
    storage: LiveStorage,
    report: (message: FromWorker) => void,
  ) {
    this.id = seat.id;
    this.incarnation = seat.incarnation;
    this.runId = plan.runId;
    this.nodesMax = plan.nodes.length;
    this.format = formatNamed(plan.format);
    this.signer = signer;
    this.latencyMs = seat.latencyMs;
    this.latency = Random.stream(plan.seed, `latency/${seat.id}`);
    this.#keys = keys;
    this.#storage = storage;
    this.#report = report;
    this.#reportsTrace = seat.trace;
    this.#originMs = seat.startedAtMs - performance.timeOrigin;
    this.#turns = new TurnQueue(
      () => {
        this.#turnMs = this.nowMs();
      },
      () => this.#runner.endTurn(),
    );
    this.clock = {
      now: () => this.#turnMs,
      after: (delayMs, callback) => this.#after(delayMs, callback),
    };
    this.trace = (event) => this.#gather(event);
    const overlay = lifecycleOverlay(new Map(plan.nodes.map((node) => [node.id, node.neighbours])));
    const links = [...overlay.get(seat.id)!];
    for (const peer of links) this.#sessions.set(peer, new Session(peer, this));
    this.#runner = new NodeRunner(
      plan,
      seat.id,
      { incarnation: seat.incarnation, restarted: seat.restarted, overlay: links },
      this,
    );
    this.#stopListening = onUnhandledRejection((error) => {
      this.#turns.post(() => this.#runner.failUnhandled(error));
      return true;
    });
  }

  /** Makes a node; it does nothing before {@link start}. */
  static async create(
    plan: RunPlan,
    seat: LiveSeat,
    storage: LiveStorage,
    report: (message: FromWorker) => void,
  ): Promise<LiveNode> {
    const pair = keyPairFrom(seat.secretKey);
    const keys = new Map([[seat.id, pair.publicKey]]);
    const signer = await fastestSigner(pair, (id) => keys.get(id));
    return new LiveNode(plan, seat, signer, keys, storage, report);
  }

  get turn(): NodeHost['turn'] {
    return this.#turns.turn;
  }

  // What the page tells.

  start(): void {
    this.#turns.post(() => this.#runner.start());
  }

  /** A node of the run is there. */
  present(node: NodeId, incarnation: number, publicKey: Uint8Array): void {
    this.#keys.set(node, publicKey);
    this.#sessions.get(node)?.meet(incarnation);
  }

  /** A link to another node. */
  connect(node: NodeId, make: (events: LinkEvents) => Link): void {
    const session = this.#sessions.get(node);
    if (session === undefined) make(NO_EVENTS).close('no link to it was wanted');
    else session.connect(make);
  }

  /** Another node's tab was closed. */
  gone(node: NodeId, why: string): void {
    this.#sessions.get(node)?.close();
    this.#turns.post(() => this.#runner.peerGone(node, why));
  }

  /** Ends the node from outside. */
  stop(status: 'stopped' | 'timeout', why: string | undefined): void {
    this.#turns.post(() => this.#runner.stop(status, why));
  }

  // What the runner asks.

  store(path: string): Store {
    return turnStore(this.#storage.store(path), this.#turns);
  }

  log(level: LogLevel, path: string, text: string): void {
    this.#report({ kind: 'log', level, path, text });
  }

  send(to: NodeId, envelope: Envelope): Promise<void> | undefined {
    const accepted = this.#sessions.get(to)?.send(envelope);
    if (accepted === undefined) return undefined;
    return new Promise((resolve) => {
      void accepted.then(() => this.#inTurn(resolve));
    });
  }

  post(event: () => void): void {
    this.#turns.post(event);
  }

  standingChanged(id: NodeId, standing: Standing): void {
    // A third may have seen it leave before it ever met us.
    if (standing.status === 'departed') this.#sessions.get(id)?.leave(standing.incarnation);
    const { status, waitingFor } = this.#runner;
    this.#report({ kind: 'status', status, waitingFor });
    if (hasEnded(status) && !this.#hasEnded) void this.#end(status);
  }

  // What the sessions ask.

  nowMs(): number {
    return Math.max(0, performance.now() - this.#originMs);
  }

  received(from: NodeId, envelope: Envelope): void | Promise<void> {
    if (envelope.kind === 'lifecycle') {
      this.#turns.post(() => this.#runner.receiveLifecycle(from, envelope.message));
      return;
    }
    const take = (isGenuine: boolean) =>
      this.#turns.post(() => {
        if (isGenuine) this.#runner.receive(from, envelope, envelope.body, []);
        else this.#runner.drop(from, envelope, 'signature', 'a signature in it is wrong');
      });
    if (envelope.signed.length === 0) return take(true);
    const verdict = this.#runner.verify(envelope.signed, envelope.path);
    return typeof verdict === 'boolean' ? take(verdict) : verdict.then(take);
  }

  refused(from: NodeId, reason: 'signature' | 'malformed', detail: string): void {
    const unknown = { number: 0, path: '', type: '?' };
    this.#turns.post(() => this.#runner.drop(from, unknown, reason, detail));
  }

  linkOpen(node: NodeId): void {
    this.#report({ kind: 'linkOpen', node });
  }

  linkClosed(node: NodeId, reason: string): void {
    this.#report({ kind: 'linkClosed', node, reason });
  }

  #inTurn(settle: () => void): void {
    this.#turns.post(() => {
      this.turn.awaits();
      settle();
    });
  }

  #after(delayMs: number, callback: () => unknown): Timer {
    const timer = setTimeout(() => this.#turns.post(callback), delayMs);
    return { cancel: () => clearTimeout(timer) };
  }

  #gather(event: TraceEvent): void {
    this.#events.push(event);
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => void this.#flushEvents(), GATHER_EVENTS_MS);
  }

  async #flushEvents(): Promise<void> {
    const events = this.#events;
    this.#events = [];
    this.#gathering = false;
    if (events.length === 0) return;
    if (this.#reportsTrace) this.#report({ kind: 'trace', events });
    try {
      await this.#storage.eventLog.append(events.map(traceLine));
    } catch (error) {
      this.log('warn', '', `the event log could not be written: ${String(error)}`);
    }
  }

  /** Stays until the others have heard of the end, then says goodbye. */
  async #end(status: NodeStatus): Promise<void> {
    this.#hasEnded = true;
    const lastMs = this.nowMs() + (status === 'terminated' ? LINGER_MS : LINGER_MS / 4);
    const isDone = () =>
      this.#runner.isQuiet && [...this.#sessions.values()].every((session) => session.isFlushed);
    while (!isDone() && this.nowMs() < lastMs) await new Promise((go) => setTimeout(go, 20));
    await this.#flushEvents();
    this.#runner.close();
    this.#stopListening();
    this.#report({ kind: 'ended', result: this.#runner.result() });
  }
}

const NO_EVENTS: LinkEvents = { frame: () => {}, closed: () => {} };
