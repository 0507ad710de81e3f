/** A Store whose promises are settled in turns: what storage answers is an input like any other. */

import type { Store } from '../../core/ports.ts';

/**
 * Wraps `store` for the algorithms of one node.
 *
 * @param inTurn makes a promise that is settled like the given one, in a turn
 */
export function turnStore(store: Store, inTurn: <T>(promise: Promise<T>) => Promise<T>): Store {
  return {
    kind: store.kind,
    survives: store.survives,
    get: (key) => inTurn(store.get(key)),
    put: (key, value) => inTurn(store.put(key, value)),
    putAll: (entries) => inTurn(store.putAll(entries)),
    delete: (key) => inTurn(store.delete(key)),
    entries: (prefix) => inTurn(store.entries(prefix)),
  };
}
