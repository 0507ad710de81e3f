/** One step: the state, what happens to it, and what it says to the world. */

import type { NodeId } from '../../core/id.ts';
import type { MachineInput, Out } from '../../core/machine.ts';
import type { Input } from '../../core/message.ts';
import type { Configuration } from './configuration.ts';
import type { EntryKind, Entry } from './entry.ts';
import type { Log } from './log.ts';
import type { calls, delivers, messages, Outcome } from './messages.ts';
import type { RaftRules } from './rules.ts';
import { configurationIn, type Asker, type Promised, type State } from './state.ts';

/** What a machine of this chapter can do. */
export type Effects = Out<typeof messages, typeof delivers, typeof calls, RaftRules>;

/** What can happen to it. */
export type RaftInput = MachineInput<typeof messages, typeof calls>;

/** What a step changes durably. */
export interface Changes {
  /** Term or vote. */
  hard: boolean;
  /** The first entry that is not what it was; Infinity when all are. */
  from: number;
  /** Where the log ended before. */
  lastBefore: number;
  /** Where it began before. */
  baseBefore: number;
  snapshot: boolean;
  broken: boolean;
  memory: boolean;
}

/** Everything that the functions of this chapter work on. */
export interface Step {
  readonly state: State;
  readonly out: Effects;
  readonly rules: RaftRules;
  readonly changes: Changes;
  readonly promises: Promised[];
  /** What is to be done when the input has been dealt with. */
  readonly agenda: Agenda;
}

/** Consequences, in `consequences.ts`: so no part of the chapter calls all the others. */
export interface Agenda {
  /** Ask everybody whether this node still leads. */
  round: boolean;
  /** Answers to the node's own client. */
  readonly answers: Outcome[];
}

/** A step begins. */
export function beginStep(state: State, out: Effects): Step {
  const { log } = state;
  const changes = {
    hard: false,
    from: Infinity,
    lastBefore: log.lastIndex,
    baseBefore: log.base.index,
    snapshot: false,
    broken: false,
    memory: false,
  };
  const agenda = { round: false, answers: [] };
  return { state, out, rules: out.rules, changes, promises: [], agenda };
}

/** What has been written is no change any more. */
export function forgetChanges(changes: Changes, log: Log): void {
  changes.hard = false;
  changes.snapshot = false;
  changes.broken = false;
  changes.memory = false;
  changes.from = Infinity;
  changes.lastBefore = log.lastIndex;
  changes.baseBefore = log.base.index;
}

type Casts = typeof messages;

/** Sends what promises nothing, at once. */
export function say<T extends keyof Casts>(
  { state, out }: Step,
  to: NodeId,
  type: T,
  message: Input<Casts[T]>,
): void {
  // A member that this node has no link to hears nothing from it, as if its messages were lost.
  if (state.neighbours.has(to)) out.send(to, type as never, message as never);
}

/** Sends what must not be forgotten again: when it is durable. To oneself, too. */
export function promise<T extends keyof Casts>(
  { promises }: Step,
  to: NodeId,
  type: T,
  message: Input<Casts[T]>,
): void {
  promises.push({ to, type, message });
}

/** Appends an entry of the own term. */
export function append(step: Step, kind: EntryKind, data: Entry['data']): Entry {
  return place(step, { term: step.state.term, kind, data });
}

/** Appends any entry. */
export function place({ state, changes }: Step, proposal: Pick<Entry, 'term' | 'kind' | 'data'>) {
  const entry = state.log.append(proposal);
  changes.from = Math.min(changes.from, entry.index);
  return entry;
}

/** Whose majority decides. */
export function decidersIn({ state, rules }: Step): Configuration {
  return rules.deciders(configurationIn(state), state.me);
}

/** Tells the program around the node. */
export function tell({ out }: Step, kind: string, detail: object): void {
  out.deliver('event', { kind, detail: detail as never });
}

/** A ticket that nobody waits for; negative, as those of the node's own client. */
export const NOBODY = -Infinity;

/** Answers whoever asked. */
export function answer(step: Step, asker: Asker, outcome: Outcome): void {
  const { out, agenda } = step;
  if (!('ticket' in asker)) say(step, asker.from, 'forwardReply', { id: asker.id, outcome });
  // All calls are answered alike.
  else if (asker.ticket > 0) out.answer(asker.ticket, 'propose', outcome);
  // The node's own client is not behind a call; its operator does not wait for an answer.
  else if (asker.ticket !== NOBODY) agenda.answers.push(outcome);
}
