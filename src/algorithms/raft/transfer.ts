/** Leadership is handed over (dissertation, section 3.10). */

import type { NodeId } from '../../core/id.ts';
import { campaign } from './election.ts';
import { leaderElsewhere } from './proposals.ts';
import { configurationIn } from './state.ts';
import { answer, say, tell, type Step } from './step.ts';
import { mayCampaign } from './timers.ts';

/** Somebody wants another leader: `to`, or the voter that has most. */
export function transferTo(step: Step, ticket: number | null, wanted: NodeId | undefined): void {
  const { state } = step;
  const { lead, me } = state;
  const refuse = (reason: string) => {
    if (ticket !== null) answer(step, { ticket }, { kind: 'error', reason });
  };
  if (lead === null) {
    if (ticket !== null) answer(step, { ticket }, leaderElsewhere(step));
    return;
  }
  const to = wanted ?? mostAdvanced(step);
  if (to === me) {
    if (ticket !== null) answer(step, { ticket }, { kind: 'result', value: me });
    return;
  }
  if (lead.transfer !== null) {
    if (lead.transfer.to !== to) refuse(`leadership is being handed over to ${lead.transfer.to}`);
    else if (ticket !== null)
      answer(step, { ticket }, { kind: 'retry', reason: 'it is under way' });
    return;
  }
  const { voters, witnesses } = configurationIn(state);
  if (to === undefined || !voters.includes(to) || witnesses.includes(to)) {
    refuse(to === undefined ? 'there is nobody else' : `${to} is no voter that could lead`);
    return;
  }
  const deadlineMs = state.nowMs + state.settings.election_timeout;
  const asker = ticket === null ? null : { ticket };
  lead.transfer = { to, deadlineMs, asker, isAsked: false };
  tell(step, 'transfer', { what: 'begun', to });
}

/** When the target has everything it is asked to stand for election; when it takes too long, all is as before. */
export function continueTransfer(step: Step): void {
  const { state } = step;
  const { transfer, peers } = state.lead!;
  if (transfer === null) return;
  const match = peers.get(transfer.to)?.match;
  if (match === undefined || state.nowMs >= transfer.deadlineMs) {
    state.lead!.transfer = null;
    tell(step, 'transfer', { what: 'given up', to: transfer.to });
    const outcome = { kind: 'timeout' as const, reason: `${transfer.to} did not take over` };
    if (transfer.asker !== null) answer(step, transfer.asker, outcome);
    return;
  }
  // Whoever stands for election must have every entry, or it would lose.
  if (transfer.isAsked || match < state.log.lastIndex) return;
  transfer.isAsked = true;
  state.lead!.hasHandedOver = true;
  say(step, transfer.to, 'timeoutNow', { term: state.term });
}

/** The leader wants this node to lead. Its wish stands for the votes of those that hear it: no pre-vote, no lease. */
export function takeTimeoutNow(step: Step, from: NodeId, term: number): void {
  const { state } = step;
  if (term !== state.term || state.leader !== from || !mayCampaign(step)) return;
  campaign(step, true);
}

function mostAdvanced({ state }: Step): NodeId | undefined {
  const { voters, witnesses } = configurationIn(state);
  const { peers } = state.lead!;
  const others = voters.filter((id) => id !== state.me && !witnesses.includes(id));
  // Who was heard last among those that have most is most likely there.
  const matchOf = (id: NodeId) => peers.get(id)?.match ?? 0;
  const heardAt = (id: NodeId) => peers.get(id)?.heardAtMs ?? 0;
  return others.toSorted((a, b) => matchOf(b) - matchOf(a) || heardAt(b) - heardAt(a))[0];
}
