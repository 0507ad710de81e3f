/**
 * The page's side of a live node: it starts the worker, finds the other nodes through signaling, and has a connector make the connections
 * that are wanted, whose channels it hands into the worker. The node itself never waits for the page again.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { NodeFault } from '../../core/faults/kinds.ts';
import type { NodeId } from '../../core/id.ts';
import { nothingDone } from '../../core/result.ts';
import type { MessageId } from '../../core/trace.ts';
import type { Channels } from '../../net/channel.ts';
import { goodbyeFrame } from '../../net/frames.ts';
import { fromHex, toHex } from '../../net/hex.ts';
import { openTransport } from '../../net/rtc/open-transport.ts';
import type { LinkKind, PeerServer } from '../../net/rtc/transport.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Signaling } from '../../net/signaling/signaling.ts';
import { writeCard, type CallingCard } from './calling-card.ts';
import type { RelayFactory } from './carrier.ts';
import type { HeldDeed } from './held-inbox.ts';
import { Connector } from './connector.ts';
import { EarlySignals, type EarlySignal } from './early-signals.ts';
import { Introductions } from './introductions.ts';
import type { LinkRole } from './link-keeper.ts';
import { LINK_TIMING } from './link-timing.ts';
import { Others, type OtherNode } from './others.ts';
import { relay } from './relay.ts';
import {
  isOfLink,
  readSignal,
  type LinkSignal,
  type RoomSignal,
  type SentSignal,
} from './room-signals.ts';
import { STOP_GRACE_MS, STOP_HEARD_MS } from './stop-timing.ts';
import { pageBudget, pageClock, watchPage } from './this-page.ts';
import type { FromWorker, LiveSeat, ToWorker } from './worker-protocol.ts';

/** What makes a hosted node. `Spec` is what the worker makes its plan from. */
export interface HostedNodeOptions<Spec> {
  readonly spec: Spec;
  readonly seat: LiveSeat;
  /** The nodes to which links are wanted, and which side of each this is; at most LINKS_PER_NODE_MAX. */
  readonly links: ReadonlyMap<NodeId, LinkRole>;
  /** Whether the algorithm says which of them it wants; then there may be more. */
  readonly choosesLinks?: boolean;
  /** How connections are negotiated. */
  readonly link: LinkKind;
  /** Where a server speaks the PeerServer protocol; `peerjs` needs it. */
  readonly peerServer?: PeerServer;
  /** Read at every connection: they may change. */
  readonly iceServers: readonly RTCIceServer[];
  /** Signatures and negotiations are bound to it. */
  readonly runId: string;
  /** The member of the room that this node is. */
  readonly member: string;
  /** Signaling of the room, as that member. It may join after this node was made; it is not closed with it. */
  readonly signaling: Signaling;
  /** The way through the server, for nodes between which there is no direct one. */
  readonly relay?: RelayFactory;
  /**
   * Members who were there when the run began, by node: whoever of them is missing when this node is made is gone. Empty where
   * members come when they come.
   */
  readonly seats: ReadonlyMap<NodeId, string>;
  /** Nodes that nobody waits for: they may come while the run goes on, or never. */
  readonly latecomers?: ReadonlySet<NodeId>;
  /** Signals that came before this node was made. */
  readonly earlySignals: readonly EarlySignal[];
  /** Which node a member is; undefined for one that is none of this run. */
  readonly nodeOf: (member: MemberDescription) => NodeId | undefined;
  /** A worker, or what takes a worker's messages in the page itself. */
  readonly createWorker: () => WorkerEnd;
  readonly startupDelayMs: number;
  /** Everything the worker reports, and what the page itself has to say. */
  readonly report: (message: FromWorker) => void;
}

/** As much of a worker as a page needs. */
export type WorkerEnd = Pick<Worker, 'onmessage' | 'onerror' | 'postMessage' | 'terminate'>;

