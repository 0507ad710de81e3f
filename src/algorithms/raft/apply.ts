/** Committed entries reach the state machine, in order, once (dissertation, sections 3.6.3 and 6.3). */

import type { Value } from '../../core/value.ts';
import { messageOf } from '../../core/errors.ts';
import type { Entry } from './entry.ts';
import { configurationCommitted } from './membership.ts';
import type { Outcome } from './messages.ts';
import { becomeFollower } from './roles.ts';
import { dutyOf, remember } from './sessions.ts';
import { changedSettings } from './settings.ts';
import { answer, tell, type Step } from './step.ts';

/** Applies everything that is committed. */
export function applyCommitted(step: Step): void {
  const { state } = step;
  while (state.applied < state.commit && state.broken === null) {
    const entry = state.log.at(state.applied + 1)!;
    const outcome = applyEntry(step, entry);
    // A command that may be tried again is: with the next heartbeat.
    if (outcome === undefined) return;
    state.applied = entry.index;
    settle(step, entry, outcome);
    if (entry.kind === 'configuration') configurationCommitted(step, entry);
  }
}

/** The outcome; undefined when the state machine failed. */
function applyEntry(step: Step, entry: Entry): Outcome | undefined {
  const { index } = entry;
  switch (entry.kind) {
    case 'command':
      return applyCommand(step, entry);
    case 'settings':
      changeSettings(step, entry.data as object);
      return { kind: 'result', value: null, index };
    case 'noop':
    case 'configuration':
    case 'stub':
      return { kind: 'result', value: null, index };
  }
}

/** A client's command, as it stands in the log. */
export interface ClientCommand {
  readonly client: string;
  readonly serial: number;
  readonly lowest: number;
  readonly command: Value;
}

function applyCommand(step: Step, { index, term, data }: Entry): Outcome | undefined {
  const { state, rules } = step;
  const request = data as unknown as ClientCommand;
  const { client, serial } = request;
  const duty = dutyOf(state.sessions, client, serial, (was) => rules.isDuplicate(was));
  if (duty.kind === 'refuse') return { kind: 'error', reason: duty.reason };
  if (duty.kind === 'known') return { kind: 'result', value: duty.answer, index };
  try {
    const value = state.machine.apply(request.command, { index, term });
    const sessionsMax = state.settings.max_sessions;
    remember(state.sessions, request, value, { index, sessionsMax });
    return { kind: 'result', value, index };
  } catch (error) {
    machineFailed(step, index, messageOf(error));
    return undefined;
  }
}

/**
 * The state machine failed here; elsewhere it may not have. A command that may be tried again waits for the next heartbeat. Otherwise
 * this node no longer knows its state: it says so, on its disk as well, and takes part no more until it is repaired.
 */
function machineFailed(step: Step, index: number, detail: string): void {
  const { state, out, changes } = step;
  out.log('error', `the state machine failed at entry ${index}: ${detail}`);
  tell(step, 'error', { what: 'state machine', index, detail });
  const waiting = state.lead?.waiting.get(index);
  if (waiting !== undefined) {
    state.lead!.waiting.delete(index);
    answer(step, waiting.asker, { kind: 'error', reason: detail });
  }
  if (state.settings.idempotent) return;
  state.broken = { why: 'state machine', detail };
  changes.broken = true;
  if (state.lead !== null) becomeFollower(step, state.term, null);
}

/** Whoever proposed it is told, and whoever looks on. */
function settle(step: Step, { index, term, kind, size }: Entry, outcome: Outcome): void {
  const { lead } = step.state;
  if (kind === 'command') tell(step, 'applied', { index, term });
  if (lead === null) return;
  lead.uncommittedBytes = Math.max(0, lead.uncommittedBytes - size);
  const waiting = lead.waiting.get(index);
  if (waiting === undefined) return;
  lead.waiting.delete(index);
  // What another leader put in this place is not what was proposed.
  if (waiting.term === term) answer(step, waiting.asker, outcome);
  else answer(step, waiting.asker, { kind: 'retry', reason: 'another leader took its place' });
}

/** Settings that cannot be leave all as they are: every node decides alike. */
function changeSettings(step: Step, changes: object): void {
  const { state } = step;
  try {
    state.settings = changedSettings(state.settings, changes);
    tell(step, 'settings', changes);
  } catch (error) {
    step.out.log('warn', `settings were not changed: ${messageOf(error)}`);
  }
}
