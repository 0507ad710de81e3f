/**
 * The rules of one room: who may take which seat, in which order members first came, and whom the
 * room remembers. It sends nothing, knows no clock and does not change by itself: it answers a wish
 * with a {@link RoomChange}, and becomes another room when that is committed. So the same rules hold
 * where a room lives in one process and where several share it (see `room-directory.ts`).
 */
import type { ErrorCode, JoinMessage, LeaveReason, MemberDescription } from './protocol.ts';

/** The bounds of one room. */
export interface RoomLimits {
  /** Every join is announced to everybody: the traffic of a filling room grows with its square. */
  readonly membersPerRoom: number;
  /** Departed tabs whose place is kept; more would let one visitor fill the memory by rejoining. */
  readonly rememberedPerRoom: number;
}

/** What a room knows of a member, present or departed. */
export interface MemberRecord {
  readonly description: MemberDescription;
  readonly token: string;
  /** Names the connection that speaks for the member; absent when the member is not present. */
  readonly connection?: string;
  /** The version of the room in which it departed: who departed first is forgotten first. */
  readonly departedIn?: number;
  /** It said goodbye and needs its node no more. A connection that only broke keeps it. */
  readonly gaveUpNode?: true;
}

/** A present member. */
export type SeatRecord = MemberRecord & { readonly connection: string };

/** What a change is about, for those who have to tell it. */
export type RoomEvent =
  | { readonly kind: 'joined'; readonly member: string }
  | {
      readonly kind: 'left';
      readonly member: string;
      readonly incarnation: number;
      readonly reason: LeaveReason;
    };

/** The step from one version of a room to the next. */
export interface RoomChange {
  /** The version that it leads to. */
  readonly version: number;
  /** How many members have joined for the first time then. */
  readonly firstJoins: number;
  /** The records that are different then; `null` is a member that is forgotten. */
  readonly records: readonly (readonly [member: string, record: MemberRecord | null])[];
  readonly event: RoomEvent;
}

/** A wish that was not granted, and why. */
export interface Refusal {
  readonly refused: ErrorCode;
  readonly message: string;
}

/** A room as it is kept outside of it. */
export interface RoomState {
  readonly version: number;
  readonly firstJoins: number;
  readonly records: Iterable<readonly [member: string, record: MemberRecord]>;
}

/** One version of a room, and the rules by which it becomes the next. */
export class Room {
  readonly code: string;
  readonly #limits: RoomLimits;
  readonly #present = new Map<string, SeatRecord>();
  /** In order of departure: the front is forgotten first. */
  readonly #departed = new Map<string, MemberRecord>();
  #version = 0;
  #firstJoins = 0;

  /** A room as it was kept, or a new one. */
  constructor(code: string, limits: RoomLimits, state?: RoomState) {
    this.code = code;
    this.#limits = limits;
    if (state === undefined) return;
    this.#version = state.version;
    this.#firstJoins = state.firstJoins;
    const records = [...state.records];
    records.sort(([, a], [, b]) => (a.departedIn ?? 0) - (b.departedIn ?? 0));
    for (const [member, record] of records) this.#keep(member, record);
  }

  /** How many changes made it what it is. */
  get version(): number {
    return this.#version;
  }

  /** How many members are present. */
  get size(): number {
    return this.#present.size;
  }

