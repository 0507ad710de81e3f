/**
 * Two pages that keep one link, in the hands of a test: `n1` dials, `n2` accepts. What browsers and workers would do, happens here by a clock
 * that the test drives, over a network that it breaks.
 */

import type { NodeId } from '../../src/core/id.ts';
import { ConnectionBudget } from '../../src/net/rtc/connection-budget.ts';
import type { Ending } from '../../src/net/rtc/transport.ts';
import { Connector } from '../../src/runtime/live/connector.ts';
import { LINK_TIMING } from '../../src/runtime/live/link-timing.ts';
import { isOfAttempt, readSignal } from '../../src/runtime/live/room-signals.ts';
import { HandClock } from './hand-clock.ts';
import {
  FakeRelay,
  FakeTransport,
  OPENING_MS,
  SIGNAL_MS,
  type FakeNegotiation,
} from './link-world-carriers.ts';

/** How a world is made. */
export interface WorldOptions {
  /** Whether the pages can relay through a server. */
  readonly canRelay?: boolean;
  /** Whether a side that dials can look for a new way on the same connection. */
  readonly canRestart?: boolean;
  /** Connections that each page may make within half a minute. */
  readonly tokens?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Whether links are only there where a node wants them. */
  readonly isChosen?: boolean;
}

/** Both pages, and what is between them. */
export class LinkWorld {
  readonly clock = new HandClock();
  readonly options: Required<WorldOptions>;
  readonly dialler: Page;
  readonly accepter: Page;
  /** Whether packets get from one to the other. */
  hasWay = true;
  /** Whether signals do. */
  carriesSignals = true;
  /** Whether signaling itself reaches the other page, or only nodes between them do. */
  isInReach = true;
  /** Whether the server relays. */
  relays = true;
  /** Every signal, as it was sent. */
  readonly signals: { readonly from: NodeId; readonly payload: unknown }[] = [];

  constructor(options: WorldOptions = {}) {
    this.options = {
      canRelay: false,
      canRestart: false,
      tokens: 200,
      random: () => 1,
      isChosen: false,
      ...options,
    };
    this.dialler = new Page('n1', 'n2', this);
    this.accepter = new Page('n2', 'n1', this);
  }

  /** Both pages see each other. */
  meet(): void {
    this.accepter.meet();
    this.dialler.meet();
  }

  /** A world whose link is open. */
  static async connected(options: WorldOptions = {}): Promise<LinkWorld> {
    const world = new LinkWorld(options);
    world.meet();
    await world.clock.advance(50);
    return world;
  }

  other(page: Page): Page {
    return page === this.dialler ? this.accepter : this.dialler;
  }

  /** Packets get through no more; both browsers notice after a while. */
  cut(): void {
    this.hasWay = false;
    for (const page of [this.dialler, this.accepter]) page.live?.doubt(true);
  }

  /** Packets get through again, on connections that are still there. */
  heal(): void {
    this.hasWay = true;
    for (const page of [this.dialler, this.accepter]) page.live?.doubt(false);
  }

  carry(from: Page, payload: unknown): void {
    this.signals.push({ from: from.id, payload });
    if (!this.carriesSignals) return;
    const text = JSON.stringify(payload);
    this.clock.after(SIGNAL_MS, () => this.other(from).hear(JSON.parse(text)));
  }

  /** Both sides take part: if there is a way, the link opens. */
  open(attempt: string, way: 'direct' | 'relay'): void {
    const isPossible = () => (way === 'direct' ? this.hasWay : this.relays);
    if (!isPossible()) return;
    this.clock.after(OPENING_MS, () => {
      const pages = [this.dialler, this.accepter];
      const isThere = pages.every((page) => page.carries(attempt));
      if (isThere && isPossible()) for (const page of pages) page.opened(attempt);
    });
  }
}

/** One page. */
export class Page {
  readonly id: NodeId;
  readonly connector: Connector;
  /** What was logged, as `level: text`. */
  readonly logs: string[] = [];
  /** What the worker was told, in order: `channels 1.1`, `ports 1.3`, `secured 1.1`. */
  readonly told: string[] = [];
  /** Attempts whose links opened, in order. */
  readonly openings: string[] = [];
  /** Every negotiation that was begun, in order. */
  readonly negotiations: FakeNegotiation[] = [];
  readonly relays: FakeRelay[] = [];
  /** What becomes of a negotiation as soon as it is begun. */
  refusal: Ending | undefined;
  readonly #peer: NodeId;

  constructor(id: NodeId, peer: NodeId, world: LinkWorld) {
    this.id = id;
    this.#peer = peer;
    const { clock, options } = world;
    const relay = (_: NodeId, attempt: string, isInitiator: boolean) => {
      const made = new FakeRelay(attempt);
      this.relays.push(made);
      if (!isInitiator) world.open(attempt, 'relay');
      return made;
    };
    this.connector = new Connector(
      {
        incarnation: 1,
        links: new Map([[peer, id === 'n1' ? 'dial' : 'accept']]),
        isChosen: options.isChosen,
        transport: new FakeTransport(this, world),
        relay: options.canRelay ? relay : undefined,
        budget: new ConnectionBudget(clock, options.tokens),
        clock,
        timing: LINK_TIMING,
        random: options.random,
      },
      {
        channels: (_, attempt) => this.told.push(`channels ${attempt}`),
        ports: (_, attempt) => this.told.push(`ports ${attempt}`),
        secured: (_, attempt) => this.told.push(`secured ${attempt}`),
        signal: (_, signal) => world.carry(this, { ...signal, runId: 'run' }),
        want: (_, isWanted) => world.carry(this, { parley: 'want', isWanted, runId: 'run' }),
        isInReach: () => world.isInReach,
        log: (level, text) => this.logs.push(`${level}: ${text}`),
      },
    );
  }

  /** Sees the other page, in an incarnation of its node. */
  meet(incarnation = 1): void {
    this.connector.met(this.#peer, { name: `transport-of-${this.#peer}`, incarnation });
  }

  /** Hears a signal. */
  hear(payload: unknown): void {
    const signal = readSignal(payload, 'run');
    if (signal === undefined) return;
    if (signal.parley === 'want') this.connector.wanted(this.#peer, signal.isWanted);
    else if (isOfAttempt(signal)) this.connector.signalled(this.#peer, signal);
  }

  /** The worker says that a link carries frames. */
  opened(attempt: string): void {
    this.openings.push(attempt);
    const negotiation = this.negotiations.find(({ request }) => request.attempt === attempt);
    negotiation?.secure();
    this.connector.opened(this.#peer, attempt);
  }

  /** The worker says that a link is gone. */
  linkClosed(attempt: string, reason: string, refused = false): void {
    this.connector.closed(this.#peer, attempt, reason, refused);
  }

  /** Names of the attempts that were begun, in order. */
  get attempts(): string[] {
    return this.negotiations.map(({ request }) => request.attempt);
  }

  /** The newest negotiation that is not closed. */
  get live(): FakeNegotiation | undefined {
    return this.negotiations.findLast(({ isClosed }) => !isClosed);
  }

  carries(attempt: string): boolean {
    const negotiation = this.negotiations.find(({ request }) => request.attempt === attempt);
    const relayed = this.relays.find(({ name }) => name === attempt);
    return negotiation?.isClosed === false || relayed?.isClosed === false;
  }
}
