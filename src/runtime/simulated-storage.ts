/** The storage of a simulated node: in memory and durable at once, or on a disk that takes its time. Crashes do to it what is planned. */

import { sample } from '../core/faults/distribution.ts';
import type { DiskFate } from '../core/faults/faults.ts';
import type { FaultKind } from '../core/faults/kinds.ts';
import type { Store } from '../core/ports.ts';
import type { Random } from '../core/random.ts';
import { MemoryStore } from '../storage/memory.ts';
import { SimulatedDisk, type DiskTiming } from '../storage/simulated-disk.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** The storage of one node. */
export class SimulatedStorage {
  readonly #node: SimulatedNode;
  readonly #random: Random;
  readonly #disk: SimulatedDisk | undefined;
  readonly #stores = new Map<string, MemoryStore>();
  #onFailure: (() => void) | undefined;

  constructor(node: SimulatedNode) {
    const { faults, streams } = node.world;
    const { diskSyncMs } = faults;
    this.#node = node;
    this.#random = streams.stream(`disk/${node.id}${node.copy}`);
    this.#disk = diskSyncMs === undefined ? undefined : new SimulatedDisk(this.#timing());
  }

  /** The store of an algorithm; the same for the same path, until a crash. */
  store(path: string): Store {
    if (this.#disk !== undefined) return this.#disk.store(path);
    const store = this.#stores.get(path) ?? new MemoryStore();
    this.#stores.set(path, store);
    return store;
  }

  /** The disk begins to fail: with the next write for which it has no space, or with the next at all. `then`: it has. */
  failNext(fate: 'full' | 'refused', then: () => void): void {
    if (fate === 'full') this.#disk?.fill();
    else this.#disk?.failNext();
    this.#onFailure = () => {
      this.#onFailure = undefined;
      this.#fire(fate, 1, fate === 'full' ? 'there was no space for a write' : 'a write failed');
      then();
    };
  }

  /** The disk is as it should be. */
  relent(): void {
    this.#onFailure = undefined;
    this.#disk?.relent();
  }

  /** The node went down. */
  crash(fate: DiskFate): void {
    if (this.#disk !== undefined) {
      const how = fate === 'kept' || fate === 'torn' ? fate : 'unsynced';
      const { lost, torn } = this.#disk.crash(how, this.#random, this.#timing());
      if (fate !== 'amnesia') {
        this.#fire('unsynced', lost, 'a write was lost');
        this.#fire('torn', torn, 'a write was stored in part');
      }
    }
    if (fate === 'damaged') {
      const place = this.#disk?.damageAny(this.#random);
      if (place !== undefined) this.#fire('damaged', 1, `${place} was damaged`);
    }
    if (fate !== 'amnesia') return;
    const isEmpty =
      this.#disk?.isEmpty ?? [...this.#stores.values()].every(({ size }) => size === 0);
    this.#disk?.wipe();
    this.#stores.clear();
    if (!isEmpty) this.#fire('amnesia', 1, 'the disk was wiped');
  }

  #fire(fault: FaultKind, times: number, detail: string): void {
    const { id: node, world } = this.#node;
    for (let i = 0; i < times; i++) world.weather.firings.add({ fault, node, detail });
  }

  /** For one incarnation: what is under way when it goes down never comes back to it. */
  #timing(): DiskTiming {
    const { world } = this.#node;
    const { diskSyncMs } = world.faults;
    return {
      now: () => world.now,
      syncMs: () => sample(diskSyncMs!, this.#random),
      // Only what a plan has made fail fails.
      failed: () => this.#onFailure?.(),
      after: (delayMs, callback) => {
        this.#node.afterOwn(delayMs, () => {
          world.turn.awaits();
          callback();
        });
      },
    };
  }
}
