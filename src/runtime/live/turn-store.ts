/** A Store whose promises are settled in turns: what storage answers is an event like any other. */

import type { Store } from '../../core/ports.ts';
import type { TurnQueue } from '../turn.ts';

/** Wraps `store` for the algorithms of one live node. */
export function turnStore(store: Store, turns: TurnQueue): Store {
  const inTurn = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const settle = (action: () => void) =>
        turns.post(() => {
          turns.turn.awaits();
          action();
        });
      promise.then(
        (value) => settle(() => resolve(value)),
        (error: Error) => settle(() => reject(error)),
      );
    });
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
