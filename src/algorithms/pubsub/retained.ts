/** The last value of each topic, for those who come later: kept when its batch is kept no more. */

import { RETAINED_MAX, type Batch } from './messages.ts';

/** A last value: a message of a batch. */
export interface LastValue {
  readonly batch: Batch;
  readonly index: number;
  /** Messages of the batch before it. */
  readonly offset: number;
}

/** Last values by topic. All nodes that have heard the same keep the same: the greatest Lamport time wins, then the greater name. */
export class LastValues {
  readonly #values = new Map<string, LastValue>();

  /** Notes the messages of a batch that are to be retained; returns the topics whose value has changed. */
  note(batch: Batch): string[] {
    const changed: string[] = [];
    let offset = 0;
    for (const [index, { topic, retain, count = 1 }] of batch.messages.entries()) {
      if (retain && this.#isNewer(topic, batch, offset)) {
        this.#values.delete(topic);
        this.#values.set(topic, { batch, index, offset });
        changed.push(topic);
      }
      offset += count;
    }
    return changed;
  }

  /** The topics that have to go, so that there are not too many: those whose value is oldest here. */
  crowdedOut(): string[] {
    const topics = [...this.#values.keys()].slice(0, Math.max(0, this.#values.size - RETAINED_MAX));
    for (const topic of topics) this.#values.delete(topic);
    return topics;
  }

  /** By topic. A value of null says that there is none any more. */
  [Symbol.iterator](): Iterator<readonly [topic: string, value: LastValue]> {
    return this.#values.entries();
  }

  get(topic: string): LastValue | undefined {
    return this.#values.get(topic);
  }

  #isNewer(topic: string, batch: Batch, offset: number): boolean {
    const known = this.#values.get(topic);
    if (known === undefined) return true;
    const difference = batch.lamport + offset - (known.batch.lamport + known.offset);
    return difference > 0 || (difference === 0 && batch.signer > known.batch.signer);
  }
}
