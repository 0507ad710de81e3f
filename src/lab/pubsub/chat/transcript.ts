/** What was said in one topic, in an order that is the same for everybody once they have heard the same. */

import type { NodeId } from '../../../core/id.ts';

/** One message of a chat. */
export interface Line {
  readonly origin: NodeId;
  /** Which life of its author: numbers begin anew with each. */
  readonly life: number;
  readonly sequence: number;
  /** Grows along every answer. */
  readonly lamport: number;
  /** Milliseconds since 1970 on its author's clock. */
  readonly sentAt: number;
  readonly text: string;
  /** It came after others that stand below it: its author was cut off, or this tab. */
  readonly isLate: boolean;
}

/** How far one has read: the number of the last message, by its author and life. */
export type ReadMarks = Readonly<Record<string, number>>;

/** Messages of one topic that are kept at hand: who scrolls further has other needs. */
export const LINES_MAX = 2000;

/** One topic's messages. */
export class Transcript {
  #lines: Line[] = [];
  readonly #names = new Set<string>();
  readonly #read: Map<string, number>;

  constructor(lines: readonly Line[] = [], read: ReadMarks = {}) {
    this.#read = new Map(Object.entries(read));
    for (const line of lines) this.add(line, false);
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** How far one has read. */
  get marks(): ReadMarks {
    return Object.fromEntries(this.#read);
  }

  /** Takes a message; false for one that is here already. `isNews`: it is marked as late where others stand below it. */
  add(line: Line, isNews = true): boolean {
    const name = nameOf(line);
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    let at = this.#lines.length;
    while (at > 0 && isBefore(line, this.#lines[at - 1]!)) at--;
    const isLate = isNews ? at < this.#lines.length : line.isLate;
    this.#lines = [...this.#lines.slice(0, at), { ...line, isLate }, ...this.#lines.slice(at)];
    if (this.#lines.length > LINES_MAX) this.#names.delete(nameOf(this.#lines.shift()!));
    return true;
  }

  /** Everything that is here has been seen. */
  markRead(): void {
    for (const { origin, life, sequence } of this.#lines) {
      const stream = `${life}/${origin}`;
      this.#read.set(stream, Math.max(sequence, this.#read.get(stream) ?? 0));
    }
  }

  /** Messages of others that have not been seen. */
  unread(me: NodeId | undefined): number {
    return this.#lines.filter((line) => line.origin !== me && !this.isRead(line)).length;
  }

  /** Whether it has been seen. */
  isRead({ origin, life, sequence }: Line): boolean {
    return sequence <= (this.#read.get(`${life}/${origin}`) ?? 0);
  }
}

/** Names a message among all of a chat. */
export function nameOf({ origin, life, sequence }: Line): string {
  return `${life}/${origin}:${sequence}`;
}

/** By Lamport times an answer stands below its question; who spoke at the same time stands in the order of names. */
function isBefore(a: Line, b: Line): boolean {
  if (a.lamport !== b.lamport) return a.lamport < b.lamport;
  if (a.origin !== b.origin) return a.origin < b.origin;
  return a.life === b.life ? a.sequence < b.sequence : a.life < b.life;
}