/** One node of this page. */
export class HostedNode<Spec> {
  readonly id: NodeId;
  readonly #options: HostedNodeOptions<Spec>;
  readonly #worker: WorkerEnd;
  readonly #others: Others;
  readonly #connector: Connector;
  /** Set where the algorithm chooses its links. */
  readonly #introductions: Introductions | undefined;
  /** Nodes to which frames flow. */
  readonly #linked = new Set<NodeId>();
  #wanted: readonly NodeId[] = [];
  /** Control channels that this page keeps and relays. */
  #relayed: RTCDataChannel[] = [];
  readonly #subscriptions: (() => void)[];
  readonly #early: EarlySignals;
  #isStarted = false;
  #hasEnded = false;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;
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
    this.#others = this.#newOthers();
    this.#connector = this.#newConnector();
    this.#introductions = options.choosesLinks === true ? this.#newIntroductions() : undefined;
    const { signaling } = options;
    this.#early = new EarlySignals(options.earlySignals);
    this.#subscriptions = [
      signaling.on('joined', (member) => {
        this.#memberCame(member);
        this.#connector.reach();
      }),
      signaling.on('state', () => this.#connector.reach()),
      signaling.on('left', (departure) => this.#others.left(departure)),
      signaling.on('signal', (signal) => this.#signalled(signal)),
      watchPage({
        probe: (hasNewNetwork) => this.#connector.probe(hasNewNetwork),
        suspend: () => this.#connector.suspend(),
        resume: () => this.#connector.resume(),
        leave: () => this.#leave(),
      }),
    ];
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ends the node: it says goodbye, writes its report, and its worker ends. */
  stop(status: 'stopped' | 'timeout', why?: string): void {
    if (this.#hasEnded) return;
    this.#tell({ kind: 'stop', status, why });
    this.#endWithin(STOP_HEARD_MS, 'its code never yields');
  }

  #endWithin(ms: number, cause: string): void {
    clearTimeout(this.#stopTimer);
    const why = `it did not stop when it was told to: ${cause}`;
    this.#stopTimer = setTimeout(() => this.#workerDied(why), ms);
  }

  /** Holds back what arrives at the node, or lets it in. */
  hold(isHeld: boolean): void {
    this.#tell({ kind: 'hold', isHeld });
  }

  /** Does something to one message that is held back at the node. */
  grab(message: MessageId, deed: HeldDeed): void {
    this.#tell({ kind: 'grab', message, deed });
  }

  /** Nothing gets through from the node to these, until it is called again. */
  cut(from: readonly NodeId[]): void {
    this.#tell({ kind: 'cut', from });
  }

  /** Ends the node as a crash would: it says no goodbye. */
  kill(why: string): void {
    this.#workerDied(why, 'crashed');
  }

  /** Ends everything at once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#introductions?.close();
    this.#others.close();
    this.#connector.close();
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
      for (const signal of this.#early.take()) this.#signalled(signal);
      return;
    }
    if (message.kind === 'stopping') {
      this.#endWithin(STOP_GRACE_MS, `${STOP_GRACE_MS / 1000} s later it was still at work`);
      return;
    }
    if (message.kind === 'linkOpen') this.#linkOpened(message.node, message.attempt);
    else if (message.kind === 'linkClosed') {
      const { node, attempt, reason, refused } = message;
      this.#linked.delete(node);
      this.#connector.closed(node, attempt, reason, refused);
      if (this.#linked.size === 0) this.#want(this.#wanted);
    } else if (message.kind === 'wanted') this.#want(message.nodes);
    else if (message.kind === 'carried') this.#carried(message);
    else if (message.kind === 'leaving') this.#others.leaving(message.node);
    else if (message.kind === 'ended') {
      this.#hasEnded = true;
      this.#introductions?.close();
      this.#connector.retire();
    }
    this.#options.report(message);
  }

  #want(nodes: readonly NodeId[]): void {
    this.#wanted = nodes;
    this.#introductions?.want(nodes);
    // Whoever has no link at all can ask nobody: anybody who is there will do.
    const isAlone = this.#linked.size === 0 && (this.#introductions?.sought.length ?? 0) > 0;
    const doors = isAlone ? this.#others.nodes.slice(0, DOORS_MAX) : [];
    this.#connector.want([...new Set([...nodes, ...doors])]);
  }

  #linkOpened(node: NodeId, attempt: string): void {
    const wasAlone = this.#linked.size === 0;
    this.#linked.add(node);
    this.#connector.opened(node, attempt);
    if (wasAlone) this.#introductions?.linked();
  }

  #memberCame(member: MemberDescription): void {
    if (!this.#isStarted) return;
    const node = this.#options.nodeOf(member);
    if (node !== undefined && node !== this.id) this.#others.came(node, member);
  }

  #met(node: NodeId, { member, incarnation }: OtherNode, publicKey: string): void {
    this.#tell({ kind: 'present', node, incarnation, publicKey: fromHex(publicKey) });
    this.#connector.met(node, { incarnation, name: this.#nameOf(member, incarnation) });
    this.#want(this.#wanted);
  }

  #missAbsent(): void {
    const { seats, signaling, latecomers = [] } = this.#options;
    for (const [node, member] of seats) {
      if (node !== this.id && !signaling.members.has(member)) {
        this.#others.lose(node, 'its tab was closed before the start');
      }
    }
    for (const node of latecomers) {
      if (node !== this.id && !this.#others.has(node))
        this.#others.lose(node, 'it has not come yet');
    }
  }

  #gone(node: NodeId, why: string): void {
    this.#linked.delete(node);
    this.#connector.lost(node);
    this.#tell({ kind: 'gone', node, why });
  }

  #signalled(early: EarlySignal): void {
    const signal = readSignal(early.payload, this.#options.runId);
    if (signal === undefined) return;
    if (!this.#isStarted) return this.#early.keep(early);
    for (const node of this.#others.of(early.from)) {
      if (signal.parley === 'death') this.#others.lose(node, 'its worker died');
      else if (signal.parley === 'parted') this.#others.lose(node, 'it took this node for gone');
      else if (isOfLink(signal)) this.#take(node, signal);
    }
  }

  /** Nodes carried it here. Anybody could have said it, so nobody is taken for dead. */
  #carried({ from, text }: Extract<FromWorker, { kind: 'carried' }>): void {
    let payload: unknown;
    try {
      payload = JSON.parse(text);
    } catch {
      return;
    }
    const signal = readSignal(payload, this.#options.runId);
    if (signal === undefined) return;
    if (signal.parley === 'meet') {
      if (signal.card.node === from) void this.#introductions?.heard(signal.card, signal.isAnswer);
    } else if (isOfLink(signal) && this.#others.has(from)) this.#take(from, signal);
  }

  #take(node: NodeId, signal: LinkSignal): void {
    if (signal.parley === 'want') this.#connector.wanted(node, signal.isWanted);
    else this.#connector.signalled(node, signal);
  }

  #newOthers(): Others {
    const { signaling, runId, report } = this.#options;
    return new Others({
      clock: pageClock,
      isSeen: (member) => signaling.members.has(member),
      isHeard: (node) => this.#linked.has(node) && this.#connector.isFine(node),
      met: (node, other, publicKey) => this.#met(node, other, publicKey),
      gone: (node, why) => this.#gone(node, why),
      part: (member) => {
        const sent: SentSignal = { parley: 'parted', runId };
        signaling.signal(member, sent);
      },
      log: (level, text) => report({ kind: 'log', level, path: '', text }),
    });
  }

  #newIntroductions(): Introductions {
    const { seat, member, runId, nodeOf, report } = this.#options;
    const place = { room: seat.room, runId };
    const described = ({ node, ...card }: CallingCard): MemberDescription => ({
      ...{ node, member: card.member, incarnation: card.incarnation, order: 0 },
      publicKey: card.publicKey,
    });
    return new Introductions({
      place,
      clock: pageClock,
      random: () => Math.random(),
      card: writeCard(
        { node: this.id, member, incarnation: seat.incarnation },
        seat.secretKey,
        place,
      ),
      isMet: (node) => this.#others.has(node),
      isNews: (card) => {
        const { node, incarnation } = card;
        const isNewer = incarnation > this.#others.lastIncarnation(node);
        return nodeOf(described(card)) === node && node !== this.id && isNewer;
      },
      show: (to, card, isAnswer) => this.#carry(to, { parley: 'meet', card, isAnswer }),
      met: (card) => this.#memberCame(described(card)),
      refused: () => {
        const text = 'a card of a node that somebody carried here is not genuine: it is ignored';
        report({ kind: 'log', level: 'warn', path: '', text });
      },
    });
  }

  #newConnector(): Connector {
    const { links, link, seat, member, peerServer } = this.#options;
    return new Connector(
      {
        incarnation: seat.incarnation,
        links,
        isChosen: this.#options.choosesLinks === true,
        transport: openTransport(link, {
          localName: this.#nameOf(member, seat.incarnation),
          iceServers: () => this.#options.iceServers,
          peerServer,
        }),
        relay: this.#options.relay,
        budget: pageBudget,
        clock: pageClock,
        timing: LINK_TIMING,
        random: () => Math.random(),
      },
      {
        channels: (node, attempt, channels) => this.#handOver(node, attempt, channels),
        ports: (node, attempt, ports) => this.#handOverPorts(node, attempt, ports),
        secured: (node, attempt, certificates) =>
          this.#tell({ kind: 'secured', node, attempt, certificates }),
        signal: (node, signal) => this.#say(node, signal),
        want: (node, isWanted) => this.#say(node, { parley: 'want', isWanted }),
        isInReach: (node) => this.#isInReach(node),
        log: (level, text) => this.#options.report({ kind: 'log', level, path: '', text }),
      },
    );
  }

