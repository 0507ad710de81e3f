/** The trace as a file: NDJSON, one event a line, and its SHA-256. Equal runs write equal bytes. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isSigned, statementOf } from '../core/signed.ts';
import type { TraceEvent } from '../core/trace.ts';

/** One line of the file, with its line feed. */
export function traceLine(event: TraceEvent): string {
  return `${JSON.stringify(event, printable)}\n`;
}

/** Hashes the lines of a trace as they come. */
export class TraceHash {
  readonly #hash = sha256.create();
  readonly #encoder = new TextEncoder();
  #text = '';

  add(line: string): void {
    this.#text += line;
    // Gathered, because each call into the hash costs more than the bytes of one line.
    if (this.#text.length > 1 << 16) this.#flush();
  }

  /** The hash of all lines, in hexadecimal. Adds nothing afterwards. */
  digest(): string {
    this.#flush();
    return bytesToHex(this.#hash.digest());
  }

  #flush(): void {
    this.#hash.update(this.#encoder.encode(this.#text));
    this.#text = '';
  }
}

/** Signed values and bytes as people read them; a trace is not parsed back into messages. */
function printable(_key: string, value: unknown): unknown {
  if (isSigned(value)) {
    const { type, signer, fields } = statementOf(value);
    return { $signed: type, signer, ...fields };
  }
  if (value instanceof Uint8Array) return { $bytes: bytesToHex(value) };
  return value;
}
