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
 * It is decided at the join: a server that answers anything at all is the server. One that is lost is looked for again as ever, and meanwhile
 * the tabs are a door: whoever comes without a server meets those of this browser who had one. Whoever has begun between tabs goes on looking
 * for the server, so in the end all meet again.
 */

import { BroadcastHub, type BroadcastHubOptions } from './broadcast-signaling.ts';
import { SignalingClient, type SignalingClientOptions } from './client.ts';
import { Backoff } from './backoff.ts';
import { BothWays, type SignalingWay } from './both-ways.ts';
import { Listeners } from './listeners.ts';
import type { IceServer, MemberDescription } from './protocol.ts';
import type { RosterChange } from './roster.ts';
import {
  SignalingError,
  type JoinRequest,
  type SendOutcome,
  type Signaling,
  type SignalingEvents,
  type SignalingState,
  type Welcome,
} from './signaling.ts';

/** Errors that say that there is no server. */
const NO_SERVER: ReadonlySet<string> = new Set(['unreachable', 'no-websocket']);

/** How long to wait with the other way, in milliseconds. */
export interface NearestTiming {
  /** After the server was lost, until the tabs are asked: most losses are over by then. As long it is until they are left again. */
  readonly doorMs: number;
  /** The longest wait before the server is looked for once more by whoever joined between tabs; the first is a tenth. */
  readonly seekMsMax: number;
}

/** The times when nothing else is said. */
export const NEAREST_TIMING: NearestTiming = { doorMs: 2_000, seekMsMax: 30_000 };

