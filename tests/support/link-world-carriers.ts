/** What carries links in a {@link LinkWorld}: connections and relays that exist in the test alone. */

import { eachClass, type Channels } from '../../src/net/channel.ts';
import { closed } from '../../src/net/rtc/endings.ts';
import type {
  Certificates,
  Ending,
  Negotiation,
  NegotiationEvents,
  NegotiationRequest,
  Transport,
} from '../../src/net/rtc/transport.ts';
import type { RelayedLink } from '../../src/runtime/live/carrier.ts';
import { deferred } from './deferred.ts';
import type { LinkWorld, Page } from './link-world.ts';

/** Milliseconds of a signal, and of a connection once both sides know each other. */
export const SIGNAL_MS = 1;
export const OPENING_MS = 10;

const CERTIFICATES: Certificates = { own: new Uint8Array(32), other: new Uint8Array(32) };

/** Negotiates for one page. */
export class FakeTransport implements Transport {
  readonly #page: Page;
  readonly #world: LinkWorld;

  constructor(page: Page, world: LinkWorld) {
    this.#page = page;
    this.#world = world;
  }

  negotiate(request: NegotiationRequest, events: NegotiationEvents): Negotiation {
    const negotiation = new FakeNegotiation(request, events, this.#page, this.#world);
    this.#page.negotiations.push(negotiation);
    negotiation.begin();
    return negotiation;
  }

  close(): void {}
}

/** One side of a connection that exists in the test alone. */
export class FakeNegotiation implements Negotiation {
  readonly request: NegotiationRequest;
  readonly events: NegotiationEvents;
  /** What the other side signalled, in order. */
  readonly heard: unknown[] = [];
  restarts = 0;
  isAnswered = false;
  isClosed = false;
  #isSecured = false;
  readonly #page: Page;
  readonly #world: LinkWorld;

  constructor(
    request: NegotiationRequest,
    events: NegotiationEvents,
    page: Page,
    world: LinkWorld,
  ) {
    this.request = request;
    this.events = events;
    this.#page = page;
    this.#world = world;
  }

  begin(): void {
    const { refusal } = this.#page;
    if (refusal !== undefined) {
      this.#world.clock.after(0, () => this.fail(refusal));
      return;
    }
    this.events.channels({} as Channels<RTCDataChannel>);
    if (this.request.isInitiator) this.events.signal('offer');
  }

  signal(data: unknown): void {
    this.heard.push(data);
    if (this.isClosed || (data !== 'offer' && data !== 'answer')) return;
    this.isAnswered = true;
    if (data !== 'offer') return;
    this.events.signal('answer');
    this.#world.open(this.request.attempt, 'direct');
  }

  restart(): boolean {
    if (this.isClosed || !this.request.isInitiator || !this.#world.options.canRestart) return false;
    this.restarts++;
    if (this.#world.hasWay) this.#world.clock.after(OPENING_MS, () => this.#world.heal());
    return true;
  }

  close(): void {
    this.fail(closed('the connection was closed'));
  }

  /** The connection is up. */
  secure(): void {
    this.#isSecured = true;
    this.events.secured(CERTIFICATES);
  }

  /** The browser says that the way is in doubt, or good again. */
  doubt(isDoubtful: boolean): void {
    if (!this.isClosed) this.events.doubtful(isDoubtful);
  }

  /** The connection is gone; the other side notices if it was up, and there is a way. */
  fail(ending: Ending): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { clock, hasWay } = this.#world;
    clock.after(0, () => this.events.closed(ending));
    const twin = this.#world
      .other(this.#page)
      .negotiations.find(({ request }) => request.attempt === this.request.attempt);
    if (hasWay && this.#isSecured)
      clock.after(SIGNAL_MS, () => twin?.fail(closed('the other side closed it')));
  }
}

/** One end of a relay that exists in the test alone. */
export class FakeRelay implements RelayedLink {
  readonly name: string;
  readonly ports = eachClass(() => ({}) as MessagePort);
  readonly secured = Promise.resolve(CERTIFICATES);
  readonly #closed = deferred<string>();
  isClosed = false;

  constructor(name: string) {
    this.name = name;
  }

  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  close(): void {
    this.fail('the relay was closed');
  }

  fail(reason: string): void {
    this.isClosed = true;
    this.#closed.resolve(reason);
  }
}
