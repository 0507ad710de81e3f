/** A place in the cluster of a room: links to the other nodes, a store, and who is there. */

import type { NodeId } from '../../../core/id.ts';
import type { LogLevel, Signer, Store } from '../../../core/ports.ts';
import { fastestSigner, keyPairFrom } from '../../../net/ed25519.ts';
import type { Network } from '../../../net/parcels/network.ts';
import { Plug } from '../../../net/parcels/plug.ts';
import type { MemberDescription } from '../../../net/signaling/protocol.ts';
import type { Signaling, SignalingState } from '../../../net/signaling/signaling.ts';
import type { EarlySignal } from '../../../runtime/live/early-signals.ts';
import { HostedNode, type WorkerEnd } from '../../../runtime/live/hosted-node.ts';
import { relayBetween } from '../../../runtime/live/relay-between.ts';
import { ParcelLinks, type ToLinks } from '../../../runtime/live/parcel-links.ts';
import type { FromWorker, LiveSeat, ToWorker } from '../../../runtime/live/worker-protocol.ts';
import { memberNodeOf, seatOf, type RoomPlan } from './room-plan.ts';
import type { Seat } from './seat.ts';
import { steadyClock, type SteadyClock } from './steady-clock.ts';

/** What a tab sees of the room. */
export interface RoomView {
  readonly code: string;
  readonly id: NodeId;
  /** Whose tabs are there, as signaling has it; this node included. */
  readonly present: readonly NodeId[];
  /** To whom there is a proven link. */
  readonly linked: readonly NodeId[];
  /** Where this tab stands with the signaling server; links live on without it. */
  readonly signaling: SignalingState;
}

/** One node's place. */
export class RoomPlace {
  readonly id: NodeId;
  readonly clock: SteadyClock;
  readonly #seat: Seat;
  readonly #plan: RoomPlan;
  readonly #signaling: Signaling;
  readonly #links: ParcelLinks;
  readonly #plug: Plug;
  readonly #listeners = new Set<() => void>();
  readonly #subscriptions: (() => void)[];
  #hosted: HostedNode<null> | undefined;
  #log: ((level: LogLevel, text: string) => void) | undefined;
  #superseded: (() => void) | undefined;

