/**
 * Coming into a room as a node of its cluster: a place, the others, and then the links.
 *
 * A cluster is founded once, when all of its first members are there together. Each writes down the keys of all, and only then begins. Whoever
 * comes later, or again, is told that roster, and takes a place that it does not give to another key. So two majorities can never be made of
 * tabs that have not met, and a tab whose memory was lost is nobody that voted (decision 0033).
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { NodeId } from '../../../core/id.ts';
import { toHex } from '../../../net/hex.ts';
import { parseRoomAddress } from '../../../net/rooms/room-address.ts';
import { roomKeysOf } from '../../../net/rooms/room-key.ts';
import { SignalingClient } from '../../../net/signaling/client.ts';
import { provenBy } from '../../../net/signaling/ed25519-proof.ts';
import { signalingUrl } from '../../../net/signaling/protocol.ts';
import { KEY_STATE_TEXTS } from '../../../net/signaling/sealed-key-check.ts';
import { SealedSignaling } from '../../../net/signaling/sealed-signaling.ts';
import { SignalingError, type Signaling } from '../../../net/signaling/signaling.ts';
import type { EarlySignal } from '../../../runtime/live/early-signals.ts';
import type { Durability } from '../../../storage/indexed-db/writing.ts';
import { memberNodeOf, seatOf, type RoomPlan } from './room-plan.ts';
import { RoomError } from './room-error.ts';
import { RoomPlace } from './room-place.ts';
import { readRoster } from './roster.ts';
import { openSeats, rememberSeat, type Seat } from './seat.ts';

/** Which cluster, and how this tab takes part. */
export interface RoomOptions {
  /** The room's code; with `#` and a key behind it only those can take part who have the key. */
  readonly room: string;
  /** Where the signaling server answers, e.g. `https://lab.example:8080`; where this page came from unless given. */
  readonly server?: string;
  /** The first voters. The cluster begins when all of them are there; every tab has to be told the same. */
  readonly members: readonly NodeId[];
  /** What the cluster is for: others in the same room have nothing to do with it. `raft` unless given. */
  readonly purpose?: string;
  /** Places for those who come later. */
  readonly others?: readonly NodeId[];
  /** The room has to be there: nobody is waited for in a room that nobody has opened. */
  readonly mustExist?: boolean;
  /** The place that is wanted; whichever is free unless given. */
  readonly id?: NodeId;
  /** What a write survives: `strict`, a power cut, unless given. */
  readonly durability?: Durability;
  /** Called while others are waited for. */
  readonly onWaiting?: (waiting: RoomWaiting) => void;
  /** Gives up. */
  readonly signal?: AbortSignal;
}

/** A cluster that is not complete yet. */
export interface RoomWaiting {
  /** This tab's place, for the time being. */
  readonly id: NodeId;
  readonly present: readonly NodeId[];
  /** Members without whom the cluster does not begin; none where only an answer is waited for. */
  readonly missing: readonly NodeId[];
}

/** Longest name of a node: in the room it bears the cluster's mark. */
const ID_LENGTH_MAX = 40;

/**
 * Takes a place in the cluster of a room, and waits until the cluster is founded.
 *
 * @throws {RoomAddressError} when the room's code is none
 * @throws {RoomError} when all places are taken
 * @throws {SignalingError} when the server cannot be reached, or refuses
 * @throws {StorageError} when the browser offers no storage, or it is damaged
 */
export async function enterRoom(options: RoomOptions): Promise<RoomPlace> {
  const { id, durability = 'strict', purpose = 'raft', signal } = options;
  const { plan, connect } = planOf(options);
  const name = `${purpose}/${plan.code}/${plan.runId}`;
  for await (const seat of openSeats({ name, durability }, plan.ids, id)) {
    const signaling = connect();
    let place: RoomPlace | undefined;
    try {
      signal?.throwIfAborted();
      place = await enter(seat, signaling, plan, options);
    } finally {
      if (place === undefined) {
        signaling.close();
        seat.discard();
      }
    }
    if (place === undefined) continue;
    rememberSeat(name, seat.id);
    return place;
  }
  const which = id === undefined ? `all ${plan.ids.length} places` : `the place ${id}`;
  throw new RoomError(
    `${which} of the cluster in room ${plan.code} are taken: close another tab of it, or open a room of your own`,
  );
}