  /** The present members, by order. */
  seats(): SeatRecord[] {
    return [...this.#present.values()].sort((a, b) => a.description.order - b.description.order);
  }

  /** The present member of that id. */
  seat(member: string): SeatRecord | undefined {
    return this.#present.get(member);
  }

  /**
   * What seating a member would change. The same tab with the same or a newer incarnation replaces
   * itself at once; a departed tab finds its order again, and its node if that is free. It is the
   * same tab if it has the key that the member id is bound to, or, without a key, the same token.
   */
  join(request: JoinMessage, connection: string): RoomChange | Refusal {
    const { member, token } = request;
    const held = this.#present.get(member);
    const known = held ?? this.#departed.get(member);
    const refusal =
      refuseImpostor(request, known) ??
      this.#refuseNode(request) ??
      (held === undefined ? this.#refuseCrowd() : undefined);
    if (refusal !== undefined) return refusal;
    const isNew = known === undefined;
    const description = this.#describe(request, known?.description);
    return {
      version: this.#version + 1,
      firstJoins: this.#firstJoins + (isNew ? 1 : 0),
      records: [[member, { description, token, connection }]],
      event: { kind: 'joined', member },
    };
  }

  /**
   * What emptying a member's seat would change; the member is remembered. Undefined when the
   * connection does not hold the seat (any more): a replaced ghost closes late, and that must hurt
   * nobody.
   */
  depart(member: string, connection: string, reason: LeaveReason): RoomChange | undefined {
    const seat = this.#present.get(member);
    if (seat === undefined || seat.connection !== connection) return undefined;
    const { description, token } = seat;
    const version = this.#version + 1;
    const gaveUp = reason === 'left' ? { gaveUpNode: true as const } : {};
    const forgotten = [...this.#departed.keys(), member].slice(
      0,
      Math.max(0, this.#departed.size + 1 - this.#limits.rememberedPerRoom),
    );
    return {
      version,
      firstJoins: this.#firstJoins,
      records: [
        [member, { description, token, departedIn: version, ...gaveUp }],
        ...forgotten.map((oldest) => [oldest, null] as const),
      ],
      event: { kind: 'left', member, incarnation: description.incarnation, reason },
    };
  }

  /** Makes the change. It must have been asked for in the version that the room is in. */
  commit(change: RoomChange): void {
    if (change.version !== this.#version + 1) {
      throw new Error(`change ${change.version} does not follow version ${this.#version}`);
    }
    this.#version = change.version;
    this.#firstJoins = change.firstJoins;
    for (const [member, record] of change.records) this.#keep(member, record);
  }

  #keep(member: string, record: MemberRecord | null): void {
    this.#present.delete(member);
    this.#departed.delete(member);
    if (record === null) return;
    if (isSeat(record)) this.#present.set(member, record);
    else this.#departed.set(member, record);
  }

  #refuseNode({ node, member, publicKey }: JoinMessage): Refusal | undefined {
    if (node === undefined) return undefined;
    const claim = this.#claimOn(node, member);
    if (claim === undefined) return undefined;
    const { description, connection } = claim;
    const who =
      `member ${description.member}` +
      (description.name === undefined ? '' : ` ("${description.name}")`);
    if (connection !== undefined) {
      return refuse(
        'node-taken',
        `Node ${node} is already held in room ${this.code} by ${who}. Close that tab, choose ` +
          'another node, or join without one.',
      );
    }
    // The same key under another member id: who holds the key is the node.
    if (description.publicKey === publicKey) return undefined;
    return refuse(
      'node-taken',
      `Node ${node} is bound to another key in room ${this.code}: that of ${who}, whose ` +
        'connection broke and who may come back. Choose another node, join with that key, or ' +
        'open another room.',
    );
  }

  #refuseCrowd(): Refusal | undefined {
    if (this.size < this.#limits.membersPerRoom) return undefined;
    return refuse(
      'room-full',
      `Room ${this.code} is full (${this.size} members). Wait until somebody leaves, or open ` +
        'another room.',
    );
  }

  /** Who else holds the node, or held it with a key until the connection broke. */
  #claimOn(node: string, exceptMember: string): MemberRecord | undefined {
    for (const record of this.#present.values()) {
      const { description } = record;
      if (description.node === node && description.member !== exceptMember) return record;
    }
    for (const record of this.#departed.values()) {
      const { description, gaveUpNode } = record;
      if (description.node !== node || description.member === exceptMember) continue;
      if (description.publicKey !== undefined && gaveUpNode === undefined) return record;
    }
    return undefined;
  }

  #describe(request: JoinMessage, known: MemberDescription | undefined): MemberDescription {
    const { member, incarnation, name, publicKey } = request;
    const isFree = known?.node !== undefined && this.#claimOn(known.node, member) === undefined;
    const node = request.node ?? (isFree ? known.node : undefined);
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
    if (claimed !== undefined && !used.has(claimed)) return claimed;
    let order = this.#firstJoins;
    while (used.has(order)) order++;
    return order;
  }
}

function isSeat(record: MemberRecord): record is SeatRecord {
  return record.connection !== undefined;
}

function refuseImpostor(
  request: JoinMessage,
  known: MemberRecord | undefined,
): Refusal | undefined {
  if (known === undefined) return undefined;
  const { member, token, publicKey, incarnation } = request;
  const remedy =
    "Join under a new member id: a new tab makes one, and so does clearing this site's session " +
    'storage.';
  const boundTo = known.description.publicKey;
  if (boundTo === undefined && !sameSecret(token, known.token)) {
    return refuse('member-taken', `Member id ${member} belongs to another tab. ${remedy}`);
  }
  if (boundTo !== undefined && boundTo !== publicKey) {
    return refuse('member-taken', `Member id ${member} is bound to another key. ${remedy}`);
  }
  if (incarnation < known.description.incarnation) {
    return refuse(
      'superseded',
      `Incarnation ${incarnation} of member ${member} is older than ` +
        `${known.description.incarnation}, which joined since. Close this tab, or reload it.`,
    );
  }
  return undefined;
}

function refuse(refused: ErrorCode, message: string): Refusal {
  return { refused, message };
}

/** Takes as long for a near miss as for a far one, so that time does not give the token away. */
function sameSecret(given: string, kept: string): boolean {
  let difference = given.length ^ kept.length;
  for (let index = 0; index < given.length; index++) {
    difference |= given.charCodeAt(index) ^ kept.charCodeAt(index);
  }
  return difference === 0;
}
