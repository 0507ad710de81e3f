/** A node that is alive: in a worker, with real time, links to other nodes, and storage that survives. */

import { equalBytes } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import { LINK_CLASSES } from '../../core/message.ts';
import type { LogStore } from '../../core/log-store.ts';
import type { LogLevel, Signer, Store, Timer } from '../../core/ports.ts';
import { hasEnded, type NodeStatus, type Standing } from '../../core/status.ts';
import type { TraceEvent, TraceSink } from '../../core/trace.ts';
import { BatchSealer, type FrameAuth } from '../../net/batch.ts';
import { fastestSigner, isWeakKey, keyPairFrom } from '../../net/ed25519.ts';
import { formatNamed, type Format } from '../../net/format.ts';
import type { Certificates } from '../../net/rtc/transport.ts';
import type { Envelope } from '../envelope.ts';
import { lifecycleOverlay } from '../lifecycle.ts';
import { NodeRunner, type NodeHost } from '../node.ts';
import type { RunPlan } from '../plan.ts';
import { onUnhandledRejection } from '../platform.ts';
import { traceLine } from '../trace-file.ts';
import { TurnQueue } from '../turn.ts';
import { Departures } from './departures.ts';
import { Outbox } from './outbox.ts';
import { Session, type MakeChannel, type SessionHost } from './session.ts';
import { turnStore } from './turn-store.ts';
import type { FromWorker, LiveSeat } from './worker-protocol.ts';

/** Storage of one node in one room. */
export interface LiveStorage {
  /** The Store of the algorithm at this path. */
  store(path: string): Store;
  /** The node's event log: records of some lines of the trace each. */
  readonly eventLog: LogStore;
}

/** Milliseconds for which events are gathered before they are written and reported. */
const GATHER_EVENTS_MS = 50;

/** Milliseconds that an ended node stays to answer those who have not heard that it ended. */
const LINGER_MS = 2000;

/** Events that may wait for their turn before the readers of links wait with what is behind: so that senders notice. */
const BACKLOG_MAX = 64;

