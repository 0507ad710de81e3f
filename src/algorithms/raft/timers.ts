/** Time: when to stand for election, when to say that one still leads, and what a clock that jumps means. */

import { isVoter } from './configuration.ts';
import { configurationIn } from './state.ts';
import { type Step } from './step.ts';

/** How many mean deviations a heartbeat may be late: TCP allows as many (RFC 6298). */
const DEVIATIONS = 4;

/** Weights of the newest sample in the running means, as in RFC 6298. */
const MEAN_WEIGHT = 1 / 8;
const DEVIATION_WEIGHT = 1 / 4;

/** Heartbeats that may be lost in a row before the stretched timeout is over. */
const HEARTBEATS_LOST = 3;

/** The highest priority, and what every node has unless it is told otherwise. */
const PRIORITY_MAX = 10;

/** The election timeout begins anew. */
export function resetElectionTimer(step: Step): void {
  const { state, rules } = step;
  const drawnMs = rules.electionTimeout(leastTimeoutMs(step), state.random.next());
  state.electionDueMs = state.nowMs + drawnMs * patience(step);
  armElectionTimer(step);
}

/** Sets the timer, unless it will go off early enough to look again. */
export function armElectionTimer({ state, out }: Step): void {
  if (state.alarmMs <= state.electionDueMs) return;
  state.alarmMs = state.electionDueMs;
  // Whole milliseconds: a timer that goes off a rounding error too early would be set again for no time at all.
  out.timer('election', Math.max(1, Math.ceil(state.electionDueMs - state.nowMs)));
}

/** The least election timeout: as it is set, or longer when heartbeats come unevenly. It is never shorter, for leases count on it. */
export function leastTimeoutMs({ state }: Step): number {
  const { election_timeout: set } = state.settings;
  if (!state.own.adaptive) return set;
  const { meanMs, deviationMs } = state.pace;
  return Math.max(set, HEARTBEATS_LOST * (meanMs + DEVIATIONS * deviationMs));
}

/** Whoever has a lower priority leaves the others the first try; the lowest waits about twice as long. */
function patience({ state }: Step): number {
  return 1 + (PRIORITY_MAX - state.own.priority) / PRIORITY_MAX;
}

/** The leader was heard: notes how evenly it speaks. */
export function noteLeader(step: Step): void {
  const { state } = step;
  const sinceMs = state.nowMs - state.leaderHeardAtMs;
  // A silence as long as an election is no pace.
  if (sinceMs < state.settings.election_timeout) {
    const { pace } = state;
    const offMs = sinceMs < pace.meanMs ? pace.meanMs - sinceMs : sinceMs - pace.meanMs;
    pace.deviationMs += DEVIATION_WEIGHT * (offMs - pace.deviationMs);
    pace.meanMs += MEAN_WEIGHT * (sinceMs - pace.meanMs);
  }
  state.leaderHeardAtMs = state.nowMs;
  resetElectionTimer(step);
}

/** A leader speaks at once, and then regularly. */
export function startHeartbeats({ state, out }: Step): void {
  state.lead!.heartbeatDueMs = state.nowMs + state.settings.heartbeat_interval;
  out.timer('heartbeat', state.settings.heartbeat_interval);
}

/**
 * Whether this node may stand for election: it keeps commands, and it votes. Or it did before a change that is not committed yet: perhaps
 * nobody else has that change, and nobody can be elected without this node (section 4.2.2).
 */
export function mayCampaign({ state, rules }: Step): boolean {
  const { me, commit, configurations, broken, memory } = state;
  const isWitness = configurationIn(state).witnesses.includes(me);
  if (broken !== null || memory === 'lost' || !rules.mayLead(isWitness)) return false;
  for (let i = configurations.length - 1; i >= 0; i--) {
    const { index, configuration } = configurations[i]!;
    if (isVoter(configuration, me)) return true;
    if (!rules.campaignsUntilCommitted(index, commit)) return false;
  }
  return false;
}
