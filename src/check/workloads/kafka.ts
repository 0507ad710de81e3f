/**
 * Logs with offsets, as Kafka's partitions: Jepsen's kafka checker, without its transactions' cycles.
 *
 * Of each key the messages are put in the order of their offsets; offsets may have gaps. Then
 * - inconsistent-offset: two messages at one offset; duplicate: one message at two offsets;
 * - lost-write: an acknowledged message that nobody polled, although one behind it was polled;
 * - aborted-read: a polled message whose send failed; phantom: one that nobody sent;
 * - skipped-poll, nonmonotonic-poll: a process polls a message and next one that does not follow it, or does not come later, without having
 *   been assigned anew in between; with `internal-` the same within one operation;
 * - nonmonotonic-send: a process sends a message, then another, which gets a lower offset.
 */

import { nameOf, type Operation, type ProcessId } from '../history.ts';
import { listed } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { microOperations, type Poll, type Send } from './kafka-log.ts';
import { operationsNamed } from './workload.ts';

/** Operations that read and write. */
const TRANSFERS = ['send', 'poll', 'txn'];

/** Operations that begin to read anew, wherever that is. */
const ASSIGNMENTS = ['assign', 'subscribe', 'crash'];

/** What has become of one message of a key. */
interface Message {
  readonly text: string;
  readonly offsets: Set<number>;
  readonly sends: Operation[];
  readonly polls: Operation[];
}

/** One key. */
interface Log {
  readonly key: string;
  readonly messages: Map<string, Message>;
  readonly byOffset: Map<number, Set<string>>;
  /** The places of the messages in the order of their offsets. */
  readonly places: Map<string, number>;
  highestPolled: number;
}

/** Judges `send`, `poll` and `txn`, beside `assign`, `subscribe` and `crash`. */
export function checkKafka(operations: readonly Operation[]): Verdict {
  const ignored = ['commit_offsets', 'list_committed_offsets'];
  const own = operationsNamed(operations, [...TRANSFERS, ...ASSIGNMENTS], ignored);
  const transfers = own.filter(({ f }) => TRANSFERS.includes(f));
  const micros = new Map(transfers.map((one) => [one, microOperations(one)]));
  const logs = new Map<string, Log>();
  for (const [operation, parts] of micros) for (const part of parts) note(logs, operation, part);
  const findings = new Findings();
  for (const log of logs.values()) {
    checkOffsets(log, findings);
    checkMessages(log, findings);
  }
  checkProcesses(own, micros, logs, findings);
  return verdictOf(logs, findings);
}

function note(logs: Map<string, Log>, operation: Operation, part: Send | Poll): void {
  const { key } = part;
  let log = logs.get(key);
  if (log === undefined) {
    const [messages, byOffset, places] = [new Map(), new Map(), new Map()];
    logs.set(key, (log = { key, messages, byOffset, places, highestPolled: -Infinity }));
  }
  if (part.kind === 'send') {
    const message = messageOf(log, part.message);
    message.sends.push(operation);
    if (part.offset !== undefined) noteOffset(log, message, part.offset);
    return;
  }
  for (const { offset, message: text } of part.messages) {
    const message = messageOf(log, text);
    message.polls.push(operation);
    noteOffset(log, message, offset);
    log.highestPolled = Math.max(log.highestPolled, offset);
  }
}

function messageOf(log: Log, text: string): Message {
  let message = log.messages.get(text);
  if (message === undefined) {
    message = { text, offsets: new Set(), sends: [], polls: [] };
    log.messages.set(text, message);
  }
  return message;
}

function noteOffset(log: Log, message: Message, offset: number): void {
  message.offsets.add(offset);
  const there = log.byOffset.get(offset);
  if (there === undefined) log.byOffset.set(offset, new Set([message.text]));
  else there.add(message.text);
}

function checkOffsets(log: Log, findings: Findings): void {
  const offsets = [...log.byOffset.keys()].toSorted((a, b) => a - b);
  for (const offset of offsets) {
    const texts = [...log.byOffset.get(offset)!];
    for (const text of texts) if (!log.places.has(text)) log.places.set(text, log.places.size);
    if (texts.length === 1) continue;
    const operations = texts.flatMap((text) => witnesses(log.messages.get(text)!));
    const detail = () => `offset ${offset} of ${log.key} holds ${listed(texts, 5, ' and ')}`;
    findings.add('inconsistent-offset', operations, detail);
  }
}

