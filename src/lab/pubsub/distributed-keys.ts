/** Payloads under the keys that members give to each other: `key-schedule.ts` says which, and this encrypts with them. */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import { KEY_NAME_BYTES } from './key-notes.ts';
import type { KeySchedule } from './key-schedule.ts';
import { NOT_ENCRYPTED, PayloadCipher, type Opened, type PayloadKeys } from './payload-cipher.ts';

const WHY = {
  refused: 'it was published while this member did not belong to the group',
  'nobody has it': 'nobody who is here has its key',
} as const;

/** The keys of one member, as it uses them. */
export class DistributedKeys implements PayloadKeys {
  readonly #cipher = new PayloadCipher(KEY_NAME_BYTES);
  readonly #schedule: KeySchedule;

  constructor(schedule: KeySchedule) {
    this.#schedule = schedule;
  }

  seal(author: NodeId, topic: string, payload: Value): Value | Promise<Value> {
    return this.#cipher.seal(this.#schedule.own(), author, topic, payload);
  }

  open(author: NodeId, topic: string, payload: Value): Opened | Promise<Opened> {
    const parts = this.#cipher.partsOf(payload);
    if (parts === undefined) return NOT_ENCRYPTED;
    const found = this.#schedule.find(author, parts.name);
    if (found === 'awaited') return { kind: 'awaited' };
    if (typeof found === 'string') return { kind: 'refused', reason: WHY[found] };
    return this.#cipher.open(parts, found.key, author, topic);
  }
}
