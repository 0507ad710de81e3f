/**
 * What one member says in a closed room, numbered and cut: the numbers are sealed in, so whoever carries it can neither show it twice nor
 * change its order, and a payload that is too large for one frame once it is sealed goes in two.
 *
 *     number (8) | first (1), last (2) | JSON
 */

import { CLIENT_FRAME_BYTES_MAX, isShallow } from './protocol.ts';

/** Bytes of JSON in one part: sealed and in base64 they stay below a frame, with room for what stands around them. */
export const PART_BYTES_MAX = 90 * 1024;

const NUMBER_BYTES = 8;
const HEADER_BYTES = NUMBER_BYTES + 1;
const FIRST = 1;
const LAST = 2;

/**
 * Numbers of one sender. They begin at the time of day: should two tabs ever hold the same incarnation (a duplicated one does after a
 * reload), the later is not taken for a replay of the earlier.
 */
export class PartWriter {
  #number: number;

  constructor(nowMs: number) {
    // A thousand parts a millisecond are more than any tab sends, and the sum is exact for two centuries.
    this.#number = nowMs * 1024;
  }

  /** The parts of one payload, to be sealed and sent one right after the other. */
  *partsOf(payload: unknown): Iterable<Uint8Array> {
    const json = new TextEncoder().encode(JSON.stringify(payload));
    for (let at = 0; at < json.length; at += PART_BYTES_MAX) {
      const content = json.subarray(at, at + PART_BYTES_MAX);
      const part = new Uint8Array(HEADER_BYTES + content.length);
      new DataView(part.buffer).setBigUint64(0, BigInt(++this.#number));
      part[NUMBER_BYTES] = (at === 0 ? FIRST : 0) | (at + PART_BYTES_MAX < json.length ? 0 : LAST);
      part.set(content, HEADER_BYTES);
      yield part;
    }
  }
}

/** What became of a part: it completed a payload, more of it will come, it came before, or it can be none. */
export type PartOutcome =
  | { readonly kind: 'payload'; readonly payload: unknown }
  | { readonly kind: 'partial' }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'malformed' };

/** Puts together what one sender says, and knows how far that is. */
export class PartReader {
  #number = 0;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /** Takes an opened part. */
  take(part: Uint8Array): PartOutcome {
    if (part.length < HEADER_BYTES) return { kind: 'malformed' };
    const number = Number(new DataView(part.buffer, part.byteOffset).getBigUint64(0));
    if (number <= this.#number) return { kind: 'replayed' };
    const isNext = number === this.#number + 1;
    this.#number = number;
    const flags = part[NUMBER_BYTES]!;
    if ((flags & FIRST) !== 0) this.#forget();
    // The parts of a payload are numbered without a gap: one before this was lost.
    else if (!isNext || this.#parts.length === 0) return this.#refuse();
    const content = part.subarray(HEADER_BYTES);
    this.#bytes += content.length;
    if (this.#bytes > CLIENT_FRAME_BYTES_MAX) return this.#refuse();
    this.#parts.push(content);
    if ((flags & LAST) === 0) return { kind: 'partial' };
    const payload = parse(this.#parts);
    this.#forget();
    return payload === undefined ? { kind: 'malformed' } : { kind: 'payload', payload };
  }

  #refuse(): PartOutcome {
    this.#forget();
    return { kind: 'malformed' };
  }

  #forget(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}

function parse(parts: readonly Uint8Array[]): unknown {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const text = parts.map((part) => decoder.decode(part, { stream: true })).join('');
    const payload = JSON.parse(text + decoder.decode()) as unknown;
    return isShallow(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}
