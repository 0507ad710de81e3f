/** Notices when what an algorithm shows of itself has changed. */

import { encodeUnsigned, equalBytes } from '../core/canonical.ts';
import type { ValueMap } from '../core/value.ts';
import type { Endpoint } from './endpoint.ts';

/** Compares the states of a node's algorithms with those at the last look. */
export class StateWatch {
  readonly #endpoints: readonly Endpoint[];
  readonly #seen = new Map<Endpoint, Uint8Array>();

  constructor(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints;
  }

  /** Calls `changed` for each algorithm whose state is not what it was. */
  look(changed: (path: string, state: ValueMap) => void): void {
    for (const endpoint of this.#endpoints) {
      const state = endpoint.state();
      const bytes = encodeUnsigned(state);
      const before = this.#seen.get(endpoint);
      if (before !== undefined && equalBytes(before, bytes)) continue;
      this.#seen.set(endpoint, bytes);
      changed(endpoint.path, state);
    }
  }
}
