/**
 * Signaling between the tabs of one browser, without a server. One of the tabs hosts the rooms with a server's switchboard, the others speak
 * to it over BroadcastChannels as they would to a server, and so does it itself. When it is closed, another takes over: for the members
 * that is a server that was restarted, and none of them leaves because of it.
 *
 * ```ts
 * const tabs = new BroadcastHub();
 * const signaling = tabs.connect();      // one for each node; join as with any other
 * ```
 */

import { newTabId, TabBus, type BusMessage } from './broadcast-signaling-bus.ts';
import {
  LockElection,
  TalkElection,
  type Election,
  type ElectionHost,
} from './broadcast-signaling-election.ts';
import { BroadcastHost } from './broadcast-signaling-host.ts';
import { BroadcastSocket, type SocketContext } from './broadcast-signaling-socket.ts';
import { BROADCAST_TIMING, type BroadcastTiming } from './broadcast-signaling-timing.ts';
import { SignalingClient } from './client.ts';
import { ROOMS_LIMITS, type RoomsLimits } from './room-directory.ts';
import type { Signaling } from './signaling.ts';
import type { SignalingTiming } from './timing.ts';

/** What may be set on a hub. */
export interface BroadcastHubOptions {
  /** Tabs with the same name share their rooms. */
  readonly name?: string;
  readonly limits?: Partial<RoomsLimits>;
  readonly timing?: Partial<BroadcastTiming & SignalingTiming>;
  /** Where `pagehide` and `pageshow` are dispatched; by default the page's window, if any. */
  readonly page?: EventTarget;
  /** The browser's locks; by default its own, where it has some. `null` to do without. */
  readonly locks?: LockManager | null;
}

/** One tab's part in the rooms of its browser. */
export class BroadcastHub {
  readonly #name: string;
  readonly #tab = newTabId();
  readonly #limits: RoomsLimits;
  readonly #timing: BroadcastTiming;
  readonly #clientTiming: Partial<SignalingTiming>;
  readonly #page: EventTarget | undefined;
  readonly #locks: LockManager | null;
  readonly #bus: TabBus;
  readonly #clients = new Set<Signaling>();
  readonly #sockets = new Set<BroadcastSocket>();
  /** Tells the clients of this tab that it is no use to wait longer. */
  readonly #wakeEvents = new EventTarget();
  readonly #hide = (): void => this.#suspend();
  readonly #show = (): void => this.#resume();
  #election: Election | undefined;
  #host: BroadcastHost | undefined;
  #isClosed = false;

  constructor(options: BroadcastHubOptions = {}) {
    this.#name = options.name ?? 'rooms';
    this.#limits = { ...ROOMS_LIMITS, ...options.limits };
    this.#timing = { ...BROADCAST_TIMING, ...options.timing };
    // A socket to a tab has a pulse of its own, which also finds another host; the client is not to give it up before.
    this.#clientTiming = { ...options.timing, questionsMax: Infinity };
    this.#page = options.page ?? environmentEvents();
    this.#locks = options.locks === undefined ? environmentLocks() : options.locks;
    this.#bus = new TabBus(this.#name, (message) => this.#heard(message));
    this.#page?.addEventListener('pagehide', this.#hide);
    this.#page?.addEventListener('pageshow', this.#show);
    this.#elect();
  }

  /** Whether this tab hosts the rooms. */
  get isHost(): boolean {
    return this.#host !== undefined;
  }

  /** A signaling of its own for one node; it has joined nothing yet. */
  connect(): Signaling {
    const context = this.#socketContext();
    const sockets = this.#sockets;
    const client = new SignalingClient({
      url: `tabs:${this.#name}`,
      timing: this.#clientTiming,
      wakeEvents: this.#wakeEvents,
      webSocket: class extends BroadcastSocket {
        constructor() {
          super(context);
          sockets.add(this);
        }
      },
    });
    if (this.#isClosed) {
      client.close();
      return client;
    }
    this.#clients.add(client);
    client.on('state', ({ state }) => {
      if (state === 'closed') this.#clients.delete(client);
    });
    return client;
  }

  /** Closes every signaling of this tab. The rooms go on in another one. */
  close(): void {
    if (this.#isClosed) return;
    for (const client of [...this.#clients]) client.close();
    this.#suspend();
    this.#isClosed = true;
    this.#page?.removeEventListener('pagehide', this.#hide);
    this.#page?.removeEventListener('pageshow', this.#show);
    this.#bus.close();
  }

  #socketContext(): SocketContext {
    return {
      name: this.#name,
      timing: this.#timing,
      open: (socket) => this.#bus.post({ say: 'open', socket }),
      suspect: (host) => this.#election?.suspect(host),
      ended: (socket, hostIsGone) => this.#socketEnded(socket, hostIsGone),
    };
  }

  #heard(message: BusMessage): void {
    if (message.say === 'open') this.#host?.accept(message.socket);
    else if (message.say === 'who') this.#announce();
    else if (message.say === 'host') this.#hostIs(message.tab);
    this.#election?.heard(message);
  }

  #hostIs(tab: string): void {
    for (const socket of [...this.#sockets]) socket.hostIs(tab);
  }

  #socketEnded(socket: BroadcastSocket, hostIsGone: boolean): void {
    this.#sockets.delete(socket);
    // Its client need not wait before it tries again: another socket waits for the next host by itself.
    if (hostIsGone && this.#election !== undefined)
      this.#wakeEvents.dispatchEvent(new Event('online'));
  }

  // Hosting.

  #elect(): void {
    const host = this.#electionHost();
    this.#election =
      this.#locks === null
        ? new TalkElection(this.#timing, host)
        : new LockElection(this.#locks, this.#name, host);
  }

  #electionHost(): ElectionHost {
    return {
      tab: this.#tab,
      post: (message) => this.#bus.post(message),
      announce: () => this.#announce(),
      elected: () => this.#beginHosting(),
      deposed: () => this.#endHosting(),
      failed: () => {
        this.#election = new TalkElection(this.#timing, this.#electionHost());
      },
    };
  }

  #beginHosting(): void {
    this.#host = new BroadcastHost({
      name: this.#name,
      tab: this.#tab,
      limits: this.#limits,
      timing: this.#timing,
    });
    this.#announce();
  }

  #announce(): void {
    if (this.#host !== undefined) this.#bus.post({ say: 'host', tab: this.#tab });
  }

  #endHosting(): void {
    this.#host?.close();
    this.#host = undefined;
  }

  /** This tab is closed, or put away by the browser: while it can still speak, it says so. */
  #suspend(): void {
    const election = this.#election;
    if (election === undefined) return;
    this.#election = undefined;
    // Of its own members a host will hear nothing more, those included that have just left.
    this.#host?.dismiss([...this.#sockets].map((socket) => socket.id));
    for (const socket of [...this.#sockets]) socket.abandon();
    if (this.#host !== undefined) {
      this.#endHosting();
      this.#bus.post({ say: 'gone', tab: this.#tab });
    }
    election.close();
  }

  /** The browser has brought the tab back. */
  #resume(): void {
    if (this.#election !== undefined || this.#isClosed) return;
    this.#elect();
    this.#wakeEvents.dispatchEvent(new Event('pageshow'));
  }
}

function environmentEvents(): EventTarget | undefined {
  return typeof globalThis.addEventListener === 'function' ? globalThis : undefined;
}

function environmentLocks(): LockManager | null {
  const { navigator } = globalThis as { navigator?: { locks?: LockManager } };
  return navigator?.locks ?? null;
}
