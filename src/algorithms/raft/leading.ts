/** A leader's pulse: it says that it is there, and asks itself whether it still is (dissertation, sections 3.4, 6.2). */

import { expirePromotion } from './membership.ts';
import { reachedByQuorum } from './quorum.ts';
import { heartbeat } from './replication.ts';
import { becomeFollower } from './roles.ts';
import { decidersIn, tell, type Step } from './step.ts';
import { startHeartbeats } from './timers.ts';

/** The heartbeat timer went off. */
export function pulse(step: Step): void {
  const { state } = step;
  if (state.lead === null) return;
  const { election_timeout: timeoutMs, check_quorum: checks } = state.settings;
  const lateMs = state.nowMs - state.lead.heartbeatDueMs;
  if (lateMs >= timeoutMs) {
    // A page that was hidden or a machine that slept: by now another may lead, and what is remembered of followers is old.
    tell(step, 'election', { what: 'suspended', lateMs });
    becomeFollower(step, state.term, null);
    return;
  }
  if (checks && !hearsQuorum(step)) {
    tell(step, 'election', { what: 'no quorum', term: state.term });
    becomeFollower(step, state.term, null);
    return;
  }
  expirePromotion(step);
  heartbeat(step);
  startHeartbeats(step);
}

/** Whether a majority was heard within the last election timeout; the leader hears itself. */
function hearsQuorum(step: Step): boolean {
  const { state, rules } = step;
  const { lead, me, nowMs, settings } = state;
  const heardAt = (id: string) =>
    id === me ? nowMs : (lead!.peers.get(id)?.heardAtMs ?? -Infinity);
  const quorumMs = reachedByQuorum(decidersIn(step), heardAt, rules.quorum);
  return nowMs - quorumMs <= settings.election_timeout;
}
