/**
 * Whose each place is: the keys with which a cluster was founded. A node writes them down before it says its first word, and believes no other key
 * ever after: who came back under the same name without what it had stored would have forgotten its votes.
 */

import type { NodeId } from '../../../core/id.ts';
import type { Store } from '../../../core/ports.ts';
import { fromHex } from '../../../net/hex.ts';

/** A roster as members tell it to those who come new. */
export interface RosterSignal {
  readonly parley: 'raft-roster';
  readonly runId: string;
  readonly keys: Readonly<Record<NodeId, string>>;
}

const KEY = /^[0-9a-f]{64}$/;

/** The keys, as this node has written them down. */
export class Roster {
  readonly #store: Store;
  readonly #keys: Map<NodeId, string>;
  /** The same as bytes, the same object each time: a signer imports a key once. Keys never change. */
  readonly #bytes = new Map<NodeId, Uint8Array>();

  private constructor(store: Store, keys: Map<NodeId, string>) {
    this.#store = store;
    this.#keys = keys;
  }

  static async open(store: Store): Promise<Roster> {
    const keys = new Map((await store.entries()) as readonly (readonly [NodeId, string])[]);
    return new Roster(store, keys);
  }

  /** Whether the cluster has been founded, as far as this node knows. */
  get isFounded(): boolean {
    return this.#keys.size > 0;
  }

  /** Writes down with whom the cluster is founded; fulfilled when it will not be forgotten. */
  async found(keys: Readonly<Record<NodeId, string>>): Promise<void> {
    await this.#store.putAll(keys);
    for (const [id, key] of Object.entries(keys)) this.#keys.set(id, key);
  }

  /** The key of a place, as it was written down. */
  keyOf(id: NodeId): Uint8Array | undefined {
    const known = this.#bytes.get(id);
    if (known !== undefined) return known;
    const key = this.#keys.get(id);
    if (key === undefined) return undefined;
    const bytes = fromHex(key);
    this.#bytes.set(id, bytes);
    return bytes;
  }

  /** Whether a place is this key's; one that has none yet is from now on. */
  admits(id: NodeId, key: string): boolean {
    const known = this.#keys.get(id);
    if (known !== undefined) return known === key;
    this.#keys.set(id, key);
    // A node that fails to store this fails at its next entry as well, and says so then.
    this.#store.put(id, key).catch(() => undefined);
    return true;
  }

  /** For somebody new. */
  signal(runId: string): RosterSignal {
    return { parley: 'raft-roster', runId, keys: Object.fromEntries(this.#keys) };
  }
}

/** Reads what a stranger says to be the roster of this run; undefined when it is none. */
export function readRoster(
  payload: unknown,
  runId: string,
  ids: readonly NodeId[],
): Readonly<Record<NodeId, string>> | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { parley, runId: run, keys } = payload as Partial<RosterSignal>;
  if (parley !== 'raft-roster' || run !== runId) return undefined;
  if (typeof keys !== 'object' || keys === null) return undefined;
  const found = Object.entries(keys);
  const isGood = ([id, key]: [string, unknown]): boolean =>
    ids.includes(id) && typeof key === 'string' && KEY.test(key);
  return found.length > 0 && found.every(isGood) ? Object.fromEntries(found) : undefined;
}