  /** Transfers the channels into the worker, in the task that made them; where that is impossible, relays. */
  #handOver(node: NodeId, attempt: string, channels: Channels<RTCDataChannel>): void {
    try {
      const message = { kind: 'channels', node, attempt, channels } as const;
      this.#worker.postMessage(message, Object.values(channels));
    } catch {
      this.#relayed = this.#relayed.filter(({ readyState }) => readyState !== 'closed');
      this.#relayed.push(channels.control);
      this.#handOverPorts(node, attempt, relay(channels));
    }
  }

  #handOverPorts(node: NodeId, attempt: string, ports: Channels<MessagePort>): void {
    this.#worker.postMessage({ kind: 'ports', node, attempt, ports }, Object.values(ports));
  }

  /** The name of a member's transport. Only who knows the room can work it out, so no stranger calls it. */
  #nameOf(member: string, incarnation: number): string {
    const { seat, runId } = this.#options;
    const whole = JSON.stringify([seat.room, runId, member, incarnation]);
    return toHex(sha256(utf8ToBytes(whole)).subarray(0, NAME_BYTES));
  }

  #say(node: NodeId, signal: RoomSignal): void {
    const other = this.#others.get(node);
    if (other === undefined) return;
    const { signaling, runId } = this.#options;
    const sent: SentSignal = { ...signal, runId };
    const isKnownThere = signaling.members.has(other.member);
    const outcome = isKnownThere ? signaling.signal(other.member, sent) : 'closed';
    // While the server is gone, it waits for it; and other nodes carry it, over the links that there are.
    if (outcome !== 'sent') this.#carry(node, signal);
  }

  #isInReach(node: NodeId): boolean {
    const { state, members } = this.#options.signaling;
    const other = this.#others.get(node);
    return other !== undefined && state === 'joined' && members.has(other.member);
  }

  #carry(to: NodeId, signal: RoomSignal): void {
    const sent: SentSignal = { ...signal, runId: this.#options.runId };
    this.#tell({ kind: 'carry', to, text: JSON.stringify(sent) });
  }

  /** The browser ends the page and its workers: whoever is linked is told, as far as there is time for it. */
  #leave(): void {
    if (this.#hasEnded || !this.#isStarted) return;
    this.#tell({ kind: 'farewell' });
    // What its worker says on relayed channels would come to a page that listens no more.
    for (const channel of this.#relayed) {
      if (channel.readyState === 'open') channel.send(goodbyeFrame());
    }
  }

  #workerDied(why: string, fault?: NodeFault): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.report({
      kind: 'ended',
      result: { ...nothingDone('failed', why), ...(fault === undefined ? {} : { fault }) },
    });
    // The channel of a dead worker stays open and writable, and a closed one would be dialled again: the others have to be told.
    for (const node of this.#others.nodes) this.#say(node, { parley: 'death' });
    this.close();
  }

  #tell(message: ToWorker<Spec>): void {
    this.#worker.postMessage(message);
  }
}

/** Links that a node without any makes to whoever is there, so that they lead it on. */
const DOORS_MAX = 2;

/** Bytes of a name: nobody finds one by trying. */
const NAME_BYTES = 16;
