/** Reads a recording as its text comes. What is wrong is said with the number of its line; what was cut off is read as far as it goes. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { check, explain, type Schema } from '../../core/schema.ts';
import type { NodeResult } from '../../core/result.ts';
import {
  RECORDING_VERSION,
  type BetweenLine,
  type LifeLine,
  type LifeName,
  type RecordingLine,
  type SealLine,
  type TurnLine,
} from '../../runtime/recording/recording.ts';
import type { Numbered, RecordedLife } from '../../runtime/recording/replay-life.ts';
import { whyNoEvent } from '../trace/event-shape.ts';
import { headerLine, LINES, type RecordingHeader } from './recording-schema.ts';

/** Characters of a line: a turn with the largest messages. */
const LINE_LENGTH_MAX = 1 << 26;

/** Characters of a file: as much as its replay can hold in memory. */
const FILE_LENGTH_MAX = 1 << 30;

/** Lives in one file: every node of a large run, reloaded now and then. */
const LIVES_MAX = 10_000;

/** A line is no part of a recording of this version. */
export class RecordingFileError extends Error {
  override readonly name = 'RecordingFileError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}

/** How a life ends in the file. */
export type LifeEnding = 'ended' | 'full' | 'cut off';

/** One life as it was read. */
export interface ReadLife extends RecordedLife {
  readonly ending: LifeEnding;
  /** Lines between which something was changed after it was recorded. */
  readonly changed: { readonly after: number; readonly before: number } | undefined;
}

/** A whole file. */
export interface ReadRecording {
  readonly header: RecordingHeader;
  /** In the order in which they began. */
  readonly lives: readonly ReadLife[];
  /** Number of the last line, when it was cut off in the middle. */
  readonly cutOffAt: number | undefined;
}

/** Takes the text of a file in pieces. */
export class RecordingReader {
  readonly #lives = new Map<string, OpenLife>();
  #header: RecordingHeader | undefined;
  #number = 0;
  #rest = '';
  #length = 0;

  /** @throws {RecordingFileError} at the first line that is none */
  push(text: string): void {
    this.#length += text.length;
    if (this.#length > FILE_LENGTH_MAX) {
      this.#fail(this.#number + 1, `the recording is longer than ${FILE_LENGTH_MAX} characters`);
    }
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.#rest + text.slice(from, end);
      this.#rest = '';
      from = end + 1;
      this.#take(line);
    }
    this.#rest += text.slice(from);
    if (this.#rest.length > LINE_LENGTH_MAX) {
      this.#fail(this.#number + 1, `the line is longer than ${LINE_LENGTH_MAX} characters`);
    }
  }

