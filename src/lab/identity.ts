/** Who this tab is in a room: it stays the same when the tab is reloaded, and another tab is someone else. */

import { newKeyPair } from '../net/ed25519.ts';
import { fromHex, toHex } from '../net/hex.ts';

/** One member of one room. */
export interface Identity {
  /** Name on the network. */
  readonly member: string;
  /** Proves to the signaling server that a later join is the same tab's. */
  readonly token: string;
  readonly secretKey: Uint8Array;
  /** Grows with every load of the page. */
  readonly incarnation: number;
  /** Run that it took part in last. */
  readonly lastRunId: string | undefined;
  /** It chose to hold no nodes. */
  readonly isObserver: boolean;
  /** Of a closed room: so that a reload does not ask for the passphrase again. */
  readonly roomKey: Uint8Array | undefined;
}

interface StoredIdentity {
  readonly member: string;
  readonly token: string;
  readonly secretKey: string;
  readonly incarnation: number;
  readonly lastRunId?: string;
  readonly isObserver?: boolean;
  readonly roomKey?: string;
  readonly wasSuperseded?: boolean;
}

/**
 * The identity of this tab under `name` (room and node), for a new load of the page.
 *
 * It lives in the tab's session storage: that survives a reload and ends with the tab.
 */
export function nextIdentity(name: string): Identity {
  const stored = read(name);
  const identity: StoredIdentity =
    stored === undefined
      ? {
          member: randomHex(8),
          token: randomHex(16),
          secretKey: toHex(newKeyPair().secretKey),
          incarnation: 1,
        }
      : { ...stored, incarnation: nextIncarnation(stored), wasSuperseded: false };
  write(name, identity);
  return opened(identity);
}

/** The identity of this tab under `name`, as it was left; undefined when it has none. */
export function knownIdentity(name: string): Identity | undefined {
  const stored = read(name);
  return stored && opened(stored);
}

/** Remembers something more of this tab, for when it is reloaded: the run that it takes part in, say. */
export function rememberIdentity(
  name: string,
  { lastRunId, isObserver, roomKey }: Partial<Identity>,
): void {
  const stored = read(name);
  if (stored === undefined) return;
  write(name, {
    ...stored,
    ...(lastRunId === undefined ? {} : { lastRunId }),
    ...(isObserver === undefined ? {} : { isObserver }),
    ...(roomKey === undefined ? {} : { roomKey: toHex(roomKey) }),
  });
}

/** A copy of this tab came and took its place: when this one takes it back, it must be the newer of the two. */
export function noteSuperseded(name: string): void {
  const stored = read(name);
  if (stored !== undefined) write(name, { ...stored, wasSuperseded: true });
}

/** The copy has counted on from the same number, nobody knows how far; but not as far as the clock. */
function nextIncarnation({ incarnation, wasSuperseded = false }: StoredIdentity): number {
  return wasSuperseded ? Math.max(incarnation + 1, Date.now()) : incarnation + 1;
}

/** Forgets who this tab was. */
export function forgetIdentity(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // It could not be remembered either.
  }
}

function opened(stored: StoredIdentity): Identity {
  const { member, token, incarnation, lastRunId, isObserver = false, roomKey } = stored;
  return {
    ...{ member, token, incarnation, lastRunId, isObserver },
    secretKey: fromHex(stored.secretKey),
    roomKey: roomKey === undefined ? undefined : fromHex(roomKey),
  };
}

function keyOf(name: string): string {
  return `parley/${name}`;
}

function read(name: string): StoredIdentity | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    return text === null ? undefined : (JSON.parse(text) as StoredIdentity);
  } catch {
    // No session storage, or not ours: this load is a newcomer.
    return undefined;
  }
}

function write(name: string, identity: StoredIdentity): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(identity));
  } catch {
    // Private windows of some browsers refuse; then a reloaded tab comes back as another.
  }
}

function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** Forgets identities and storage of a room that will not be entered again. */
export async function forgetRoom(room: string): Promise<void> {
  const prefix = `parley/${room}/`;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix)) sessionStorage.removeItem(key);
  }
  // Older browsers cannot list their databases; what is left there is small.
  for (const { name } of (await indexedDB.databases?.()) ?? []) {
    if (name?.startsWith(prefix) === true) indexedDB.deleteDatabase(name);
  }
}