  private constructor(seat: Seat, signaling: Signaling, plan: RoomPlan, links: ParcelLinks) {
    this.id = seat.id;
    this.clock = steadyClock();
    this.#seat = seat;
    this.#plan = plan;
    this.#signaling = signaling;
    this.#links = links;
    this.#plug = new Plug(links);
    this.#subscriptions = [
      signaling.on('joined', ({ member, node }) => {
        // Newcomers have to know whose places there are before they can have one.
        if (seatOf(plan, node) !== undefined) signaling.signal(member, this.#roster());
        this.#changed();
      }),
      signaling.on('left', () => this.#changed()),
      signaling.on('state', ({ state, error }) => {
        if (state === 'closed' && error !== undefined) this.#superseded?.();
        this.#changed();
      }),
    ];
  }

  /** Makes the links; called by `enterRoom`. */
  static async make(
    seat: Seat,
    signaling: Signaling,
    plan: RoomPlan,
    earlySignals: readonly EarlySignal[],
  ): Promise<RoomPlace> {
    const liveSeat: LiveSeat = {
      ...{ id: seat.id, room: plan.code, frameAuth: 'link', restarted: false, trace: false },
      ...{ incarnation: seat.identity.incarnation, secretKey: seat.identity.secretKey },
      startedAtMs: performance.timeOrigin,
      ...(plan.membershipKey === undefined ? {} : { membershipKey: plan.membershipKey }),
    };
    const end = new LinksEnd();
    const links = await ParcelLinks.make(
      { ...liveSeat, runId: plan.runId },
      plan.ids.filter((id) => id !== seat.id),
      { report: (message) => end.report(message), changed: () => place.#changed() },
    );
    const place = new RoomPlace(seat, signaling, plan, links);
    end.links = links;
    place.#host(liveSeat, end, earlySignals);
    signaling.broadcast(place.#roster());
    return place;
  }

  /** How the node reaches the others. */
  get network(): Network {
    return this.#plug;
  }

  /** Where the node stores term, vote and log. */
  get store(): Store {
    return this.#seat.storage.journal('raft');
  }

  /** Where a layer of the node stores what it knows, by its path. It writes much and reads once, when it starts. */
  storeOf(path: string): Store {
    return this.#seat.storage.journal(path);
  }

  /** Signs as this node, and knows the keys that the others' places belong to. */
  signer(): Promise<Signer> {
    const { identity, roster } = this.#seat;
    return fastestSigner(keyPairFrom(identity.secretKey), (id) => roster.keyOf(id));
  }

  /** Names the cluster: signatures of another prove nothing here. */
  get group(): string {
    return `${this.#plan.code} ${this.#plan.runId}`;
  }

  /** Only members of a closed room can know it. */
  get membershipKey(): Uint8Array | undefined {
    return this.#plan.membershipKey;
  }

  get view(): RoomView {
    const members = [...this.#signaling.members.values()];
    const present = new Set(members.map((member) => this.#nodeOf(member)));
    const { code, ids } = this.#plan;
    return {
      ...{ code, id: this.id, linked: ids.filter((id) => this.#links.linked.has(id)) },
      present: ids.filter((id) => id === this.id || present.has(id)),
      signaling: this.#signaling.state,
    };
  }

  /** Whether it is none of those with whom the cluster was founded. */
  isGuest(id: NodeId): boolean {
    return !this.#plan.members.includes(id);
  }

  /** Calls back when the view has changed. Returns how to end it. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Where it says what happens to its links, and what is done when another tab has taken its place. */
  attach(log: (level: LogLevel, text: string) => void, superseded: () => void): void {
    this.#log = log;
    this.#superseded = superseded;
  }

  /** Nothing gets through from here to these nodes, until it is called again: a fault to try things with. */
  cut(nodes: readonly NodeId[]): void {
    this.#hosted?.cut(nodes);
  }

  /** Pulls this tab's own cable, or plugs it in again: nothing gets through either way. A fault to try things with. */
  unplug(isUnplugged: boolean): void {
    this.#plug.pull(isUnplugged ? this.#plan.ids : []);
  }

  /** Leaves the room. The place stays this browser's. */
  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#listeners.clear();
    this.#hosted?.close();
    this.#signaling.close();
    this.clock.close();
    this.#seat.close();
  }

  #host(liveSeat: LiveSeat, end: LinksEnd, earlySignals: readonly EarlySignal[]): void {
    const { ids, runId } = this.#plan;
    const own = ids.indexOf(this.id);
    const signaling = this.#signaling;
    const isNode = (member: MemberDescription, node: NodeId): boolean =>
      member.node === memberNodeOf(this.#plan, node);
    this.#hosted = new HostedNode<null>({
      ...{ spec: null, seat: liveSeat, runId, startupDelayMs: 0, seats: new Map(), earlySignals },
      ...{ signaling, member: this.#seat.identity.member, link: 'native' },
      links: new Map(
        ids.flatMap((id, at) => (at === own ? [] : [[id, own < at ? 'dial' : 'accept'] as const])),
      ),
      get iceServers() {
        return signaling.iceServers;
      },
      relay: relayBetween(signaling, isNode),
      nodeOf: (member) => this.#nodeOf(member),
      createWorker: () => end.begin(),
      report: (message) => {
        if (message.kind === 'log') this.#log?.(message.level, message.text);
      },
    });
  }

  /** The node that a member is, if it has the key with which the cluster knows it. */
  #nodeOf({ node, publicKey }: MemberDescription): NodeId | undefined {
    const id = seatOf(this.#plan, node);
    if (id === undefined || publicKey === undefined) return undefined;
    return this.#seat.roster.admits(id, publicKey) ? id : undefined;
  }

  #roster(): unknown {
    return this.#seat.roster.signal(this.#plan.runId);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Where a live run has a worker, a place has its links in the page itself. */
class LinksEnd implements WorkerEnd {
  links: ParcelLinks | undefined;
  onmessage: WorkerEnd['onmessage'] = null;
  onerror: WorkerEnd['onerror'] = null;

  /** When somebody listens. */
  begin(): this {
    this.report({ kind: 'loaded' });
    return this;
  }

  postMessage(message: ToWorker<null>): void {
    if (message.kind === 'start') this.report({ kind: 'started' });
    else this.links!.take(message as ToLinks);
  }

  terminate(): void {
    this.links?.close();
  }

  /** As from a worker: never within the call that led to it. */
  report(data: FromWorker): void {
    queueMicrotask(() => this.onmessage?.call(this as never, { data } as MessageEvent));
  }
}
