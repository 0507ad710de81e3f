/**
 * The page's side of a live node: it starts the worker, finds the other nodes through signaling, negotiates a connection to each that is
 * wanted, and hands the channel into the worker. The node itself never waits for the page again.
 */

import type { NodeId } from '../../core/id.ts';
import { CONNECT_TIMEOUT_MS, LOST_MEMBER_GRACE_MS } from '../../net/limits.ts';
import { negotiate, type Negotiation } from '../../net/rtc/simple-peer.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Departure, Signaling } from '../../net/signaling/signaling.ts';
import { fromHex } from '../../net/hex.ts';
import { relay } from './relay.ts';
import { readSignal, type DeathSignal, type LinkSignal } from './room-signals.ts';
import type { FromWorker, LiveSeat, ToWorker } from './worker-protocol.ts';

/** What makes a hosted node. `Spec` is what the worker makes its plan from. */
export interface HostedNodeOptions<Spec> {
  readonly spec: Spec;
  readonly seat: LiveSeat;
  /** The nodes to which links are wanted, and whether this side dials. */
  readonly links: ReadonlyMap<NodeId, 'dial' | 'accept'>;
  /** Signatures and negotiations are bound to it. */
  readonly runId: string;
  /** Signaling of the room, as the member that this node is. It may join after this node was made; it is not closed with it. */
  readonly signaling: Signaling;
  /**
   * Members who were there when the run began, by node: whoever of them is missing when this node is made is gone. Empty where
   * members come when they come.
   */
  readonly seats: ReadonlyMap<NodeId, string>;
  /** Signals that came before this node was made. */
  readonly earlySignals: readonly EarlySignal[];
  /** Which node a member is; undefined for one that is none of this run. */
  readonly nodeOf: (member: MemberDescription) => NodeId | undefined;
  readonly createWorker: () => Worker;
  readonly iceServers: readonly RTCIceServer[];
  readonly startupDelayMs: number;
  /** Everything the worker reports, and what the page itself has to say. */
  readonly report: (message: FromWorker) => void;
}

/** A signal as signaling hands it over. */
export interface EarlySignal {
  readonly from: string;
  readonly payload: unknown;
}

interface Connection {
  readonly attempt: string;
  readonly negotiation: Negotiation;
  timer: ReturnType<typeof setTimeout> | undefined;
}

interface OtherNode {
  readonly member: string;
  readonly incarnation: number;
}

/** Milliseconds before a connection that broke is dialled again. */
const REDIAL_MS = 500;

/** Milliseconds for a worker to give its result after it was told to stop; then it is ended. */
const STOP_GRACE_MS = 3000;

/** One node of this page. */
export class HostedNode<Spec> {
  readonly id: NodeId;
  readonly #options: HostedNodeOptions<Spec>;
  readonly #worker: Worker;
  readonly #others = new Map<NodeId, OtherNode>();
  readonly #connections = new Map<NodeId, Connection>();
  readonly #subscriptions: (() => void)[];
  readonly #early: EarlySignal[];
  #isStarted = false;
  #attempts = 0;
  #hasEnded = false;
  #isClosed = false;

