/**
 * Signaling for one node of a run: the members that it sees are the other seats, with the keys that the manifest gives them. So a page holds
 * several nodes under one membership, and no server can put another key in the place of a seat's.
 */

import { Listeners } from '../../net/signaling/listeners.ts';
import type { IceServer, MemberDescription } from '../../net/signaling/protocol.ts';
import {
  SignalingError,
  type Departure,
  type SendOutcome,
  type Signaling,
  type SignalingEvents,
  type SignalingState,
  type Welcome,
} from '../../net/signaling/signaling.ts';
import type { Seat } from './messages.ts';

/** What travels between two nodes' pages, as a signal from member to member. */
export interface SeatSignal {
  readonly parley: 'seat';
  readonly runId: string;
  readonly from: string;
  readonly to: string;
  readonly data: unknown;
}

/** Reads a signal between nodes; undefined when it is none. */
export function readSeatSignal(payload: unknown): SeatSignal | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { parley, runId, from, to, data } = payload as Record<string, unknown>;
  if (parley !== 'seat') return undefined;
  if (typeof runId !== 'string' || typeof from !== 'string' || typeof to !== 'string') {
    return undefined;
  }
  return { parley, runId, from, to, data };
}

/** The name under which a node sees another. */
export function seatName({ member, node }: Pick<Seat, 'member' | 'node'>): string {
  return `${member}/${node}`;
}

/** The room's signaling, as one seat of a run sees it. Seats come and go with their members. */
export class SeatSignaling implements Signaling {
  readonly #inner: Signaling;
  readonly #runId: string;
  readonly #own: Seat;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #listeners = new Listeners<SignalingEvents>();
  readonly #present = new Map<string, MemberDescription>();
  readonly #gone = new Set<string>();
  readonly #subscriptions: (() => void)[];

  /** `isWelcome` says of a member whether its nodes are to be seen. */
  constructor(
    inner: Signaling,
    runId: string,
    own: Seat,
    seats: readonly Seat[],
    isWelcome: (member: string) => boolean,
  ) {
    this.#inner = inner;
    this.#runId = runId;
    this.#own = own;
    this.#seats = new Map(
      seats.filter(({ node }) => node !== own.node).map((seat) => [seatName(seat), seat]),
    );
    this.#subscriptions = [
      inner.on('joined', (member) => {
        if (isWelcome(member.member)) this.#came(member);
      }),
      inner.on('left', (departure) => this.#left(departure)),
      inner.on('state', (event) => this.#listeners.emit('state', event)),
    ];
    for (const member of [
      ...inner.members.values(),
      ...(inner.you === undefined ? [] : [inner.you]),
    ]) {
      if (isWelcome(member.member)) this.#came(member);
    }
  }

  get state(): SignalingState {
    return this.#inner.state;
  }

  get you(): MemberDescription | undefined {
    const { you } = this.#inner;
    return you && this.#described(this.#own, you);
  }

  get members(): ReadonlyMap<string, MemberDescription> {
    return this.#present;
  }

  get iceServers(): readonly IceServer[] {
    return this.#inner.iceServers;
  }

  async join(): Promise<Welcome> {
    throw new SignalingError('wrong-state', 'a seat has joined with its member');
  }

  signal(to: string, payload: unknown): SendOutcome {
    const seat = this.#seats.get(to);
    if (seat === undefined) return 'closed';
    const signal: SeatSignal = {
      ...{ parley: 'seat', runId: this.#runId, from: this.#own.node, to: seat.node },
      data: payload,
    };
    return this.#inner.signal(seat.member, signal);
  }

  broadcast(payload: unknown): SendOutcome {
    for (const name of this.#present.keys()) this.signal(name, payload);
    return 'sent';
  }

  relay(): SendOutcome {
    // Relayed links have lanes of their own: see `relay-lanes.ts`.
    return 'closed';
  }

  on<Name extends keyof SignalingEvents>(
    name: Name,
    listener: (event: SignalingEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  /** A signal for this seat, from a member who runs the node that it names. */
  heard(member: string, fromIncarnation: number, { from, data }: SeatSignal): void {
    const name = seatName({ member, node: from });
    if (!this.#seats.has(name) || this.#gone.has(name)) return;
    this.#listeners.emit('signal', { from: name, fromIncarnation, payload: data });
  }

  /** A node will not come (back), although its member may be present. */
  gone(node: string): void {
    for (const [name, seat] of this.#seats) {
      if (seat.node !== node) continue;
      this.#gone.add(name);
      const known = this.#present.get(name);
      if (known !== undefined) this.#leave(known, 'left');
    }
  }

  #came(description: MemberDescription): void {
    for (const [name, seat] of this.#seats) {
      if (seat.member !== description.member || this.#gone.has(name)) continue;
      const known = this.#present.get(name);
      const described = this.#described(seat, description);
      this.#present.set(name, described);
      if (known?.incarnation === described.incarnation) continue;
      this.#listeners.emit('joined', described);
    }
  }

  #left({ member, incarnation, reason }: Departure): void {
    for (const [name, known] of this.#present) {
      if (this.#seats.get(name)?.member !== member || known.incarnation !== incarnation) continue;
      this.#leave(known, reason);
    }
  }

  #leave({ member, incarnation }: MemberDescription, reason: Departure['reason']): void {
    this.#present.delete(member);
    this.#listeners.emit('left', { member, incarnation, reason });
  }

  #described(seat: Seat, { incarnation, order }: MemberDescription): MemberDescription {
    const { node, key } = seat;
    return { member: seatName(seat), incarnation, order, node, publicKey: key };
  }
}
