/** A node that is alive: in a worker, with real time, links to other nodes, and storage that survives. */

import { equalBytes } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import { LINK_CLASSES } from '../../core/message.ts';
import type { LogStore } from '../../core/log-store.ts';
import type { LogLevel, Signer, Store } from '../../core/ports.ts';
import { hasEnded, hasReached, type NodeStatus, type Standing } from '../../core/status.ts';
import type { MessageId, TraceEvent, TraceSink } from '../../core/trace.ts';
import { BatchSealer, type FrameAuth } from '../../net/batch.ts';
import { fastestSigner, isWeakKey, keyPairFrom } from '../../net/ed25519.ts';
import { formatNamed, type Format } from '../../net/format.ts';
import type { Certificates } from '../../net/rtc/transport.ts';
import type { Envelope, LinkEnvelope } from '../envelope.ts';
import type { NodeInput } from '../node-input.ts';
import { NodeRunner, type NodeHost } from '../node.ts';
import type { RunPlan } from '../plan.ts';
import { macrotask, onUnhandledRejection } from '../platform.ts';
import { Recorder } from '../recording/recorder.ts';
import { printableEvent, traceLine } from '../trace-file.ts';
import { Departures } from './departures.ts';
import { Carriage } from './carriage.ts';
import { linkPlanOf } from '../link-plan.ts';
import { HeldInbox, type HeldDeed } from './held-inbox.ts';
import { LinkWishes } from './link-wishes.ts';
import { LiveInputs } from './live-inputs.ts';
import { Outbox } from './outbox.ts';
import { Session, type MakeChannel, type SessionHost } from './session.ts';
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
  readonly #recorder: Recorder | undefined;
  readonly #inputs: LiveInputs;
  readonly #runner: NodeRunner;
  readonly #originMs: number;
  readonly #reportsTrace: boolean;
  readonly #stopListening: () => void;
  readonly #carriage: Carriage;
  /** With whom it always speaks of the barriers. */
  readonly #barriers: ReadonlySet<NodeId>;
  /** Set where the algorithm chooses its links. */
  readonly #wishes: LinkWishes | undefined;
  /** Nodes to which frames flow, with the attempt that led to it. */
  readonly #linked = new Map<NodeId, string>();
  #readers: (() => void)[] = [];
  readonly #inbox = new HeldInbox({
    pass: (from, envelope) => this.#take(from, envelope),
    emptied: () => this.#readOn(),
  });
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
    this.#recorder = seat.records === true ? this.#newRecorder(seat, plan) : undefined;
    this.#inputs = this.#newInputs();
    this.clock = this.#inputs.clock;
    this.diary = (event) => this.#gather(event);
    this.#reportsTrace = seat.trace;
    this.trace = seat.trace || this.#recorder !== undefined ? this.diary : undefined;
    const { isChosen, possible, barriers } = linkPlanOf(plan);
    for (const peer of possible.get(seat.id)!) this.#sessions.set(peer, new Session(peer, this));
    this.#barriers = barriers.get(seat.id)!;
    const overlay = [...this.#barriers];
    this.#runner = new NodeRunner(
      plan,
      seat.id,
      { incarnation: seat.incarnation, restarted: seat.restarted, overlay },
      this,
    );
    this.#carriage = this.#newCarriage();
    this.#wishes = isChosen ? this.#newWishes() : undefined;
    this.#stopListening = onUnhandledRejection((error) => {
      this.#inputs.take({ kind: 'unhandled', error });
      return true;
    });
  }

  #newRecorder({ id, incarnation, restarted }: LiveSeat, { algorithm }: RunPlan): Recorder {
    const { kind, survives } = this.#storage.store(algorithm.definition.name);
    const life = { node: id, incarnation, restarted, storage: { kind, survives } };
    return new Recorder(life, (lines, isFull) => {
      this.#report({ kind: 'recording', lines });
      if (isFull) this.log('warn', '', 'the recording is full: it goes no further');
    });
  }

  #newCarriage(): Carriage {
    return new Carriage({
      id: this.id,
      linked: () => this.#linked.keys(),
      isLinked: (node) => this.#linked.has(node),
      nowMs: () => this.nowMs(),
      send: (to, envelope) => {
        this.#outbox.add(to, envelope);
        // No turn of the node's own will end soon.
        if (!this.#inputs.isInTurn) this.#outbox.flush();
      },
      arrived: (from, text) => this.#report({ kind: 'carried', from, text }),
    });
  }

  #newWishes(): LinkWishes {
    return new LinkWishes({
      named: () => this.#runner.links().filter((node) => this.#sessions.has(node)),
      nowMs: () => this.nowMs(),
      after: (delayMs, callback) =>
        void setTimeout(() => !this.#inputs.isClosed && callback(), delayMs),
      changed: (nodes) => this.#report({ kind: 'wanted', nodes }),
    });
  }

  #newInputs(): LiveInputs {
    const runner = () => this.#runner;
    return new LiveInputs(
      {
        get runner() {
          return runner();
        },
        nowMs: () => this.nowMs(),
        happens: (input) => this.#happens(input),
        turnOver: () => {
          this.#outbox.flush();
          this.#wishes?.look();
          this.#readOn();
        },
      },
      this.#recorder,
    );
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
    return this.#inputs.turn;
  }

  // What the page tells.

  start(): void {
    this.#inputs.take({ kind: 'start' });
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

  /** Something for the page of another node, which the links are to carry. */
  carry(to: NodeId, text: string): void {
    this.#carriage.carry(to, text);
  }

  /** The page ends, and whoever is linked is to hear of it. */
  farewell(): void {
    for (const session of this.#sessions.values()) session.sayGoodbye();
  }

  /** Another node's tab was closed. */
  gone(node: NodeId, why: string): void {
    this.#wishes?.drop(node);
    this.#sessions.get(node)?.close();
    this.#inputs.take({ kind: 'gone', node, why });
  }

  /** Holds back what arrives, or lets it in. The node's own timers go on. */
  hold(isHeld: boolean): void {
    this.#inbox.hold(isHeld);
  }

  /** Does something to one message that is held back. */
  grab(message: MessageId, deed: HeldDeed): void {
    this.#inbox.grab(message, deed);
    this.#readOn();
  }

  /** Nothing gets through from here to these nodes, until it is called again. */
  cut(from: readonly NodeId[]): void {
    this.#departures.cut(from);
  }

  /** Ends the node from outside. */
  stop(status: 'stopped' | 'timeout', why: string | undefined): void {
    this.#report({ kind: 'stopping' });
    this.#inputs.take({ kind: 'stop', status, why });
  }

  // What the runner asks.

  store(path: string): Store {
    return this.#inputs.store(this.#storage.store(path));
  }

  log(level: LogLevel, path: string, text: string): void {
    this.#report({ kind: 'log', level, path, text });
  }

  send(to: NodeId, envelope: Envelope): Promise<void> | undefined {
    const session = this.#sessions.get(to);
    this.#wishes?.demand(to);
    return this.#inputs.sent(session && this.#departures.send(session, envelope));
  }

  post(event: () => void): void {
    this.#inputs.post(event);
  }

  standingChanged(id: NodeId, standing: Standing): void {
    // A third may have seen it leave before it ever met us.
    if (standing.status === 'departed') {
      this.#sessions.get(id)?.leave(standing.incarnation);
      // Perhaps no server says it: who has it from the one that left tells everybody.
      for (const node of this.#linked.keys()) this.#speakOfBarriers(node);
    }
    const { status, waitingFor } = this.#runner;
    this.#report({ kind: 'status', status, waitingFor });
    if (hasEnded(status) && !this.#hasEnded) void this.#end(status);
  }

  // What the sessions ask.

  nowMs(): number {
    return Math.max(0, performance.now() - this.#originMs);
  }

  received(from: NodeId, envelope: LinkEnvelope): void | Promise<void> {
    if (envelope.kind === 'carried') {
      this.#carriage.take(from, envelope);
      return undefined;
    }
    if (!this.#inbox.isShut) return this.#take(from, envelope);
    if (this.#inbox.isFull) return this.#readable()!.then(() => this.received(from, envelope));
    this.#inbox.keep(from, envelope);
    return undefined;
  }

  #take(from: NodeId, envelope: Envelope): void | Promise<void> {
    if (envelope.kind === 'lifecycle') {
      this.#speakOfBarriers(from);
      this.#happens({ kind: 'lifecycle', from, message: envelope.message });
      return undefined;
    }
    const take = (isGenuine: boolean) =>
      this.#happens({ kind: 'message', from, envelope, isGenuine });
    const verdict =
      envelope.signed.length === 0 || this.#runner.verify(envelope.signed, envelope.path);
    if (typeof verdict !== 'boolean') return verdict.then(take).then(() => this.#readable());
    take(verdict);
    return this.#inputs.backlog > BACKLOG_MAX ? this.#readable() : undefined;
  }

  refused(from: NodeId, reason: 'signature' | 'malformed', detail: string): void {
    this.#inputs.take({ kind: 'refused', from, reason, detail });
  }

  linkOpen(node: NodeId, attempt: string): void {
    this.#linked.set(node, attempt);
    this.#report({ kind: 'linkOpen', node, attempt });
    const isWaiting = !hasReached({ incarnation: 0, status: this.#runner.status }, 'running');
    if (isWaiting) this.#speakOfBarriers(node);
  }

  leaves(node: NodeId): void {
    this.#report({ kind: 'leaving', node });
  }

  linkClosed(node: NodeId, attempt: string, reason: string, refused: boolean): void {
    if (this.#linked.get(node) === attempt) this.#linked.delete(node);
    this.#report({ kind: 'linkClosed', node, attempt, reason, refused });
  }

  /**
   * Where links are chosen, the ring on which the barriers go may be broken for good, and whoever is linked may know what this node waits for: those
   * who wait, or have learnt that somebody left, speak to everybody, and are answered by everybody.
   */
  #speakOfBarriers(node: NodeId): void {
    if (this.#wishes === undefined || this.#barriers.has(node)) return;
    this.#happens({ kind: 'linked', node });
  }

  /** Fulfilled when there is room for what is held back, and not too many events wait for their turn. */
  #readable(): Promise<void> | undefined {
    if (!this.#inbox.isFull && this.#inputs.backlog <= BACKLOG_MAX) return undefined;
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  #readOn(): void {
    if (this.#readers.length === 0 || this.#inbox.isFull) return;
    if (this.#inputs.backlog > BACKLOG_MAX / 2) return;
    const readers = this.#readers;
    this.#readers = [];
    for (const resolve of readers) resolve();
  }

  /** Hands over what comes from outside of the node, when the node does not stand still. */
  #happens(input: NodeInput): void {
    if (this.#inputs.isClosed) return;
    if (this.#departures.standstill === undefined) this.#inputs.take(input);
    else this.#departures.standstill.pass(() => this.#inputs.take(input));
  }

  #gather(event: TraceEvent): void {
    this.#recorder?.event(event);
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
    // Signed values do not survive the way to the page as such.
    if (this.#reportsTrace) this.#report({ kind: 'trace', events: events.map(printableEvent) });
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
    // What it came to is known when the turn in which it ended is over.
    while (this.#inputs.isInTurn) await macrotask();
    while (!isDone() && this.nowMs() < lastMs) await new Promise((go) => setTimeout(go, 20));
    while (this.#inputs.isInTurn) await macrotask();
    // From here on nothing happens to it any more, and nothing is written.
    this.#inputs.close();
    this.#runner.close();
    this.#departures.close();
    this.#stopListening();
    const { faults } = this.#departures;
    const result = this.#runner.result();
    this.#recorder?.finish(result);
    await this.#flushEvents();
    this.#report({
      ...{ kind: 'ended', result },
      ...(faults === undefined ? {} : { faults }),
    });
  }
}