/** How a server is found, and what is done without. */
export interface NearestHubOptions extends SignalingClientOptions {
  readonly tabs?: BroadcastHubOptions;
  readonly nearest?: Partial<NearestTiming>;
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
      this.#options.nearest,
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
  readonly #timing: NearestTiming;
  readonly #seeking: Backoff;
  readonly #listeners = new Listeners<SignalingEvents>();
  readonly #members = new BothWays();
  /** What there is of each way; the server may not have been found. */
  readonly #ways = new Map<SignalingWay, { readonly signaling: Signaling; leave(): void }>();
  #request: JoinRequest | undefined;
  #state: SignalingState = 'idle';
  /** The way whose state is this one's. */
  #tried: SignalingWay = 'server';
  #hasJoined = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    connectServer: () => Signaling,
    connectTabs: () => Signaling,
    timing: Partial<NearestTiming> = {},
  ) {
    this.#connect = { server: connectServer, tabs: connectTabs };
    this.#timing = { ...NEAREST_TIMING, ...timing };
    const { seekMsMax } = this.#timing;
    const random = () => Math.random();
    this.#seeking = new Backoff({ delayMsMin: seekMsMax / 10, delayMsMax: seekMsMax, random });
    this.#take('server');
  }

  /** The way that it has joined; undefined before it did. */
  get way(): SignalingWay | undefined {
    return this.#hasJoined ? this.#tried : undefined;
  }

  get state(): SignalingState {
    return this.#state;
  }

  get you(): MemberDescription | undefined {
    return this.#main.you;
  }

  get members(): ReadonlyMap<string, MemberDescription> {
    return this.#members.members;
  }

  get iceServers(): readonly IceServer[] {
    return this.#main.iceServers;
  }

  async join(request: JoinRequest): Promise<Welcome> {
    if (this.#state !== 'idle') {
      const message = `This signaling has joined, is joining or is closed. (Its state is "${this.#state}".)`;
      throw new SignalingError('wrong-state', message);
    }
    this.#request = request;
    // After a join that came to nothing there may be a server now.
    if (this.#tried !== 'server') this.#leave('tabs');
    this.#take('server');
    try {
      return await this.#joinOver('server', request);
    } catch (error) {
      if (this.#isClosed()) throw closedEarly();
      if (!isWithoutServer(error)) throw this.#failed(error);
      this.#take('tabs');
      return await this.#joinOver('tabs', request).catch((later: unknown) => {
        // Without a server and without other tabs, it is the server that helps.
        throw this.#failed(isWithoutServer(later) ? error : later);
      });
    }
  }

  signal(to: string, payload: unknown): SendOutcome {
    return this.#wayTo(to).signal(to, payload);
  }

  broadcast(payload: unknown): SendOutcome {
    const { signaling } = this.#ways.get('tabs') ?? {};
    // Whoever is on both ways may hear it twice, once the server is back; whoever is on one must not miss it.
    if (this.#tried === 'server' && signaling?.state === 'joined') signaling.broadcast(payload);
    return this.#main.broadcast(payload);
  }

  relay(to: string, data: string): SendOutcome {
    return this.#main.relay(to, data);
  }

  on<Name extends keyof SignalingEvents>(
    name: Name,
    listener: (event: SignalingEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { signaling } of [...this.#ways.values()]) signaling.close();
    this.#members.clear();
    this.#become({ state: 'closed' });
  }

  get #main(): Signaling {
    return this.#ways.get(this.#tried)!.signaling;
  }

  /** The server carries everything that it can carry now; between tabs goes what it cannot. */
  #wayTo(member: string): Signaling {
    const tabs = this.#ways.get('tabs')?.signaling;
    if (tabs?.state !== 'joined' || !this.#members.isReached(member, 'tabs')) return this.#main;
    const isServed = this.#main.state === 'joined' && this.#members.isReached(member, 'server');
    return isServed ? this.#main : tabs;
  }

  async #joinOver(way: SignalingWay, request: JoinRequest): Promise<Welcome> {
    const welcome = await this.#ways.get(way)!.signaling.join(request);
    this.#members.clear();
    for (const member of welcome.members) this.#members.came(way, member);
    this.#hasJoined = true;
    if (way === 'tabs') this.#seekLater();
    return welcome;
  }

  // The way that was not taken at first.

  #seekLater(): void {
    this.#later(this.#seeking.nextDelayMs(), () => void this.#seek());
  }

  /** Joins the server as well, should there be one by now. */
  async #seek(): Promise<void> {
    const server = this.#connect.server();
    const welcome = await this.#joinAs(server);
    if (this.#isClosed() || this.#state === 'idle') return server.close();
    if (!(welcome instanceof SignalingError)) {
      this.#listen('server', server);
      this.#tried = 'server';
      for (const member of welcome.members) this.#tell(this.#members.came('server', member));
      return this.#closeDoor();
    }
    server.close();
    if (isWithoutServer(welcome)) return this.#seekLater();
    // Somebody has its place there: it stays with the tabs, and says so.
    return this.#listeners.emit('problem', welcome);
  }

  /** The server is lost: whoever comes without it is to meet this one. */
  async #openDoor(): Promise<void> {
    if (this.#ways.has('tabs') || this.#state !== 'reconnecting') return;
    this.#listen('tabs', this.#connect.tabs());
    const { signaling } = this.#ways.get('tabs')!;
    const welcome = await this.#joinAs(signaling);
    if (this.#isClosed()) return signaling.close();
    if (welcome instanceof SignalingError) {
      this.#leave('tabs');
      if (this.#state === 'reconnecting') this.#openDoorLater();
      return undefined;
    }
    for (const member of welcome.members) this.#tell(this.#members.came('tabs', member));
    return this.#closeDoor();
  }

  #openDoorLater(): void {
    this.#later(this.#timing.doorMs, () => void this.#openDoor());
  }

  /** The tabs are left when the server has everybody, and the others have had time to see it. */
  #closeDoor(): void {
    if (!this.#isDoorIdle) return;
    this.#later(this.#timing.doorMs, () => {
      if (this.#isDoorIdle) this.#leave('tabs');
    });
  }

  get #isDoorIdle(): boolean {
    const isServed = this.#tried === 'server' && this.#state === 'joined';
    return isServed && this.#ways.has('tabs') && !this.#members.needsTabs;
  }

  async #joinAs(signaling: Signaling): Promise<Welcome | SignalingError> {
    const { create: _create, ...request } = this.#request!;
    try {
      return await signaling.join(request);
    } catch (error) {
      if (error instanceof SignalingError) return error;
      throw error;
    }
  }

  #later(delayMs: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, delayMs);
  }

  // What the ways tell.

  /** Listens to another signaling in the place of the present one, which came to nothing. */
  #take(way: SignalingWay): void {
    const { signaling } = this.#ways.get(way) ?? {};
    if (signaling?.state !== 'idle') {
      this.#leave(way);
      this.#listen(way, this.#connect[way]());
    }
    this.#tried = way;
  }

  #leave(way: SignalingWay): void {
    const left = this.#ways.get(way);
    if (left === undefined) return;
    left.leave();
    this.#ways.delete(way);
    this.#members.forget(way);
    left.signaling.close();
  }

  #listen(way: SignalingWay, signaling: Signaling): void {
    const names = ['signal', 'broadcast', 'relay', 'relayDrained', 'problem'] as const;
    const subscriptions = names.map((name) =>
      signaling.on(name, (event) => this.#listeners.emit(name, event as never)),
    );
    subscriptions.push(
      signaling.on('joined', (member) => {
        this.#tell(this.#members.came(way, member));
        this.#closeDoor();
      }),
      signaling.on('left', (event) => {
        this.#tell(this.#members.left(way, event));
        this.#closeDoor();
      }),
      signaling.on('state', (event) => this.#stateOf(way, event)),
    );
    const leave = () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    };
    this.#ways.set(way, { signaling, leave });
  }

  #tell(changes: readonly RosterChange[]): void {
    for (const change of changes) this.#listeners.emit(change.name, change.event);
  }

  #stateOf(way: SignalingWay, event: SignalingEvents['state']): void {
    // Back to idle is decided by the join: perhaps another way is tried. Of the spare way nobody has to hear.
    if (way !== this.#tried || event.state === 'idle') return;
    this.#become(event);
    if (event.state === 'closed') return this.close();
    if (way !== 'server') return;
    if (event.state === 'reconnecting') this.#openDoorLater();
    else if (event.state === 'joined') this.#closeDoor();
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
