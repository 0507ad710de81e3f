/** Commands on their way into the log (dissertation, section 6.2). */

import type { NodeId } from '../../core/id.ts';
import { encodeCanonical } from '../../core/canonical.ts';
import type { ClientCommand } from './apply.ts';
import type { EntryKind } from './entry.ts';
import { messageOf } from '../../core/errors.ts';
import type { Outcome } from './messages.ts';
import { changedSettings } from './settings.ts';
import type { Asker, PassedOn } from './state.ts';
import { answer, append, say, type Step } from './step.ts';

/** Somebody here has a command. The leader takes it; others pass it on, or say who leads. */
export function proposeHere(step: Step, ticket: number, command: ClientCommand): void {
  const { state } = step;
  if (state.lead !== null) {
    proposeAtLeader(step, { ticket }, command);
    return;
  }
  const id = passOn(step, ticket, null);
  if (id !== undefined) say(step, state.leader!, 'forward', { id, ...command });
}

/** Notes what is passed on to the leader; answers at once when there is none to pass it on to. */
export function passOn(step: Step, ticket: number, query: PassedOn['query']): number | undefined {
  const { state } = step;
  const refused = notHere(step);
  if (refused !== undefined) {
    answer(step, { ticket }, refused);
    return undefined;
  }
  const id = ++state.passedOnCount;
  const deadlineMs = state.nowMs + PATIENCE_TIMEOUTS * state.settings.election_timeout;
  state.passedOn.set(id, { ticket, deadlineMs, query });
  return id;
}

/** Election timeouts until nobody knows what became of a command that was passed on: long enough to elect another leader. */
const PATIENCE_TIMEOUTS = 3;

/** Why this node cannot pass anything on. */
function notHere({ state }: Step): Outcome | undefined {
  const { leader, own, me } = state;
  if (state.broken !== null) return { kind: 'error', reason: `${me} is broken` };
  if (leader === null || leader === me) return { kind: 'retry', reason: 'there is no leader' };
  return own.forward ? undefined : { kind: 'redirect', leader };
}

/** A command that another node passed on. */
export function takeProposal(
  step: Step,
  from: NodeId,
  { id, ...command }: ClientCommand & { readonly id: number },
): void {
  const { state } = step;
  if (state.lead !== null) proposeAtLeader(step, { from, id }, command);
  else answer(step, { from, id }, { kind: 'retry', reason: `${state.me} does not lead` });
}

/** The leader's answer to what was passed on. */
export function takeOutcome(
  step: Step,
  { id, outcome }: { readonly id: number; readonly outcome: Outcome },
): void {
  const { state } = step;
  const passed = state.passedOn.get(id);
  if (passed === undefined) return;
  state.passedOn.delete(id);
  answer(step, { ticket: passed.ticket }, outcome);
}

function proposeAtLeader(step: Step, asker: Asker, command: ClientCommand): void {
  const { state } = step;
  const bytes = encodeCanonical(command.command).length;
  if (bytes > state.settings.max_command) {
    const reason = `a command of ${bytes} bytes; ${state.settings.max_command} are allowed`;
    answer(step, asker, { kind: 'error', reason });
    return;
  }
  // A map of its own: unknown fields of a message do not get into the log.
  const { client, serial, lowest } = command;
  const data = { client, serial, lowest, command: command.command };
  propose(step, asker, 'command', data, bytes);
}

/** Appends what somebody asked for, unless the leader takes nothing now. Returns its index. */
export function propose(
  step: Step,
  asker: Asker | null,
  kind: EntryKind,
  data: unknown,
  bytes = 0,
): number | undefined {
  const { state } = step;
  const lead = state.lead!;
  const isFull =
    lead.uncommittedBytes > 0 && lead.uncommittedBytes + bytes > state.settings.max_uncommitted;
  if (isFull || lead.transfer !== null) {
    const reason = isFull ? 'too much is not committed yet' : 'leadership is being handed over';
    if (asker !== null) answer(step, asker, { kind: 'retry', reason });
    return undefined;
  }
  const { index, term, size } = append(step, kind, data as never);
  lead.uncommittedBytes += size;
  if (asker !== null) lead.waiting.set(index, { term, asker });
  return index;
}

/** New settings for the cluster. They are looked at before they get into the log. */
export function proposeSettings(step: Step, ticket: number, changed: object): void {
  const { state } = step;
  if (state.lead === null) {
    answer(step, { ticket }, leaderElsewhere(step));
    return;
  }
  try {
    changedSettings(state.settings, changed);
  } catch (error) {
    answer(step, { ticket }, { kind: 'error', reason: messageOf(error) });
    return;
  }
  propose(step, { ticket }, 'settings', changed);
}

/** What only a leader does is not done here. */
export function leaderElsewhere({ state }: Step): Outcome {
  const { leader, me } = state;
  if (leader === null || leader === me) return { kind: 'retry', reason: 'there is no leader' };
  return { kind: 'redirect', leader };
}

/** Gives up what was passed on too long ago: nobody knows what became of it. */
export function expirePassedOn(step: Step): void {
  const { state } = step;
  for (const [id, { ticket, deadlineMs }] of state.passedOn) {
    if (deadlineMs > state.nowMs) continue;
    state.passedOn.delete(id);
    answer(step, { ticket }, { kind: 'timeout' });
  }
}