function planOf({ room, server, members, others = [], purpose = 'raft' }: RoomOptions): {
  readonly plan: RoomPlan;
  readonly connect: () => Signaling;
} {
  const { code, access } = parseRoomAddress(room);
  if (access.kind === 'passphrase') {
    throw new RoomError(`room ${code} is closed by a passphrase: give its key instead`);
  }
  const ids = [...new Set([...members, ...others])];
  const long = ids.find((id) => id.length > ID_LENGTH_MAX);
  if (long !== undefined) throw new RoomError(`the name ${long} is too long`);
  const mark = sha256(utf8ToBytes(JSON.stringify([members, others]))).subarray(0, 6);
  const key = access.kind === 'key' ? access.key : undefined;
  const url = signalingUrl(server ?? location.href);
  return {
    plan: {
      ...{ code, members, ids, runId: `${purpose}-${toHex(mark)}` },
      membershipKey: key && roomKeysOf(code, key).membership,
    },
    connect: () => {
      const client = new SignalingClient({ url });
      return key === undefined ? client : new SealedSignaling(client, key);
    },
  };
}

/** Tries one place; undefined when it is another's. */
async function enter(
  seat: Seat,
  signaling: Signaling,
  plan: RoomPlan,
  options: RoomOptions,
): Promise<RoomPlace | undefined> {
  const early: EarlySignal[] = [];
  const keep = signaling.on('signal', (each) => {
    if (early.length < EARLY_SIGNALS_MAX) early.push(each);
  });
  try {
    const { member, token, incarnation, secretKey } = seat.identity;
    const node = memberNodeOf(plan, seat.id);
    const proof = provenBy(secretKey);
    const create = options.mustExist === true ? { create: false } : {};
    await signaling.join({
      ...{ room: plan.code, member, token, incarnation, node, ...proof, ...create },
    });
    if (!seat.roster.isFounded) {
      const isOurs = await founded(seat, signaling, plan, proof.publicKey, options);
      if (!isOurs) return undefined;
    }
    return await RoomPlace.make(seat, signaling, plan, early);
  } catch (error) {
    const isTaken = error instanceof SignalingError && error.code === 'node-taken';
    if (!isTaken) throw error;
    if (!seat.roster.isFounded) return undefined;
    throw new RoomError(
      `somebody else is ${seat.id} in room ${plan.code}: this tab has to wait until they leave`,
    );
  } finally {
    keep();
  }
}

/** Signals that are kept until there is somebody to read them. */
const EARLY_SIGNALS_MAX = 1024;

/** Waits until there is a cluster, and writes down whose places there are; false when this one turns out to be another's. */
async function founded(
  seat: Seat,
  signaling: Signaling,
  plan: RoomPlan,
  publicKey: string,
  { onWaiting, signal, mustExist = false }: RoomOptions,
): Promise<boolean> {
  const over = new AbortController();
  // A tab that is closed before there is a cluster was never part of it.
  const leave = (): void => {
    signaling.close();
    seat.discard();
  };
  globalThis.addEventListener?.('pagehide', leave, { signal: over.signal });
  const subscriptions: (() => void)[] = [];
  try {
    const keys = await new Promise<Readonly<Record<NodeId, string>> | undefined>(
      (resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), {
          signal: over.signal,
        });
        const look = (): void => {
          const present = presentKeys(signaling, plan, { [seat.id]: publicKey });
          const missing = plan.members.filter((id) => present[id] === undefined);
          const isMember = plan.members.includes(seat.id);
          if (isMember && missing.length === 0) {
            resolve(Object.fromEntries(plan.members.map((id) => [id, present[id]!])));
          } else onWaiting?.({ id: seat.id, present: Object.keys(present), missing });
        };
        const heard = (payload: unknown): void => {
          const roster = readRoster(payload, plan.runId, plan.ids);
          if (roster === undefined) return;
          const key = roster[seat.id] ?? publicKey;
          resolve(key === publicKey ? { ...roster, [seat.id]: publicKey } : undefined);
        };
        if (signaling instanceof SealedSignaling) {
          const look = (): void => {
            const { keyState } = signaling;
            const isRefused = keyState === 'wrong' || (mustExist && keyState === 'unanswered');
            if (isRefused) reject(new RoomError(KEY_STATE_TEXTS[keyState]));
          };
          subscriptions.push(signaling.on('key', look));
          look();
        }
        subscriptions.push(
          signaling.on('joined', look),
          signaling.on('left', look),
          signaling.on('signal', ({ payload }) => heard(payload)),
          signaling.on('broadcast', ({ payload }) => heard(payload)),
        );
        look();
      },
    );
    if (keys === undefined) return false;
    await seat.roster.found(keys);
    return true;
  } finally {
    over.abort();
    for (const unsubscribe of subscriptions) unsubscribe();
  }
}

/** The keys of those who are there, by their places. */
function presentKeys(
  { members }: Signaling,
  plan: RoomPlan,
  own: Readonly<Record<NodeId, string>>,
): Readonly<Record<NodeId, string>> {
  const keys: Record<NodeId, string> = { ...own };
  for (const { node, publicKey } of members.values()) {
    const id = seatOf(plan, node);
    if (id !== undefined && publicKey !== undefined) keys[id] ??= publicKey;
  }
  return keys;
}
