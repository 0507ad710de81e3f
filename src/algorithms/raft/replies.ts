/** Answers to a leader: whose they are, and whether they are meant for it. */

import type { NodeId } from '../../core/id.ts';
import type { Progress } from './progress.ts';
import { becomeFollower } from './roles.ts';
import type { Step } from './step.ts';

/** The follower that an answer is from, noted as heard; undefined when the answer is not for this leader. */
export function progressFor(
  step: Step,
  from: NodeId,
  reply: { readonly term: number; readonly round: number; readonly session: number },
): Progress | undefined {
  const { state, rules } = step;
  if (rules.followsNewerTerm(reply.term, state.term)) {
    // Somebody is ahead: also an answer says that this leader is of the past (figure 3.1, all servers).
    becomeFollower(step, reply.term, null);
    return undefined;
  }
  if (state.lead === null || !rules.countsAcknowledgement(reply.term, state.term)) return undefined;
  const progress = state.lead.peers.get(from);
  if (progress === undefined || !rules.isOfSession(reply.session, progress.session)) return;
  progress.heardAtMs = state.nowMs;
  progress.round = Math.max(progress.round, reply.round);
  return progress;
}
