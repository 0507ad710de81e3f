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
}

interface StoredIdentity {
  readonly member: string;
  readonly token: string;
  readonly secretKey: string;
  readonly incarnation: number;
  readonly lastRunId?: string;
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
      : { ...stored, incarnation: stored.incarnation + 1 };
  write(name, identity);
  const { member, token, incarnation, lastRunId } = identity;
  return { member, token, incarnation, lastRunId, secretKey: fromHex(identity.secretKey) };
}

/** Remembers that this tab takes part in a run, so that it knows after a reload that it was there. */
export function rememberRun(name: string, runId: string): void {
  const stored = read(name);
  if (stored !== undefined) write(name, { ...stored, lastRunId: runId });
}

function read(name: string): StoredIdentity | undefined {
  try {
    const text = sessionStorage.getItem(`parley/${name}`);
    return text === null ? undefined : (JSON.parse(text) as StoredIdentity);
  } catch {
    // No session storage, or not ours: this load is a newcomer.
    return undefined;
  }
}

function write(name: string, identity: StoredIdentity): void {
  try {
    sessionStorage.setItem(`parley/${name}`, JSON.stringify(identity));
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
