/** What people should know of a room, and what ends nothing. */

import type { RoomNotice } from '../lab-service.ts';

/** Notices that are kept; the oldest make room. */
const NOTICES_MAX = 20;

/** A list of notices, each of which is said once. */
export class Notices {
  readonly #changed: () => void;
  readonly #said = new Set<string>();
  #list: readonly RoomNotice[] = [];
  #last = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Oldest first. */
  get list(): readonly RoomNotice[] {
    return this.#list;
  }

  /** Says something, unless the same was said before. */
  say(severity: RoomNotice['severity'], text: string): void {
    if (this.#said.has(text)) return;
    if (this.#said.size > 10 * NOTICES_MAX) this.#said.clear();
    this.#said.add(text);
    this.#list = [...this.#list, { id: ++this.#last, severity, text }].slice(-NOTICES_MAX);
    this.#changed();
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
    this.#changed();
  }
}
