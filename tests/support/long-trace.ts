/** A long trace as a file: nodes that gossip without end over links that keep order, lose a little, and are restarted now and then. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { Random } from '../../src/core/random.ts';
import { traceLine } from '../../src/runtime/trace-file.ts';
import type { TraceEvent } from '../../src/core/trace.ts';

/** How long, and what of it to change so that two files differ. */
export interface LongTraceOptions {
  readonly events: number;
  readonly nodes?: number;
  readonly seed?: number;
  /** Index of an event that gets another time. */
  readonly oddAt?: number;
}

interface OnTheWay {
  readonly message: string;
  readonly from: string;
  readonly type: string;
}

const TYPES = ['push', 'pull', 'ack', 'vote'];

/** The events, made as they are asked for. */
export function* longTrace(options: LongTraceOptions): Generator<TraceEvent> {
  const { events, nodes = 8, seed = 1, oddAt = -1 } = options;
  const random = Random.stream(seed, 'long trace');
  const ids = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
  const sequences = ids.map(() => 0);
  const numbers = ids.map(() => 0);
  const inboxes: OnTheWay[][] = ids.map(() => []);
  const message = { path: 'gossip', role: 'cast', bytes: 42 } as const;
  for (let index = 0; index < events; index++) {
    const at = Math.floor(random.next() * nodes);
    const node = ids[at]!;
    const time = index === oddAt ? index / 1000 + 0.0005 : index / 1000;
    const where = { time, node, sequence: ++sequences[at]! };
    const inbox = inboxes[at]!;
    const what = random.next();
    if (what < 0.45 && inbox.length > 0) {
      const { message: name, from, type } = inbox.shift()!;
      yield { ...where, kind: 'deliver', from, message: name, type, ...message };
    } else if (what < 0.9) {
      const to = (at + 1 + Math.floor(random.next() * (nodes - 1))) % nodes;
      const name = `${node}#${++numbers[at]!}`;
      const type = TYPES[Math.floor(random.next() * TYPES.length)]!;
      const body = { round: numbers[at]!, rumours: [index % 97, index % 89, index % 83] };
      yield { ...where, kind: 'send', to: ids[to]!, body, message: name, type, ...message };
      if (random.next() < 0.99) inboxes[to]!.push({ message: name, from: node, type });
    } else if (what < 0.97) {
      yield {
        ...where,
        kind: 'state',
        path: 'gossip',
        state: { round: numbers[at]!, heard: index },
      };
    } else yield { ...where, kind: 'timer', path: 'gossip', name: 'tick' };
  }
}

/** Writes the file. */
export function writeLongTrace(file: string, options: LongTraceOptions): void {
  const descriptor = openSync(file, 'w');
  let text = '';
  for (const event of longTrace(options)) {
    text += traceLine(event);
    if (text.length < 1 << 20) continue;
    writeSync(descriptor, text);
    text = '';
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
}
