/**
 * Signaling through a server where there is one, and between the tabs of this browser where there is none.
 *
 * ```ts
 * const signalings = new NearestHub({ url: signalingUrl(location.href) });
 * const signaling = signalings.connect();    // one for each node; join as with any other
 * await signaling.join({ … });
 * if (signaling.way === 'tabs') say('No server answers: only tabs of this browser can join.');
 * ```
 *
 * It is decided at the join. A server that answers anything at all is the server; one that is lost afterwards is looked for again as ever, and
 * never replaced. Tabs that have found different ways do not meet: those that were opened before the server came have to be reloaded.
 */

import { BroadcastHub, type BroadcastHubOptions } from './broadcast-signaling.ts';
import { SignalingClient, type SignalingClientOptions } from './client.ts';
import { Listeners } from './listeners.ts';
import type { IceServer, MemberDescription } from './protocol.ts';
import {
  SignalingError,
  type JoinRequest,
  type SendOutcome,
  type Signaling,
  type SignalingEvents,
  type SignalingState,
  type Welcome,
} from './signaling.ts';

/** Through a server, or between the tabs of one browser. */
export type SignalingWay = 'server' | 'tabs';

/** Errors that say that there is no server. */
const NO_SERVER: ReadonlySet<string> = new Set(['unreachable', 'no-websocket']);

/** How a server is found, and what is done without. */
export interface NearestHubOptions extends SignalingClientOptions {
  readonly tabs?: BroadcastHubOptions;
}

/** Makes signalings that find their way by themselves. A page has one. */
export class NearestHub {
  readonly #options: NearestHubOptions;
  readonly #signalings = new Set<Signaling>();
  #tabs: BroadcastHub | undefined;

  constructor(options: NearestHubOptions) {
    this.#options = options;
  }

  /** A signaling of its own for one node; it has joined nothing yet. */
  connect(): NearestSignaling {
    const signaling = new NearestSignaling(
      () => new SignalingClient(this.#options),
      // Only when it is needed: a tab that has a server takes no part in choosing a host.
      () => (this.#tabs ??= new BroadcastHub(this.#options.tabs)).connect(),
    );
    this.#signalings.add(signaling);
    signaling.on('state', ({ state }) => {
      if (state === 'closed') this.#signalings.delete(signaling);
    });
    return signaling;
  }

  /** Closes every signaling. */
  close(): void {
    for (const signaling of [...this.#signalings]) signaling.close();
    this.#tabs?.close();
  }
}

/** A {@link Signaling} over whichever way there is. */
export class NearestSignaling implements Signaling {
  readonly #connect: Readonly<Record<SignalingWay, () => Signaling>>;
  readonly #listeners = new Listeners<SignalingEvents>();
  #inner: Signaling;
  #unsubscribe: () => void = () => {};
  #state: SignalingState = 'idle';
  #tried: SignalingWay = 'server';
  #hasJoined = false;

  constructor(connectServer: () => Signaling, connectTabs: () => Signaling) {
    this.#connect = { server: connectServer, tabs: connectTabs };
    this.#inner = this.#take('server');
  }

  /** The way that the join has found; undefined before it did. */
  get way(): SignalingWay | undefined {
    return this.#hasJoined ? this.#tried : undefined;
  }

  get state(): SignalingState {
    return this.#state;
  }

  get you(): MemberDescription | undefined {
    return this.#inner.you;
  }

  get members(): ReadonlyMap<string, MemberDescription> {
    return this.#inner.members;
  }

  get iceServers(): readonly IceServer[] {
    return this.#inner.iceServers;
  }

  async join(request: JoinRequest): Promise<Welcome> {
    if (this.#state !== 'idle') {
      const message = `This signaling has joined, is joining or is closed. (Its state is "${this.#state}".)`;
      throw new SignalingError('wrong-state', message);
    }
    // After a join that came to nothing there may be a server now.
    if (this.#tried !== 'server') this.#inner = this.#take('server');
    try {
      return await this.#joinOver(request);
    } catch (error) {
      if (this.#isClosed()) throw closedEarly();
      if (!isWithoutServer(error)) throw this.#failed(error);
      this.#inner = this.#take('tabs');
      return await this.#joinOver(request).catch((later: unknown) => {
        // Without a server and without other tabs, it is the server that helps.
        throw this.#failed(isWithoutServer(later) ? error : later);
      });
    }
  }

  signal(to: string, payload: unknown): SendOutcome {
    return this.#inner.signal(to, payload);
  }

  broadcast(payload: unknown): SendOutcome {
    return this.#inner.broadcast(payload);
  }

  relay(to: string, data: string): SendOutcome {
    return this.#inner.relay(to, data);
  }

  on<Name extends keyof SignalingEvents>(
    name: Name,
    listener: (event: SignalingEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  close(): void {
    this.#inner.close();
    this.#become({ state: 'closed' });
  }

  async #joinOver(request: JoinRequest): Promise<Welcome> {
    const welcome = await this.#inner.join(request);
    this.#hasJoined = true;
    return welcome;
  }

  /** Listens to another signaling in the place of the present one, which came to nothing. */
  #take(way: SignalingWay): Signaling {
    this.#unsubscribe();
    const inner = this.#connect[way]();
    const names = [
      'joined',
      'left',
      'signal',
      'broadcast',
      'relay',
      'relayDrained',
      'problem',
    ] as const;
    const subscriptions = names.map((name) =>
      inner.on(name, (event) => this.#listeners.emit(name, event as never)),
    );
    subscriptions.push(inner.on('state', (event) => this.#stateOf(event)));
    this.#unsubscribe = () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    };
    this.#tried = way;
    return inner;
  }

  #stateOf(event: SignalingEvents['state']): void {
    // Back to idle is decided by the join: perhaps another way is tried.
    if (event.state !== 'idle') this.#become(event);
  }

  #failed(error: unknown): unknown {
    if (this.#isClosed()) return closedEarly();
    const isError = error instanceof SignalingError;
    this.#become({ state: 'idle', ...(isError && { error }) });
    return error;
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #become(event: SignalingEvents['state']): void {
    if (event.state === this.#state) return;
    this.#state = event.state;
    this.#listeners.emit('state', event);
  }
}

function closedEarly(): SignalingError {
  return new SignalingError('closed', 'Signaling was closed before it had joined.');
}

function isWithoutServer(error: unknown): boolean {
  return error instanceof SignalingError && NO_SERVER.has(error.code);
}