function checkMessages(log: Log, findings: Findings): void {
  for (const message of log.messages.values()) {
    const { text, offsets, sends, polls } = message;
    const add = (kind: string, detail: () => string) =>
      findings.add(kind, witnesses(message), detail);
    if (offsets.size > 1) {
      const places = listed([...offsets].map(String), 5, ' and ');
      add('duplicate', () => `${text} stands in ${log.key} at the offsets ${places}`);
    }
    if (polls.length > 0 && sends.length === 0) {
      add(
        'phantom',
        () => `${nameOf(polls[0]!)} returned ${text} of ${log.key}, which nobody sent`,
      );
    } else if (polls.length > 0 && sends.every(({ outcome }) => outcome === 'fail')) {
      const detail = () => `${nameOf(polls[0]!)} returned ${text} of ${log.key}, whose send failed`;
      add('aborted-read', detail);
    }
    const sent = sends.find(({ outcome }) => outcome === 'ok');
    const isPassed = [...offsets].some((offset) => offset < log.highestPolled);
    if (sent !== undefined && polls.length === 0 && isPassed) {
      const detail = () =>
        `${nameOf(sent)} put ${text} into ${log.key} at offset ${[...offsets][0]}; offset ${log.highestPolled} was polled, this never`;
      add('lost-write', detail);
    }
  }
}

function witnesses({ sends, polls }: Message): number[] {
  return [...sends, ...polls].slice(0, 4).map(({ index }) => index);
}

/** A process goes through its operations in order: what it sends and polls must follow what it sent and polled before. */
function checkProcesses(
  operations: readonly Operation[],
  micros: ReadonlyMap<Operation, readonly (Send | Poll)[]>,
  logs: ReadonlyMap<string, Log>,
  findings: Findings,
): void {
  const processes = new Map<ProcessId, Reader>();
  for (const operation of operations) {
    let reader = processes.get(operation.process);
    if (reader === undefined) {
      processes.set(operation.process, (reader = { polled: new Map(), sent: new Map() }));
    }
    // Where a reader stands whose poll has no answer, nobody knows.
    if (ASSIGNMENTS.includes(operation.f) || operation.outcome !== 'ok') reader.polled.clear();
    if (operation.outcome !== 'ok') continue;
    for (const part of micros.get(operation) ?? []) {
      if (part.kind === 'poll') follow(logs.get(part.key)!, part, operation, reader, findings);
      else send(part, operation, reader, findings);
    }
  }
}

/** Where a process stands in each key. */
interface Reader {
  readonly polled: Map<string, { readonly text: string; readonly by: Operation }>;
  readonly sent: Map<string, { readonly offset: number; readonly by: Operation }>;
}

function follow(
  log: Log,
  { key, messages }: Poll,
  operation: Operation,
  { polled }: Reader,
  findings: Findings,
): void {
  for (const { message: text } of messages) {
    const last = polled.get(key);
    polled.set(key, { text, by: operation });
    if (last === undefined) continue;
    const step = log.places.get(text)! - log.places.get(last.text)!;
    if (step === 1) continue;
    const kind = step > 1 ? 'skipped-poll' : 'nonmonotonic-poll';
    const isInternal = last.by === operation;
    const detail = () =>
      `${nameOf(operation)} polls ${text} of ${key} after ${last.text}, which ${step > 1 ? `is ${step} places before it` : 'does not come before it'}`;
    findings.add(isInternal ? `internal-${kind}` : kind, [last.by.index, operation.index], detail);
  }
}

function send(
  { key, offset }: Send,
  operation: Operation,
  { sent }: Reader,
  findings: Findings,
): void {
  if (offset === undefined) return;
  const last = sent.get(key);
  sent.set(key, { offset, by: operation });
  if (last === undefined || last.offset < offset) return;
  const kind = last.by === operation ? 'internal-nonmonotonic-send' : 'nonmonotonic-send';
  const detail = () =>
    `${nameOf(operation)} sends to offset ${offset} of ${key} after offset ${last.offset}`;
  findings.add(kind, [last.by.index, operation.index], detail);
}

function verdictOf(logs: ReadonlyMap<string, Log>, findings: Findings): Verdict {
  const messages = [...logs.values()].flatMap((log) => [...log.messages.values()]);
  const sent = messages.filter(({ sends }) => sends.some(({ outcome }) => outcome === 'ok'));
  const polled = messages.filter(({ polls }) => polls.length > 0);
  const facts = {
    keys: logs.size,
    acknowledged: sent.length,
    polled: polled.length,
    unseen: sent.filter(({ polls }) => polls.length === 0).length,
  };
  const unknown = polled.length === 0 ? 'nothing was polled' : undefined;
  const fine = `${polled.length} messages were polled in the order of their offsets, none is lost`;
  return findings.verdict(fine, { facts, unknown });
}
