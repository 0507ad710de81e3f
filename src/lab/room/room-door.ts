/** The way into rooms: reads addresses, makes keys of passphrases, and says what is wrong in words for people. */

import { messageOf } from '../../core/errors.ts';
import { roomKeyOfPassphrase } from '../../net/rooms/passphrase.ts';
import { RoomAddressError } from '../../net/rooms/room-address-error.ts';
import {
  parseRoomAddress,
  roomAddressText,
  roomFragment,
  type RoomAccess,
  type RoomAddress,
} from '../../net/rooms/room-address.ts';
import { newRoomCode } from '../../net/rooms/room-code.ts';
import { newRoomKey, roomKeysOf } from '../../net/rooms/room-key.ts';
import type { NearestSignaling } from '../../net/signaling/nearest-signaling.ts';
import { isSealedName } from '../../net/signaling/sealed-name.ts';
import { KEY_STATE_TEXTS, type KeyState } from '../../net/signaling/sealed-key-check.ts';
import { SealedSignaling } from '../../net/signaling/sealed-signaling.ts';
import { SignalingError } from '../../net/signaling/signaling.ts';
import {
  forgetIdentity,
  knownIdentity,
  nextIdentity,
  noteSuperseded,
  rememberIdentity,
} from '../identity.ts';
import type { CreateRoomOptions, JoinRoomOptions } from '../lab-service.ts';
import { Room } from './room.ts';
import { RoomEntryError, type RoomEntryProblem } from './room-entry-error.ts';
import type { RoomPage } from './room-page.ts';

/** What a door needs of its page. */
export interface DoorPage {
  /** A signaling that has joined nothing yet. */
  connect(): NearestSignaling;
  /** The link to a place in the lab, for other devices. */
  linkTo(fragment: string): Promise<string>;
  /** This page's part in a room. */
  inRoom(code: string): RoomPage;
  /** What this tab's owner is called, as far as it is known. */
  readonly memberName: string;
}

/** A room that is about to be entered. */
interface Entry {
  readonly address: RoomAddress;
  /** Of a closed room. */
  readonly key: Uint8Array | undefined;
  readonly create: boolean;
  readonly options: JoinRoomOptions;
}

/** New codes that are tried when somebody has the first already. */
const CODES_TRIED = 3;

/** In the place of a name in closed rooms, where every member has one: it cannot be read without the key. */
const NAMELESS = 'Tab';

/** Opens and enters rooms. */
export class RoomDoor {
  readonly #page: DoorPage;

  constructor(page: DoorPage) {
    this.#page = page;
  }

  /** Opens a room. @throws {RoomEntryError} */
  async create({ access: kind = 'open', ...options }: CreateRoomOptions = {}): Promise<Room> {
    for (let tried = 1; ; tried++) {
      const code = newRoomCode();
      const key = await newKey(kind, code, options);
      const access: RoomAccess = kind === 'key' ? { kind, key: key! } : { kind };
      const room = await this.#enter({ address: { code, access }, key, create: true, options });
      // In all likelihood nobody is there.
      if (tried === CODES_TRIED || room.members.every(({ me }) => me)) return room;
      room.leave();
    }
  }

  /** Enters a room that somebody opened. @throws {RoomEntryError} */
  async join(text: string, options: JoinRoomOptions = {}): Promise<Room> {
    const address = read(text);
    const { code } = address;
    if (options.asNew === true) {
      const { isObserver, roomKey } = knownIdentity(code) ?? {};
      forgetIdentity(code);
      this.#page.inRoom(code).memories.forget(code);
      return this.#join(address, { isObserver: isObserver ?? false, ...options }, roomKey, false);
    }
    const known = knownIdentity(code);
    return this.#join(address, options, known?.roomKey, known !== undefined);
  }

  async #join(
    address: RoomAddress,
    options: JoinRoomOptions,
    knownKey: Uint8Array | undefined,
    wasHere: boolean,
  ): Promise<Room> {
    const access = accessOf(address, options, knownKey);
    const key = await keyFor(access, address.code, options, knownKey);
    // A tab that was here comes back, even if the server has forgotten the room meanwhile.
    return this.#enter({ address: { ...address, access }, key, create: wasHere, options });
  }

  async #enter(entry: Entry): Promise<Room> {
    try {
      return await this.#tryToEnter(entry);
    } catch (error) {
      if (!(error instanceof SignalingError) || error.code !== 'superseded') throw readable(error);
    }
    // A copy of this tab is there. Whoever comes last is the one that is meant.
    noteSuperseded(entry.address.code);
    try {
      return await this.#tryToEnter(entry);
    } catch (error) {
      throw readable(error);
    }
  }

  async #tryToEnter({ address, key, create, options }: Entry): Promise<Room> {
    const { code, access } = address;
    options.signal?.throwIfAborted();
    const first = nextIdentity(code);
    const { isObserver = first.isObserver } = options;
    const identity = { ...first, isObserver };
    rememberIdentity(code, { isObserver, ...(key === undefined ? {} : { roomKey: key }) });
    const nearest = this.#page.connect();
    const signaling = key === undefined ? nearest : new SealedSignaling(nearest, key);
    const abort = () => signaling.close();
    options.signal?.addEventListener('abort', abort);
    const { memberName } = this.#page;
    try {
      const room = await Room.enter({
        ...{ code, identity, signaling, create },
        ...{
          address: roomAddressText(address),
          link: await this.#page.linkTo(roomFragment(address)),
        },
        access: access.kind,
        reach: () => (nearest.way === 'tabs' ? 'browser' : 'server'),
        membershipKey: key === undefined ? undefined : roomKeysOf(code, key).membership,
        name: memberName,
        signalingName: memberName === '' && key !== undefined ? NAMELESS : memberName,
        page: this.#page.inRoom(code),
      });
      await (signaling instanceof SealedSignaling
        ? checkKey(room, signaling, access, create)
        : checkOpen(room, nearest));
      return room;
    } catch (error) {
      signaling.close();
      throw options.signal?.aborted === true ? aborted() : error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }
}

