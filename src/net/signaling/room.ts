/**
 * One room: who is present, in which order they first came, and whom it remembers. It sends
 * nothing and knows no clock; the {@link Switchboard} asks it and speaks.
 */
import type { ErrorCode, JoinMessage, MemberDescription } from './protocol.ts';

/** The bounds of one room. */
export interface RoomLimits {
  /** Every join is announced to everybody: the traffic of a filling room grows with its square. */
  readonly membersPerRoom: number;
  /** Departed tabs whose place is kept; more would let one visitor fill the memory by rejoining. */
  readonly rememberedPerRoom: number;
}

/** A present member and the connection that speaks for it. */
export interface Seat<Connection> {
  readonly description: MemberDescription;
  readonly token: string;
  readonly connection: Connection;
}

/** What became of a join. */
export type JoinOutcome<Connection> =
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | {
      readonly kind: 'joined';
      readonly you: MemberDescription;
      /** The ghost this join replaced: its connection is to be told and closed. */
      readonly replaced: Seat<Connection> | undefined;
    };

type Refusal = Extract<JoinOutcome<never>, { kind: 'refused' }>;
type Memory = Pick<Seat<unknown>, 'description' | 'token'>;

/**
 * The bookkeeping of one room. `Connection` is whatever its owner uses to reach a member; the room
 * only compares it, so that a ghost's late close is told apart from its successor's.
 */
export class Room<Connection> {
  readonly #code: string;
  readonly #limits: RoomLimits;
  readonly #present = new Map<string, Seat<Connection>>();
  /** In order of departure: the front is forgotten first. */
  readonly #departed = new Map<string, Memory>();
  #firstJoinCount = 0;

  constructor(code: string, limits: RoomLimits) {
    this.#code = code;
    this.#limits = limits;
  }

  /** How many members are present. */
  get size(): number {
    return this.#present.size;
  }

  /** The present members, by order. */
  seats(): Seat<Connection>[] {
    return [...this.#present.values()].sort((a, b) => a.description.order - b.description.order);
  }

  /** The present member of that id. */
  seat(member: string): Seat<Connection> | undefined {
    return this.#present.get(member);
  }

  /**
   * Seats a member. The same tab (same member id and token) with the same or a newer incarnation
   * replaces itself at once; a departed tab finds its order again, and its node if that is free.
   */
  join(request: JoinMessage, connection: Connection): JoinOutcome<Connection> {
    const held = this.#present.get(request.member);
    const known = held ?? this.#departed.get(request.member);
    const refusal =
      refuseImpostor(request, known) ??
      this.#refuseNode(request) ??
      (held === undefined ? this.#refuseCrowd() : undefined);
    if (refusal !== undefined) return refusal;
    const you = this.#describe(request, known?.description);
    this.#departed.delete(request.member);
    this.#present.set(request.member, { description: you, token: request.token, connection });
    return { kind: 'joined', you, replaced: held };
  }

  /**
   * Empties a member's seat and remembers it. Undefined when the connection does not hold the seat
   * (any more): a replaced ghost closes late, and that must hurt nobody.
   */
  depart(member: string, connection: Connection): MemberDescription | undefined {
    const seat = this.#present.get(member);
    if (seat === undefined || seat.connection !== connection) return undefined;
    this.#present.delete(member);
    this.#departed.set(member, { description: seat.description, token: seat.token });
    for (const oldest of this.#departed.keys()) {
      if (this.#departed.size <= this.#limits.rememberedPerRoom) break;
      this.#departed.delete(oldest);
    }
    return seat.description;
  }

  #refuseNode(request: JoinMessage): Refusal | undefined {
    const holder = this.#holderOf(request.node, request.member);
    if (holder === undefined) return undefined;
    const who = holder.name === undefined ? '' : ` ("${holder.name}")`;
    return refuse(
      'node-taken',
      `Node ${request.node} is already held in room ${this.#code} by member ` +
        `${holder.member}${who}. Close that tab, choose another node, or join without one.`,
    );
  }

  #refuseCrowd(): Refusal | undefined {
    if (this.size < this.#limits.membersPerRoom) return undefined;
    return refuse(
      'room-full',
      `Room ${this.#code} is full (${this.size} members). Wait until somebody leaves, or open ` +
        'another room.',
    );
  }

  #holderOf(node: string | undefined, exceptMember: string): MemberDescription | undefined {
    if (node === undefined) return undefined;
    for (const { description } of this.#present.values()) {
      if (description.node === node && description.member !== exceptMember) return description;
    }
    return undefined;
  }

  #describe(request: JoinMessage, known: MemberDescription | undefined): MemberDescription {
    const { member, incarnation, name, publicKey } = request;
    const remembered = this.#holderOf(known?.node, member) === undefined ? known?.node : undefined;
    const node = request.node ?? remembered;
    return {
      member,
      incarnation,
      order: known?.order ?? this.#firstOrder(request.formerOrder),
      ...(node !== undefined && { node }),
      ...(name !== undefined && { name }),
      ...(publicKey !== undefined && { publicKey }),
    };
  }

  /**
   * The rank of a member that is new here. Claims (see `formerOrder`) leave holes and do not move
   * the count, so that claiming a large order does not push later members up.
   */
  #firstOrder(claimed: number | undefined): number {
    const used = new Set<number>();
    for (const { description } of this.#present.values()) used.add(description.order);
    for (const { description } of this.#departed.values()) used.add(description.order);
    let order = this.#firstJoinCount++;
    if (claimed !== undefined && !used.has(claimed)) return claimed;
    while (used.has(order)) order++;
    return order;
  }
}

function refuseImpostor(request: JoinMessage, known: Memory | undefined): Refusal | undefined {
  if (known === undefined) return undefined;
  if (!sameSecret(request.token, known.token)) {
    return refuse(
      'member-taken',
      `Member id ${request.member} belongs to another tab. Join under a new member id: a new tab ` +
        "makes one, and so does clearing this site's session storage.",
    );
  }
  if (request.incarnation < known.description.incarnation) {
    return refuse(
      'superseded',
      `Incarnation ${request.incarnation} of member ${request.member} is older than ` +
        `${known.description.incarnation}, which joined since. Close this tab, or reload it.`,
    );
  }
  return undefined;
}

function refuse(code: ErrorCode, message: string): Refusal {
  return { kind: 'refused', code, message };
}

/** Takes as long for a near miss as for a far one, so that time does not give the token away. */
function sameSecret(given: string, kept: string): boolean {
  let difference = given.length ^ kept.length;
  for (let index = 0; index < given.length; index++) {
    difference |= given.charCodeAt(index) ^ kept.charCodeAt(index);
  }
  return difference === 0;
}
