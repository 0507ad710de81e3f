/**
 * The connections of one node of this page: makes them, keeps them, and makes them again, so that every link that is wanted is there as often
 * as the network allows. What is a link and who is at its end, the worker decides.
 */

import { assert } from '../../core/assert.ts';
import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel } from '../../core/ports.ts';
import type { Channels } from '../../net/channel.ts';
import { LINKS_PER_NODE_MAX, SPARE_LINKS_MAX } from '../../net/limits.ts';
import type { ConnectionBudget } from '../../net/rtc/connection-budget.ts';
import type { Certificates, Transport } from '../../net/rtc/transport.ts';
import {
  relayCarrier,
  type Carrier,
  type CarrierEvents,
  type RelayFactory,
  type Way,
} from './carrier.ts';
import { LinkKeeper, type KeeperHost, type LinkRole } from './link-keeper.ts';
import type { LinkTiming } from './link-timing.ts';
import type { AttemptSignal } from './room-signals.ts';

/** What makes a connector. */
export interface ConnectorOptions {
  /** This node's: attempts are named by it. */
  readonly incarnation: number;
  /** The nodes to which links are wanted, or may be, and which side of each this is. */
  readonly links: ReadonlyMap<NodeId, LinkRole>;
  /** Whether links are wanted only where {@link Connector.want} or the other node says so. */
  readonly isChosen?: boolean;
  readonly transport: Transport;
  /** The way through the server; undefined where there is none. */
  readonly relay: RelayFactory | undefined;
  /** Shared by all nodes of the page. */
  readonly budget: ConnectionBudget;
  readonly clock: Clock;
  readonly timing: LinkTiming;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Where a connector's work goes. */
export interface ConnectorHost {
  /** Channels of a connection in the making. Take or transfer them before the current task ends. */
  channels(node: NodeId, attempt: string, channels: Channels<RTCDataChannel>): void;
  /** Ports behind which the server relays. */
  ports(node: NodeId, attempt: string, ports: Channels<MessagePort>): void;
  secured(node: NodeId, attempt: string, certificates: Certificates): void;
  /** For the page of another node. */
  signal(node: NodeId, signal: AttemptSignal): void;
  /** For the page of another node as well: whether a link to it is wanted. Only where links are chosen. */
  want?(node: NodeId, isWanted: boolean): void;
  /** Whether signaling reaches the other node now. A link to one that it does not reach is kept when nobody wants it any more. */
  isInReach?(node: NodeId): boolean;
  log(level: LogLevel, text: string): void;
}

/** Another node that is there. */
export interface OtherEnd {
  /** The name of its transport. */
  readonly name: string;
  readonly incarnation: number;
}

/** Keeps the links of one node. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #host: ConnectorHost;
  readonly #keepers = new Map<NodeId, LinkKeeper>();
  /** Where links are chosen: to whom this node wants one, and who wants one to it. */
  #wanted: ReadonlySet<NodeId> = new Set();
  readonly #wantedThere = new Set<NodeId>();
  /** Those whose keeper is awake, for one of the two reasons. */
  readonly #awake = new Set<NodeId>();
  /** Of those, the ones that neither side wants now. */
  readonly #spare = new Set<NodeId>();
  /** The attempts whose links carry frames. */
  readonly #open = new Map<NodeId, string>();
  #attempts = 0;
  #isSuspended = false;
  #isRetired = false;

  constructor(options: ConnectorOptions, host: ConnectorHost) {
    assert(
      options.isChosen === true || options.links.size <= LINKS_PER_NODE_MAX,
      'a node has no more links than it may have',
    );
    this.#options = options;
    this.#host = host;
  }