function read(text: string): RoomAddress {
  try {
    return parseRoomAddress(text);
  } catch (error) {
    if (!(error instanceof RoomAddressError)) throw error;
    throw new RoomEntryError('bad-address', error.message);
  }
}

async function newKey(
  kind: RoomAccess['kind'],
  code: string,
  options: JoinRoomOptions,
): Promise<Uint8Array | undefined> {
  if (kind === 'open') return undefined;
  return kind === 'key' ? newRoomKey() : stretched(code, options);
}

/** How a room is closed. Somebody may have been told its code and its passphrase, and not its link; or came back to it. */
function accessOf(
  { access }: RoomAddress,
  { passphrase }: JoinRoomOptions,
  knownKey: Uint8Array | undefined,
): RoomAccess {
  const isClosed = passphrase !== undefined || knownKey !== undefined;
  return access.kind === 'open' && isClosed ? { kind: 'passphrase' } : access;
}

async function keyFor(
  access: RoomAccess,
  code: string,
  options: JoinRoomOptions,
  knownKey: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  if (access.kind === 'open') return undefined;
  if (access.kind === 'key') return access.key;
  if (options.passphrase !== undefined) return stretched(code, options);
  if (knownKey !== undefined) return knownKey;
  throw new RoomEntryError('passphrase-needed', `Room ${code} is closed. Type its passphrase.`);
}

async function stretched(
  code: string,
  { passphrase, onProgress, signal }: JoinRoomOptions,
): Promise<Uint8Array> {
  try {
    return await roomKeyOfPassphrase(passphrase ?? '', code, {
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw aborted();
    if (error instanceof RangeError) throw new RoomEntryError('wrong-passphrase', error.message);
    throw error;
  }
}

/** Waits until those who are here have said whether the key is right. */
async function checkKey(
  room: Room,
  signaling: SealedSignaling,
  access: RoomAccess,
  isOwn: boolean,
): Promise<void> {
  const state = await settled(signaling);
  if (state === 'confirmed') return;
  if (state === 'alone') {
    if (!isOwn) room.warn(KEY_STATE_TEXTS.alone);
    return;
  }
  room.leave();
  // Nobody comes in by itself the next time.
  forgetIdentity(room.code);
  if (state === 'unanswered') throw new RoomEntryError('rate-limited', KEY_STATE_TEXTS.unanswered);
  if (access.kind === 'key') {
    throw new RoomEntryError(
      'wrong-key',
      `The key in the link is not that of room ${room.code}. Copy the whole link again.`,
    );
  }
  throw new RoomEntryError(
    'wrong-passphrase',
    `That is not the passphrase of room ${room.code}. Mind capitals, and try again.`,
  );
}

function settled(signaling: SealedSignaling): Promise<KeyState> {
  const isOpen = (state: KeyState) => state === 'asking' || state === 'unchecked';
  if (!isOpen(signaling.keyState)) return Promise.resolve(signaling.keyState);
  return new Promise((resolve) => {
    const done = [
      signaling.on('key', ({ state }) => settle(state)),
      signaling.on('state', ({ state }) => {
        if (state === 'closed') settle('unanswered');
      }),
    ];
    const settle = (state: KeyState) => {
      if (isOpen(state)) return;
      for (const unsubscribe of done) unsubscribe();
      resolve(state);
    };
  });
}

/** Whoever has only the code of a closed room sees members whose names it cannot read. */
async function checkOpen(room: Room, { members }: NearestSignaling): Promise<void> {
  const names = Array.from(members.values(), ({ name }) => name);
  if (names.length === 0 || !names.every((name) => name !== undefined && isSealedName(name)))
    return;
  room.leave();
  forgetIdentity(room.code);
  throw new RoomEntryError(
    'passphrase-needed',
    `Room ${room.code} is closed. Type its passphrase, or open its whole link.`,
  );
}

function aborted(): RoomEntryError {
  return new RoomEntryError('aborted', 'Entering the room was given up.');
}

const PROBLEMS: Readonly<Record<string, RoomEntryProblem>> = {
  unreachable: 'no-server',
  'no-websocket': 'no-server',
  disconnected: 'no-server',
  unavailable: 'no-server',
  'unsupported-protocol': 'other-version',
  'room-full': 'room-full',
  'server-full': 'room-full',
  'unknown-room': 'unknown-room',
  'member-taken': 'key-bound',
  'node-taken': 'key-bound',
  'key-required': 'key-bound',
  'bad-proof': 'key-bound',
  'rate-limited': 'rate-limited',
  closed: 'aborted',
};

function readable(error: unknown): unknown {
  if (error instanceof RoomEntryError) return error;
  const code = error instanceof SignalingError ? PROBLEMS[error.code] : undefined;
  return new RoomEntryError(code ?? 'failed', messageOf(error));
}
