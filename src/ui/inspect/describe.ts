/** Events in words: what the table lists, the stage says and the filter searches. */

import type { DropReason, TraceEvent } from '../../core/trace.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import { countBefore, type Recording } from '../../lab/playback.ts';
import { printBytes } from '../kit/print-number.ts';
import { printValue, sameValue, signedIn } from '../kit/print-value.ts';
import { STATUS_LOOKS } from '../stage/looks.ts';

/** The columns of the event table. */
export interface EventRow {
  /** What happened, in one word. */
  readonly verb: string;
  /** The message, timer or algorithm that it is about. */
  readonly subject: string;
  /** The other node, with an arrow. */
  readonly peer: string;
  readonly detail: string;
}

/** Why a message was dropped, in words. */
export const DROP_WORDS: { readonly [reason in DropReason]: string } = {
  schema: 'it does not fit its schema',
  unlinked: 'its sender has no link to here',
  undeclared: 'no such message is declared here',
  signature: 'a signature is wrong',
  malformed: 'it is malformed',
  unexpected: 'nobody waits for this answer any more',
  overflow: 'it came before the start, and the buffer was full',
  down: 'the node was down',
  removed: 'it was taken out by hand',
};

/** Changes of a state that one line names. */
const CHANGES_MAX = 4;

const ROLE_NOTES = { cast: '', request: '', reply: ' (answer)', error: ' (refusal)' } as const;

/** An event as a row of the table. */
export function eventRow(recording: Recording, index: number): EventRow {
  const event = recording.events[index]!;
  switch (event.kind) {
    case 'send':
      return {
        verb: event.role === 'reply' ? 'answers' : event.role === 'error' ? 'refuses' : 'sends',
        subject: qualified(event),
        peer: `→ ${event.to}`,
        detail: printValue(event.body),
      };
    case 'deliver':
      return {
        verb: 'receives',
        subject: qualified(event) + ROLE_NOTES[event.role],
        peer: `← ${event.from}`,
        detail: bodyOf(recording, event) ?? printBytes(event.bytes),
      };
    case 'drop':
      return {
        ...{ verb: 'drops', subject: qualified(event), peer: `← ${event.from}` },
        detail: [DROP_WORDS[event.reason], event.detail].filter(Boolean).join(': '),
      };
    case 'timer':
      return { verb: 'timer', subject: event.name, peer: '', detail: childPath(event.path) };
    case 'state':
      return {
        ...{ verb: 'state', subject: childPath(event.path), peer: '' },
        detail: changes(recording, index, event),
      };
    case 'output':
      return {
        ...{ verb: 'delivers', subject: event.type, peer: '' },
        detail: printValue(event.value),
      };
    case 'log':
      return { verb: event.level, subject: childPath(event.path), peer: '', detail: event.text };
    case 'status':
      return {
        ...{ verb: 'status', subject: STATUS_LOOKS[event.status].word, peer: '' },
        detail: event.detail ?? '',
      };
    case 'fault':
      return {
        ...{ verb: 'fault', subject: event.fault },
        peer: event.to === undefined ? '' : `→ ${event.to}`,
        detail: event.detail,
      };
    case 'violation':
      return { verb: 'violation', subject: event.invariant, peer: '', detail: event.detail };
  }
}

/** An event as a sentence. */
export function sentence(recording: Recording, index: number): string {
  const event = recording.events[index]!;
  const { node } = event;
  switch (event.kind) {
    case 'send':
      if (event.role === 'reply') return `${node} answers ${event.to}’s ${event.type}`;
      if (event.role === 'error') return `${node} refuses ${event.to}’s ${event.type}`;
      return `${node} sends ${event.type} to ${event.to}`;
    case 'deliver':
      if (event.role === 'reply') return `${node} gets ${event.from}’s answer to ${event.type}`;
      if (event.role === 'error') return `${node}’s ${event.type} was refused by ${event.from}`;
      return `${node} receives ${event.type} from ${event.from}`;
    case 'drop':
      return `${node} drops ${event.type} from ${event.from}: ${DROP_WORDS[event.reason]}`;
    case 'timer':
      return `${node}: the timer ${event.name} fires`;
    case 'state':
      return `${node}: ${changes(recording, index, event)}`;
    case 'output':
      return `${node} delivers ${event.type}: ${printValue(event.value, 60)}`;
    case 'log':
      return `${node}: “${event.text}”`;
    case 'status':
      return `${node} is ${STATUS_LOOKS[event.status].word}`;
    case 'fault':
      return `${node}: ${event.fault} (${event.detail})`;
    case 'violation':
      return `${event.invariant}: broken at ${node}`;
  }
}

/** The type of a message with the path of the child algorithm it belongs to, if it does. */
function qualified(event: { readonly path: string; readonly type: string }): string {
  const path = childPath(event.path);
  return path === '' ? event.type : `${path}.${event.type}`;
}

/** The path without the run's own algorithm: empty for it, `broadcast` for its child. */
export function childPath(path: string): string {
  const dot = path.indexOf('.');
  return dot === -1 ? '' : path.slice(dot + 1);
}

function bodyOf(recording: Recording, event: TraceEvent): string | undefined {
  const flight = recording.flightOf(event);
  const send = flight === undefined ? undefined : recording.events[flight.sendIndex];
  return send?.kind === 'send' ? printValue(send.body) : undefined;
}

function changes(
  recording: Recording,
  index: number,
  event: TraceEvent & { readonly kind: 'state' },
): string {
  const before = previousState(recording, index, event);
  const now = event.state;
  if (before === undefined) return printValue(now);
  const changed = differences(before, now, '').slice(0, CHANGES_MAX);
  return changed.length === 0 ? printValue(now) : changed.join(', ');
}

/** What differs between two states, each as `key old → new`; goes into maps, so that the change is named and not its surroundings. */
function differences(before: Value | undefined, now: Value | undefined, path: string): string[] {
  if (sameValue(before, now)) return [];
  if (!isMap(before) || !isMap(now)) {
    if (before === undefined) return [`${path} is ${printValue(now, 48)}`];
    if (now === undefined) return [`${path} is gone`];
    return [`${path} ${printValue(before, 24)} → ${printValue(now, 48)}`.trim()];
  }
  const [old, fresh]: [ValueMap, ValueMap] = [before, now];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return keys.flatMap((key) =>
    differences(old[key], fresh[key], path === '' ? key : `${path}.${key}`),
  );
}

function previousState(
  recording: Recording,
  index: number,
  event: TraceEvent & { readonly kind: 'state' },
): Value | undefined {
  const indexes = recording.track(event.node)?.states.get(event.path) ?? [];
  const before = recording.events[indexes[countBefore(indexes, index) - 1] ?? -1];
  return before?.kind === 'state' ? before.state : undefined;
}

/** True for a map: something with named entries. */
export function isMap(value: Value | undefined): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    signedIn(value) === undefined
  );
}
