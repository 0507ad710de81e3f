/**
 * The trace as a file: NDJSON, one event a line, and its SHA-256. Equal runs write equal bytes.
 *
 * A header line may stand before the events. It says what ran, and is not part of the hash.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isSigned, statementOf } from '../core/signed.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { Value } from '../core/value.ts';

/** The version of the schema: raised when a reader of older traces would misunderstand newer ones, not when kinds or fields are added. */
export const TRACE_VERSION = 1;

/** The first line of a file that says what ran; every fact may be missing. */
export interface TraceHeader {
  /** {@link TRACE_VERSION} of the writer; also what tells a header from an event. */
  readonly parley_trace: number;
  readonly algorithm?: string;
  readonly mode?: string;
  readonly format?: string;
  readonly seed?: number;
  /** Names of the bugs that were put into the algorithm. */
  readonly breaks?: readonly string[];
  /** Ids in the order of the configuration. */
  readonly nodes?: readonly string[];
  readonly config?: string;
  readonly config_sha256?: string;
  /** True when events were left out. */
  readonly filtered?: boolean;
  readonly [fact: string]: unknown;
}

/** The header as a line, with its line feed. */
export function traceHeaderLine(facts: Omit<TraceHeader, 'parley_trace'>): string {
  return `${JSON.stringify({ parley_trace: TRACE_VERSION, ...facts })}\n`;
}

/** One line of the file, with its line feed. */
export function traceLine(event: TraceEvent): string {
  return `${JSON.stringify(printableEvent(event))}\n`;
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
export function printableEvent(event: TraceEvent): TraceEvent {
  switch (event.kind) {
    case 'send':
      return isPlain(event.body) ? event : { ...event, body: printable(event.body) as Value };
    case 'state':
      return isPlain(event.state) ? event : { ...event, state: printable(event.state) as Value };
    case 'output':
      return isPlain(event.value) ? event : { ...event, value: printable(event.value) as Value };
    default:
      return event;
  }
}

/** True for what JSON prints as it should: most events, which then need no copy. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (isSigned(value) || value instanceof Uint8Array) return false;
  for (const key in value) {
    if (!isPlain((value as Record<string, unknown>)[key])) return false;
  }
  return true;
}

/** Signed values and bytes in any value as people read them. */
export function printable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(printable);
  if (value instanceof Uint8Array) return { $bytes: bytesToHex(value) };
  if (isSigned(value)) {
    const { type, signer, fields } = statementOf(value);
    return { $signed: type, signer, ...(printable(fields) as object) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item)]));
}