  /** What was read. @throws {RecordingFileError} when it is no recording at all */
  end(): ReadRecording {
    const cutOffAt = this.#rest.trim() === '' ? undefined : this.#number + 1;
    if (this.#header === undefined)
      this.#fail(1, 'it is no recording: the first line says what ran');
    const lives = Array.from(this.#lives.values(), (life) => life.read());
    return { header: this.#header, lives, cutOffAt };
  }

  #take(text: string): void {
    const number = ++this.#number;
    if (text.trim() === '') return;
    const value = parsed(text, number);
    if (this.#header === undefined) {
      this.#header = readHeader(value, number);
      return;
    }
    const line = readLine(value, number);
    const key = `${line.incarnation} ${line.node}`;
    let life = this.#lives.get(key);
    if (life === undefined) {
      if (!('restarted' in line)) {
        this.#fail(number, `the life of ${nameOf(line)} has no beginning`);
      }
      if (this.#lives.size >= LIVES_MAX)
        this.#fail(number, `there are more than ${LIVES_MAX} lives`);
      life = new OpenLife(line);
      this.#lives.set(key, life);
    } else if ('restarted' in line) this.#fail(number, `${nameOf(line)} begins twice`);
    const why = life.take(line, text, number);
    if (why !== undefined) this.#fail(number, why);
  }

  #fail(line: number, why: string): never {
    throw new RecordingFileError(line, why);
  }
}

/** A life that is being read. */
class OpenLife {
  readonly #life: LifeLine;
  readonly #lines: Numbered<TurnLine | BetweenLine>[] = [];
  readonly #hash = sha256.create();
  #turns = 0;
  #sealedAt = 0;
  #changed: ReadLife['changed'];
  #result: Numbered<NodeResult> | undefined;
  #isFull = false;

  constructor(life: LifeLine) {
    this.#life = life;
  }

  /** Why the line cannot stand here; undefined when it can. */
  take(line: RecordingLine, text: string, number: number): string | undefined {
    if ('sha256' in line) {
      this.#seal(line, number);
      return undefined;
    }
    if (this.#result !== undefined || this.#isFull) return `${nameOf(line)} has ended before`;
    this.#hash.update(utf8ToBytes(`${text}\n`));
    if ('turn' in line) {
      const expected = this.#turns + 1;
      if (line.turn !== expected) {
        return `turn ${line.turn} of ${nameOf(line)} stands where turn ${expected} should: lines are missing`;
      }
      this.#turns = expected;
    }
    if ('result' in line) this.#result = { number, line: line.result };
    else if ('full' in line) this.#isFull = true;
    else if (!('restarted' in line)) this.#lines.push({ number, line });
    return undefined;
  }

  read(): ReadLife {
    const ending = this.#result !== undefined ? 'ended' : this.#isFull ? 'full' : 'cut off';
    const [life, lines, result, changed] = [this.#life, this.#lines, this.#result, this.#changed];
    return { life, lines, result, ending, changed };
  }

  #seal({ sha256: seal }: SealLine, number: number): void {
    // Seals cover everything before them: behind the first that is broken, none says any more.
    if (this.#changed !== undefined) return;
    if (bytesToHex(this.#hash.clone().digest()) === seal) this.#sealedAt = number;
    else this.#changed = { after: this.#sealedAt, before: number };
  }
}

function parsed(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own words differ from one to the next.
    throw new RecordingFileError(number, 'it is not JSON');
  }
}

function readHeader(value: unknown, number: number): RecordingHeader {
  const version = (value as { readonly parley_recording?: unknown } | null)?.parley_recording;
  if (version === undefined) {
    throw new RecordingFileError(number, 'it is no recording: the first line says what ran');
  }
  if (version !== RECORDING_VERSION) {
    throw new RecordingFileError(
      number,
      `the recording is of version ${JSON.stringify(version)}, and this Parley reads version ${RECORDING_VERSION}: use the one that wrote it`,
    );
  }
  return valid(headerLine as Schema<unknown, RecordingHeader>, value, number);
}

function readLine(value: unknown, number: number): RecordingLine {
  const kind = Object.keys(LINES).find(
    (field) => typeof value === 'object' && value !== null && field in value,
  ) as keyof typeof LINES | undefined;
  if (kind === undefined) throw new RecordingFileError(number, 'it is no line of a recording');
  const line = valid(LINES[kind] as Schema<unknown, RecordingLine>, value, number);
  if (!('events' in line)) return line;
  for (const event of line.events ?? []) {
    const why = whyNoEvent(event);
    if (why !== undefined) throw new RecordingFileError(number, `an event in it: ${why}`);
    if (event.node !== line.node) {
      throw new RecordingFileError(
        number,
        `an event in it is of ${event.node}, not of ${line.node}`,
      );
    }
  }
  return line;
}

function valid<T>(schema: Schema<unknown, T>, value: unknown, number: number): T {
  const result = check(schema, value);
  if (result.issues === undefined) return result.value;
  throw new RecordingFileError(number, explain(result.issues));
}

/** A life's name for people: that of its node, until it was reloaded. */
export function nameOf({ node, incarnation }: LifeName): string {
  return incarnation <= 1 ? node : `${node} (incarnation ${incarnation})`;
}