/** A node and its sessions. */
export class LiveNode implements NodeHost, SessionHost {
  readonly id: NodeId;
  readonly incarnation: number;
  readonly room: string;
  readonly runId: string;
  readonly nodesMax: number;
  readonly format: Format;
  readonly signer: Signer;
  readonly frameAuth: FrameAuth;
  readonly membershipKey: Uint8Array | undefined;
  readonly clock: NodeHost['clock'];
  readonly trace: TraceSink | undefined;
  readonly diary: TraceSink;
  readonly #report: (message: FromWorker) => void;
  readonly #storage: LiveStorage;
  readonly #sessions = new Map<NodeId, Session>();
  readonly #outbox: Outbox;
  readonly #departures: Departures;
  readonly #keys: Map<NodeId, Uint8Array>;
  readonly #turns: TurnQueue;
  readonly #runner: NodeRunner;
  readonly #originMs: number;
  readonly #stopListening: () => void;
  #readers: (() => void)[] = [];
  #isHeld = false;
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
    this.room = seat.room;
    this.frameAuth = seat.frameAuth;
    this.membershipKey = seat.membershipKey;
    this.#outbox = new Outbox(
      new BatchSealer(this, signer, seat.frameAuth),
      this.format,
      (to, batch) => this.#sessions.get(to)?.send(batch),
    );
    this.#departures = new Departures({
      id: seat.id,
      plan,
      latencyMs: seat.latencyMs,
      outbox: this.#outbox,
      nowMs: () => this.nowMs(),
      onFiring: ({ fault, detail, to, message }) =>
        this.#runner.trace({
          ...{ kind: 'fault', fault, detail },
          ...(to === undefined ? {} : { to }),
          ...(message === undefined ? {} : { message }),
        }),
    });
    this.#keys = keys;
    this.#storage = storage;
    this.#report = report;
    this.#originMs = seat.startedAtMs - performance.timeOrigin;
    this.#turns = new TurnQueue(
      () => {
        this.#turnMs = this.nowMs();
      },
      () => {
        this.#runner.endTurn();
        this.#outbox.flush();
        this.#readOn();
      },
    );
    this.clock = {
      now: () => this.#turnMs,
      after: (delayMs, callback) => this.#after(delayMs, callback),
    };
    this.diary = (event) => this.#gather(event);
    this.trace = seat.trace ? this.diary : undefined;
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

  /** A node of the run is there. Its id belongs to the first key that it showed. */
  present(node: NodeId, incarnation: number, publicKey: Uint8Array): void {
    const known = this.#keys.get(node);
    if (isWeakKey(publicKey)) {
      this.log('error', '', `${node} shows a key that anybody can sign for: it is ignored`);
    } else if (known !== undefined && !equalBytes(known, publicKey)) {
      this.log('error', '', `somebody shows another key for ${node} than before: it is ignored`);
    } else {
      this.#keys.set(node, publicKey);
      // What this turn has queued was meant for the one before.
      if (this.#sessions.get(node)?.meet(incarnation) === true) this.#outbox.forget(node);
    }
  }

  /** A link to another node is being made. */
  connect(node: NodeId, attempt: string, make: MakeChannel): void {
    const session = this.#sessions.get(node);
    if (session !== undefined) session.connect(attempt, make);
    else {
      const silent = { frame: () => {}, closed: () => {} };
      for (const linkClass of LINK_CLASSES)
        make(linkClass, silent).close('no link to it was wanted');
    }
  }

  /** The link of that attempt is encrypted. */
  secured(node: NodeId, attempt: string, certificates: Certificates): void {
    this.#sessions.get(node)?.secured(attempt, certificates);
  }

  /** Another node's tab was closed. */
  gone(node: NodeId, why: string): void {
    this.#sessions.get(node)?.close();
    this.#turns.post(() => this.#runner.peerGone(node, why));
  }

  /** Holds back what arrives, or lets it in. The node's own timers go on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#readOn();
  }

  /** Nothing gets through from here to these nodes, until it is called again. */
  cut(from: readonly NodeId[]): void {
    this.#departures.cut(from);
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
    const session = this.#sessions.get(to);
    const accepted = session && this.#departures.send(session, envelope);
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
    if (this.#isHeld) return this.#readable()!.then(() => this.received(from, envelope));
    if (envelope.kind === 'lifecycle') {
      this.#happens(() => this.#runner.receiveLifecycle(from, envelope.message));
      return undefined;
    }
    const take = (isGenuine: boolean) =>
      this.#happens(() => {
        if (isGenuine) this.#runner.receive(from, envelope, envelope.body, []);
        else this.#runner.drop(from, envelope, 'signature', 'a signature in it is wrong');
      });
    const verdict =
      envelope.signed.length === 0 || this.#runner.verify(envelope.signed, envelope.path);
    if (typeof verdict !== 'boolean') return verdict.then(take).then(() => this.#readable());
    take(verdict);
    return this.#turns.backlog > BACKLOG_MAX ? this.#readable() : undefined;
  }

  refused(from: NodeId, reason: 'signature' | 'malformed', detail: string): void {
    const unknown = { number: 0, path: '', type: '?' };
    this.#turns.post(() => this.#runner.drop(from, unknown, reason, detail));
  }

  linkOpen(node: NodeId, attempt: string): void {
    this.#report({ kind: 'linkOpen', node, attempt });
  }

  linkClosed(node: NodeId, attempt: string, reason: string, refused: boolean): void {
    this.#report({ kind: 'linkClosed', node, attempt, reason, refused });
  }

  /** Fulfilled when nobody holds the node, and not too many events wait for their turn. */
  #readable(): Promise<void> | undefined {
    if (!this.#isHeld && this.#turns.backlog <= BACKLOG_MAX) return undefined;
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  #readOn(): void {
    if (this.#readers.length === 0 || this.#isHeld) return;
    if (this.#turns.backlog > BACKLOG_MAX / 2) return;
    const readers = this.#readers;
    this.#readers = [];
    for (const resolve of readers) resolve();
  }

  /** Runs an event that comes from outside of the node in a turn of its own, when the node does not stand still. */
  #happens(event: () => void): void {
    if (this.#departures.standstill === undefined) this.#turns.post(event);
    else this.#departures.standstill.pass(() => this.#turns.post(event));
  }

  #inTurn(settle: () => void): void {
    this.#turns.post(() => {
      this.turn.awaits();
      settle();
    });
  }

  #after(delayMs: number, callback: () => unknown): Timer {
    const timer = setTimeout(() => this.#happens(callback), delayMs);
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
    if (this.trace !== undefined) this.#report({ kind: 'trace', events });
    try {
      // One record for all of them: a database takes some ten thousand records a second, and a node may have more events.
      await this.#storage.eventLog.write({ append: [events.map(traceLine).join('')] });
    } catch (error) {
      this.log('warn', '', `the event log could not be written: ${String(error)}`);
    }
  }

  /** Stays until the others have heard of the end, then says goodbye. */
  async #end(status: NodeStatus): Promise<void> {
    this.#hasEnded = true;
    const lastMs = this.nowMs() + (status === 'terminated' ? LINGER_MS : LINGER_MS / 4);
    const isDone = () =>
      this.#runner.isQuiet &&
      this.#departures.isEmpty &&
      [...this.#sessions.values()].every((session) => session.isFlushed);
    while (!isDone() && this.nowMs() < lastMs) await new Promise((go) => setTimeout(go, 20));
    await this.#flushEvents();
    this.#runner.close();
    this.#departures.close();
    this.#stopListening();
    const { faults } = this.#departures;
    this.#report({
      ...{ kind: 'ended', result: this.#runner.result() },
      ...(faults === undefined ? {} : { faults }),
    });
  }
}