  constructor(options: HostedNodeOptions<Spec>) {
    this.#options = options;
    this.id = options.seat.id;
    this.#worker = options.createWorker();
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#heard(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#workerDied(event.message || 'its worker could not be loaded');
    };
    const { signaling } = options;
    this.#early = [...options.earlySignals];
    this.#subscriptions = [
      signaling.on('joined', (member) => this.#memberCame(member)),
      signaling.on('left', (departure) => this.#memberLeft(departure)),
      signaling.on('signal', (signal) => this.#signalled(signal)),
    ];
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ends the node: it says goodbye, writes its report, and its worker ends. */
  stop(status: 'stopped' | 'timeout', why?: string): void {
    if (this.#hasEnded) return;
    this.#tell({ kind: 'stop', status, why });
    setTimeout(() => {
      if (!this.#hasEnded)
        this.#workerDied('it did not stop when it was told to: its code never yields');
    }, STOP_GRACE_MS);
  }

  /** Ends everything at once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const node of [...this.#connections.keys()]) this.#disconnect(node);
    this.#worker.terminate();
  }

  /** Looks at everyone who is there. */
  meetAll(): void {
    for (const member of this.#options.signaling.members.values()) this.#memberCame(member);
  }

  #heard(message: FromWorker): void {
    if (message.kind === 'loaded') {
      const { spec, seat, startupDelayMs } = this.#options;
      this.#tell({ kind: 'start', spec, seat, startupDelayMs });
      return;
    }
    if (message.kind === 'started') {
      this.#isStarted = true;
      this.meetAll();
      this.#missAbsent();
      for (const signal of this.#early.splice(0)) this.#signalled(signal);
      return;
    }
    if (message.kind === 'linkOpen') clearTimeout(this.#connections.get(message.node)?.timer);
    if (message.kind === 'linkClosed') this.#linkClosed(message.node);
    if (message.kind === 'ended') this.#hasEnded = true;
    this.#options.report(message);
  }

  #memberCame(member: MemberDescription): void {
    if (!this.#isStarted) return;
    const node = this.#options.nodeOf(member);
    if (node === undefined || node === this.id || member.publicKey === undefined) return;
    const known = this.#others.get(node);
    if (known?.member === member.member && known.incarnation === member.incarnation) return;
    this.#others.set(node, { member: member.member, incarnation: member.incarnation });
    const publicKey = fromHex(member.publicKey);
    this.#tell({ kind: 'present', node, incarnation: member.incarnation, publicKey });
    this.#disconnect(node);
    if (this.#options.links.get(node) === 'dial') this.#dial(node);
  }

  #memberLeft({ member, incarnation, reason }: Departure): void {
    for (const [node, other] of this.#others) {
      if (other.member !== member || other.incarnation !== incarnation) continue;
      if (reason === 'lost') this.#awaitReturn(node, other);
      else this.#gone(node, 'its tab was closed');
    }
  }

  /** The server lost sight of a tab, not we: only if it stays away is it gone. */
  #awaitReturn(node: NodeId, other: OtherNode): void {
    setTimeout(() => {
      const isBack = this.#options.signaling.members.has(other.member);
      if (!isBack && this.#others.get(node) === other) this.#gone(node, 'its tab is out of reach');
    }, LOST_MEMBER_GRACE_MS);
  }

  #missAbsent(): void {
    const { seats, signaling } = this.#options;
    for (const [node, member] of seats) {
      if (node !== this.id && !signaling.members.has(member)) {
        this.#gone(node, 'its tab was closed before the start');
      }
    }
  }

  #gone(node: NodeId, why: string): void {
    this.#others.delete(node);
    this.#disconnect(node);
    this.#tell({ kind: 'gone', node, why });
  }

  #dial(node: NodeId): void {
    const attempt = `${this.#options.seat.incarnation}.${++this.#attempts}`;
    this.#connect(node, attempt, true);
  }

  #connect(node: NodeId, attempt: string, isInitiator: boolean): void {
    const other = this.#others.get(node);
    if (other === undefined || this.#isClosed) return;
    const { signaling, iceServers, runId } = this.#options;
    const negotiation = negotiate(isInitiator, iceServers, {
      signal: (data) => {
        const payload: LinkSignal = { parley: 'link', runId, attempt, data };
        // As JSON text: what simple-peer gives is full of objects that only look plain.
        signaling.signal(other.member, JSON.parse(JSON.stringify(payload)));
      },
      closed: (reason) => this.#connectionClosed(node, attempt, reason),
    });
    const timer = setTimeout(() => this.#timedOut(node, attempt), CONNECT_TIMEOUT_MS);
    this.#disconnect(node);
    this.#connections.set(node, { attempt, negotiation, timer });
    this.#handOver(node, negotiation.channel);
  }

  /** Transfers the channel into the worker, in the task that made it; where that is impossible, relays. */
  #handOver(node: NodeId, channel: RTCDataChannel): void {
    try {
      this.#worker.postMessage({ kind: 'channel', node, channel }, [channel]);
    } catch {
      const port = relay(channel);
      this.#worker.postMessage({ kind: 'port', node, port }, [port]);
    }
  }

  #signalled(early: EarlySignal): void {
    const signal = readSignal(early.payload, this.#options.runId);
    if (signal === undefined) return;
    if (!this.#isStarted) {
      if (this.#early.length < EARLY_SIGNALS_MAX) this.#early.push(early);
      return;
    }
    for (const [node, other] of this.#others) {
      if (other.member !== early.from) continue;
      if (signal.parley === 'death') this.#gone(node, 'its worker died');
      else if (this.#options.links.has(node)) this.#negotiate(node, signal);
    }
  }

  #negotiate(node: NodeId, { attempt, data }: LinkSignal): void {
    if (this.#connections.get(node)?.attempt !== attempt) {
      // The dialling side has begun anew; a signal of an attempt that we gave up ourselves is stale.
      if (this.#options.links.get(node) === 'dial') return;
      this.#connect(node, attempt, false);
    }
    this.#connections.get(node)?.negotiation.signal(data);
  }

  #timedOut(node: NodeId, attempt: string): void {
    if (this.#connections.get(node)?.attempt !== attempt) return;
    this.#warn(`no connection to ${node} within ${CONNECT_TIMEOUT_MS / 1000} s; trying again`);
    this.#disconnect(node);
    this.#redial(node);
  }

  #connectionClosed(node: NodeId, attempt: string, reason: string): void {
    if (this.#connections.get(node)?.attempt !== attempt) return;
    this.#warn(`the connection to ${node} broke: ${reason}`);
    this.#disconnect(node);
    this.#redial(node);
  }

  #linkClosed(node: NodeId): void {
    if (!this.#connections.has(node)) return;
    this.#disconnect(node);
    this.#redial(node);
  }

  #redial(node: NodeId): void {
    if (this.#options.links.get(node) !== 'dial' || this.#hasEnded) return;
    setTimeout(() => {
      if (this.#others.has(node) && !this.#connections.has(node)) this.#dial(node);
    }, REDIAL_MS);
  }

  #disconnect(node: NodeId): void {
    const connection = this.#connections.get(node);
    if (connection === undefined) return;
    this.#connections.delete(node);
    clearTimeout(connection.timer);
    connection.negotiation.close();
  }

  #workerDied(why: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.report({
      kind: 'ended',
      result: {
        status: 'failed',
        error: why,
        report: {},
        messages_received: {},
        bytes_received: 0,
        messages_sent: 0,
        dropped: {},
        elapsed_ms: 0,
      },
    });
    // The channel of a dead worker stays open and writable, and a closed one would be dialled again: the others have to be told.
    const { signaling, runId } = this.#options;
    const death: DeathSignal = { parley: 'death', runId };
    for (const { member } of this.#others.values()) signaling.signal(member, death);
    this.close();
  }

  #warn(text: string): void {
    this.#options.report({ kind: 'log', level: 'debug', path: '', text });
  }

  #tell(message: ToWorker<Spec>): void {
    this.#worker.postMessage(message);
  }
}

/** Signals kept until the worker has made its node: a few for each of 64 links. */
const EARLY_SIGNALS_MAX = 1000;
