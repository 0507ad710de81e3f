/** What every implementation of `Store` and `LogStore` promises. One line for each of them runs it. */

import { afterEach, beforeEach, describe } from 'vitest';
import type { LogStore, Store } from '../../src/core/ports.ts';
import { logTests } from './log-store.suite.ts';
import { storeTests } from './store.suite.ts';

/** The storage of one node. */
export interface StorageWorld {
  /** The same store for the same path. */
  store(path: string): Store;
  /** The same log for the same name. */
  log(name: string): LogStore;
  /** What a reloaded tab finds; absent where nothing survives. */
  readonly reopen?: () => Promise<StorageWorld>;
  close(): unknown;
}

/** Declares the tests for one implementation; `open` makes storage that is empty. */
export function storageSuite(name: string, open: () => Promise<StorageWorld>): void {
  describe(`storage compliance: ${name}`, () => {
    let world: StorageWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const reopened = async (): Promise<StorageWorld> => {
      world = (await world.reopen?.()) ?? world;
      return world;
    };
    describe('the key-value store', () => storeTests(() => world, reopened));
    describe('the log', () => logTests(() => world, reopened));
  });
}
