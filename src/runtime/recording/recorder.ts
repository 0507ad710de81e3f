/** Writes down what happens to one live node, turn by turn, as lines of a recording. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { NodeResult } from '../../core/result.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { NodeInput } from '../node-input.ts';
import { printable, printableEvent } from '../trace-file.ts';
import { recordedInput } from './recorded-input.ts';
import { LIFE_LENGTH_MAX, type LifeLine } from './recording.ts';

/** Milliseconds for which lines are gathered: as much is lost when the node's tab is killed. */
const GATHER_MS = 50;

/** Characters that are handed on at once, however young: a burst must not grow into one message that no page takes. */
const CHUNK_LENGTH = 1 << 20;

/** Takes whole lines with their line feeds; `isFull` with the last, when there would be more. */
export type TakeLines = (lines: string, isFull: boolean) => void;

/** The recording of one life of a node. */
export class Recorder {
  readonly #name: string;
  readonly #take: TakeLines;
  readonly #lengthMax: number;
  readonly #hash = sha256.create();
  #turns = 0;
  /** The line of the turn that goes on, without its end; undefined between turns. */
  #line: string | undefined;
  #waits: number[] = [];
  #events: string[] = [];
  #text = '';
  #length = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(
    { node, incarnation, restarted, storage }: LifeLine,
    take: TakeLines,
    lengthMax = LIFE_LENGTH_MAX,
  ) {
    this.#name = `{"node":${JSON.stringify(node)},"incarnation":${incarnation}`;
    this.#take = take;
    this.#lengthMax = lengthMax;
    this.#add(`"restarted":${restarted},"storage":${JSON.stringify(storage)}`);
  }

  /** A turn begins. Its input is written before anybody can change what is in it. */
  begin(input: NodeInput, timeMs: number): void {
    if (this.#isClosed) return;
    this.#endBetween();
    const number = ++this.#turns;
    const text = JSON.stringify(recordedInput(input));
    this.#line = `"turn":${number},"time":${timeMs},"input":${text}`;
  }

  /** A sending of this turn has to wait until it is accepted. */
  waits(number: number): void {
    this.#waits.push(number);
  }

  /** Something was written into the trace. */
  event(event: TraceEvent): void {
    if (!this.#isClosed) this.#events.push(JSON.stringify(printableEvent(event)));
  }

  /** The turn is over. */
  end(): void {
    if (this.#line === undefined) return;
    const waits = this.#waits.length === 0 ? '' : `,"waits":[${this.#waits.join(',')}]`;
    const events = this.#events.length === 0 ? '' : `,"events":[${this.#events.join(',')}]`;
    const line = `${this.#line}${waits}${events}`;
    this.#line = undefined;
    this.#waits = [];
    this.#events = [];
    this.#add(line);
  }

  /** The node has ended: hands on what is left. */
  finish(result: NodeResult): void {
    if (this.#isClosed) return;
    this.#endBetween();
    const text = JSON.stringify({ ...result, report: printable(result.report) });
    this.#add(`"result":${text}`);
    this.#flush(false);
    this.#close();
  }

  #endBetween(): void {
    if (this.#events.length === 0) return;
    const events = this.#events.join(',');
    this.#events = [];
    this.#add(`"events":[${events}]`);
  }

  #add(rest: string): void {
    if (this.#isClosed) return;
    const line = `${this.#name},${rest}}\n`;
    if (this.#length + line.length > this.#lengthMax) {
      this.#text += `${this.#name},"full":true}\n`;
      this.#flush(true);
      this.#close();
      return;
    }
    this.#text += line;
    this.#length += line.length;
    if (this.#text.length > CHUNK_LENGTH) this.#flush(false);
    else this.#timer ??= setTimeout(() => this.#flush(false), GATHER_MS);
  }

  #flush(isFull: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === '') return;
    this.#hash.update(utf8ToBytes(this.#text));
    const seal = bytesToHex(this.#hash.clone().digest());
    const sealed = `${this.#text}${this.#name},"sha256":"${seal}"}\n`;
    this.#text = '';
    this.#take(sealed, isFull);
  }

  #close(): void {
    this.#isClosed = true;
    this.#line = undefined;
    this.#events = [];
  }
}
