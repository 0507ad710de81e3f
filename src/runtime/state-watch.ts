/** Notices when what an algorithm shows of itself has changed. */

import { isCopyOf } from '../core/copy-of.ts';
import { toValue, type ValueMap } from '../core/value.ts';
import type { Endpoint } from './endpoint.ts';

/** Compares the states of a node's algorithms with those at the last look. */
export class StateWatch {
  readonly #endpoints: readonly Endpoint[];
  readonly #seen = new Map<Endpoint, ValueMap>();

  constructor(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints;
  }

  /** Calls `changed` for each algorithm whose state is not what it was. */
  look(changed: (path: string, state: ValueMap) => void): void {
    for (const endpoint of this.#endpoints) {
      const shown = endpoint.instance.state();
      const before = this.#seen.get(endpoint);
      // Most turns change nothing, and every turn is looked at.
      if (before !== undefined && isCopyOf(before, shown)) continue;
      const state = toValue(shown) as ValueMap;
      this.#seen.set(endpoint, state);
      changed(endpoint.path, state);
    }
  }
}