  /** Another node is there, or came anew: what was with an earlier incarnation of it ends. */
  met(node: NodeId, other: OtherEnd): void {
    this.lost(node);
    const role = this.#options.links.get(node);
    if (role === undefined) return;
    const keeper = new LinkKeeper(node, role, other.incarnation, this.#hostOf(node, other));
    this.#keepers.set(node, keeper);
    if (this.#options.isChosen === true) this.#greet(node);
    else if (this.#isRetired) keeper.retire();
    else if (!this.#isSuspended) keeper.wake();
  }

  /** Where links are chosen: those to these nodes are wanted from now on, and no others. */
  want(nodes: readonly NodeId[]): void {
    const before = this.#wanted;
    this.#wanted = new Set(nodes);
    for (const node of new Set([...before, ...nodes])) {
      if (before.has(node) === this.#wanted.has(node)) continue;
      if (this.#keepers.has(node)) this.#say(node);
      this.#settle(node);
    }
  }

  /** The other node says whether it wants a link. */
  wanted(node: NodeId, isWanted: boolean): void {
    if (isWanted) this.#wantedThere.add(node);
    else this.#wantedThere.delete(node);
    this.#settle(node);
  }

  /** Another node is gone. */
  lost(node: NodeId): void {
    this.#keepers.get(node)?.rest();
    this.#keepers.delete(node);
    this.#wantedThere.delete(node);
    this.#spare.delete(node);
    this.#awake.delete(node);
    this.#open.delete(node);
  }

  /** Signaling may reach nodes again that it did not reach: the links to them that nobody wants end. */
  reach(): void {
    for (const node of this.#spare) if (!this.#isOutOfReach(node)) this.#letGo(node);
  }

  /** The page of another node said something. */
  signalled(node: NodeId, signal: AttemptSignal): void {
    // Whoever has as many links as it may have takes no further ones.
    const isFull = !this.#awake.has(node) && !this.#open.has(node) && this.#isFull;
    if (!this.#isSuspended && !isFull) this.#keepers.get(node)?.signalled(signal);
  }

  /** The worker says that a link carries frames. */
  opened(node: NodeId, attempt: string): void {
    this.#open.set(node, attempt);
    this.#keepers.get(node)?.opened(attempt);
  }

  /** The worker says that a link is gone. */
  closed(node: NodeId, attempt: string, reason: string, refused: boolean): void {
    if (this.#open.get(node) === attempt) this.#open.delete(node);
    // What nobody wants is not dialled again: the other side may have too many.
    if (this.#spare.has(node) && !this.#open.has(node)) this.#letGo(node);
    this.#keepers.get(node)?.closed(attempt, reason, refused);
  }

  /** Whether the link to another node carries frames, and nothing makes one doubt it. */
  isFine(node: NodeId): boolean {
    return this.#keepers.get(node)?.isFine === true;
  }

  /** The page may have slept, or changed its network: does now what would be done later. */
  probe(hasNewNetwork: boolean): void {
    for (const keeper of this.#keepers.values()) keeper.probe(hasNewNetwork);
  }

  /** The page goes away, perhaps to come back: the others are to notice at once. */
  suspend(): void {
    this.#isSuspended = true;
    for (const keeper of this.#keepers.values()) keeper.rest();
  }

  /** The page is back. */
  resume(): void {
    if (!this.#isSuspended) return;
    this.#isSuspended = false;
    if (this.#isRetired) return;
    for (const [node, keeper] of this.#keepers) {
      if (this.#options.isChosen !== true || this.#awake.has(node)) keeper.wake();
    }
  }

  /** Keeps what there is, and begins nothing of its own any more. */
  retire(): void {
    this.#isRetired = true;
    for (const keeper of this.#keepers.values()) keeper.retire();
  }

  /** Ends everything. */
  close(): void {
    for (const node of [...this.#keepers.keys()]) this.lost(node);
    this.#options.transport.close();
  }

  get #isFull(): boolean {
    const links = new Set([...this.#awake, ...this.#open.keys()]);
    return this.#options.isChosen === true && links.size >= LINKS_PER_NODE_MAX;
  }

  #isOutOfReach(node: NodeId): boolean {
    return this.#host.isInReach?.(node) === false;
  }

  /** Another node has come that knows nothing of this node's wishes. */
  #greet(node: NodeId): void {
    if (this.#wanted.has(node)) this.#say(node);
    this.#settle(node);
  }

  #say(node: NodeId): void {
    const isWanted = this.#wanted.has(node);
    this.#host.want?.(node, isWanted);
    if (!isWanted) return;
    // What is said may be lost, and only the side that dials can begin.
    const { clock, timing } = this.#options;
    clock.after(timing.redialMsMax, () => {
      const isMissed = this.#wanted.has(node) && !this.#open.has(node);
      if (isMissed && this.#keepers.has(node) && !this.#isRetired) this.#say(node);
    });
  }

  /** A link stays as long as one of the two wants it, and some stay longer that could not be made again. */
  #settle(node: NodeId): void {
    const keeper = this.#keepers.get(node);
    if (keeper === undefined || this.#isRetired) return;
    const isWanted = this.#wanted.has(node) || this.#wantedThere.has(node);
    if (isWanted) this.#spare.delete(node);
    if (isWanted === this.#awake.has(node)) return;
    if (!isWanted) {
      const isToBeKept = this.#open.has(node) && this.#isOutOfReach(node);
      if (isToBeKept) this.#spare.add(node);
      if (!isToBeKept || this.#spare.size > SPARE_LINKS_MAX) this.#letGo(node);
    } else if (this.#wanted.has(node) || !this.#isFull) {
      this.#awake.add(node);
      if (!this.#isSuspended && !this.#open.has(node)) keeper.wake();
    }
  }

  #letGo(node: NodeId): void {
    this.#spare.delete(node);
    this.#awake.delete(node);
    this.#open.delete(node);
    this.#keepers.get(node)?.rest();
  }

  #hostOf(node: NodeId, other: OtherEnd): KeeperHost {
    const { clock, timing, random, relay, budget, incarnation } = this.#options;
    return {
      clock,
      timing,
      random,
      canRelay: relay !== undefined,
      turn: (begin) => budget.take(begin),
      begin: (attempt, way, isInitiator, events) =>
        this.#begin(node, other, { attempt, way, isInitiator, events }),
      tell: (signal) => this.#host.signal(node, signal),
      log: (level, text) => this.#host.log(level, text),
      nextAttempt: () => ({ incarnation, number: ++this.#attempts }),
    };
  }

  #begin(node: NodeId, other: OtherEnd, { attempt, way, isInitiator, events }: Beginning): Carrier {
    const host = this.#host;
    const { transport, relay } = this.#options;
    const secured = (certificates: Certificates) => host.secured(node, attempt, certificates);
    if (way === 'relay') {
      return relayCarrier(() => relay!(node, attempt, isInitiator), {
        ...events,
        secured,
        ports: (ports) => host.ports(node, attempt, ports),
      });
    }
    return transport.negotiate(
      { isInitiator, attempt, remoteName: other.name },
      {
        ...events,
        secured,
        channels: (channels) => host.channels(node, attempt, channels),
        signal: (data) => host.signal(node, { parley: 'link', attempt, data }),
      },
    );
  }
}

interface Beginning {
  readonly attempt: string;
  readonly way: Way;
  readonly isInitiator: boolean;
  readonly events: CarrierEvents;
}
