/** A Store that marks the turn in which it is used: what it answers at once is waited for before the next turn begins. */

import type { Store } from '../core/ports.ts';
import type { Turn } from './turn.ts';

/** Wraps `store` for the algorithms of one node. */
export function markedStore(store: Store, turn: Turn): Store {
  const marked = <T>(promise: Promise<T>): Promise<T> => {
    turn.awaits();
    return promise;
  };
  return {
    kind: store.kind,
    survives: store.survives,
    get: (key) => marked(store.get(key)),
    put: (key, value) => marked(store.put(key, value)),
    putAll: (entries) => marked(store.putAll(entries)),
    delete: (key) => marked(store.delete(key)),
    entries: (prefix) => marked(store.entries(prefix)),
    ...(store.salvage === undefined ? {} : { salvage: () => marked(store.salvage!()) }),
  };
}
