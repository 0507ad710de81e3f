/**
 * A client at each node, so that a run shows something and comes to its end: it proposes commands one after the other, each until it
 * is answered, and reads between them. It is a client like any other: `sessions.ts` sees to it that nothing happens twice.
 */

import type { Value } from '../../core/value.ts';
import type { Outcome } from './messages.ts';
import { proposeHere } from './proposals.ts';
import { readHere } from './reads.ts';
import type { Step } from './step.ts';

/** What a node's client is about. */
export interface Workload {
  /** Operations to do, and done. */
  readonly planned: number;
  done: number;
  /** Tickets of its calls are negative, so that they are nobody else's. */
  ticket: number;
  /** Its call is under way. */
  isBusy: boolean;
  /** Tries of the operation that is under way. */
  tries: number;
  hasBegun: boolean;
  begunAtMs: number;
  /** What it was answered. */
  readonly seen: Seen[];
}

/** An operation that was answered. */
export interface Seen {
  readonly f: string;
  readonly key: string;
  /** The text that was appended, or read. */
  readonly text: string;
  /** Where in the log it stands. */
  readonly index: number;
  readonly begunAtMs: number;
  readonly endedAtMs: number;
}

/** Keys that all clients write: few, so that they meet. */
const KEYS = ['x', 'y'];

/** A client with so many operations before it. */
export function newWorkload(planned: number): Workload {
  const idle = { isBusy: false, tries: 0, hasBegun: false, begunAtMs: 0 };
  return { planned, done: 0, ticket: 0, ...idle, seen: [] };
}

/** The node has started: its client begins, unless it had done everything before. */
export function beginWork({ state, out }: Step, done: Value | undefined): void {
  const { workload, own } = state;
  workload.done = Number(done ?? 0);
  if (workload.done >= workload.planned) out.terminate();
  else out.timer('client', own.command_interval);
}

/** The client's timer went off: does its next operation, or the same again. */
export function work(step: Step): void {
  const { state, out } = step;
  const { workload } = state;
  if (workload.isBusy || workload.done >= workload.planned) return;
  workload.isBusy = true;
  workload.ticket--;
  const operation = operationOf(step);
  if (!workload.hasBegun) {
    workload.hasBegun = true;
    workload.begunAtMs = state.nowMs;
    out.deliver('history', { type: 'invoke', f: operation.f, value: operation.value });
  }
  if (operation.f === 'get') {
    readHere(step, workload.ticket, { key: operation.value[0]! });
  } else {
    const serial = workload.done + 1;
    const { command } = operation;
    proposeHere(step, workload.ticket, { client: state.me, serial, lowest: serial, command });
  }
}

/** Every third operation is a read; what is appended names its client and its number. */
function operationOf({ state }: Step): { f: string; value: Value[]; command: Value } {
  const { done } = state.workload;
  const place = done + state.nodes.indexOf(state.me);
  const key = KEYS[place % KEYS.length]!;
  if (done % 3 === 2 || state.own.only_reads)
    return { f: 'get', value: [key, null], command: null };
  const text = `${state.me}.${done + 1} `;
  return { f: 'append', value: [key, text], command: { do: 'append', key, value: text } };
}

/** The client is answered. */
export function takeAnswer(step: Step, outcome: Outcome): void {
  const { state, out } = step;
  const { workload, own, settings } = state;
  const { f, value } = operationOf(step);
  workload.isBusy = false;
  const isDone = outcome.kind === 'result' || outcome.kind === 'error';
  if (!isDone) {
    workload.tries++;
    // Again, with the same number; soon, for an election takes no longer than its timeout.
    out.timer('client', settings.heartbeat_interval);
    return;
  }
  const answered = f === 'get' ? [value[0]!, outcome.value ?? null] : value;
  // An answer that was given up before a restart is known to have happened, and not what it was.
  const type = outcome.kind === 'result' ? 'ok' : 'info';
  if (type === 'ok') {
    const [key, text] = [String(value[0]), String(answered[1] ?? '')];
    const { begunAtMs } = workload;
    const seen = { f, key, text, index: outcome.index ?? 0, begunAtMs };
    workload.seen.push({ ...seen, endedAtMs: state.nowMs });
  }
  out.deliver('history', { type, f, value: answered });
  workload.done++;
  workload.tries = 0;
  workload.hasBegun = false;
  if (workload.done < workload.planned) {
    out.timer('client', own.command_interval);
    return;
  }
  // Stored first: the others may end as soon as they hear of it, and then nobody could serve this client again after a crash.
  out.put({ client: workload.done });
  out.terminate();
}
