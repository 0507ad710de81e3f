/** Changes of the members (dissertation, chapter 4). */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import { messageOf } from '../../core/errors.ts';
import { commitTermOf } from './commit.ts';
import {
  changeFor,
  enterJoint,
  isJoint,
  isVoter,
  leaveJoint,
  type Change,
  type Configuration,
} from './configuration.ts';
import type { Entry } from './entry.ts';
import { leaderElsewhere, propose } from './proposals.ts';
import { reachedByQuorum } from './quorum.ts';
import { becomeFollower, trackMembers } from './roles.ts';
import { configurationIn, type Asker } from './state.ts';
import { answer, append, tell, type Step } from './step.ts';

/** Rounds in which a new voter may catch up: after ten it never will (section 4.2.1). */
const ROUNDS_MAX = 10;

/** What somebody wants: see `messages.ts`. */
export interface MemberChange {
  readonly changes: readonly Change[];
  readonly joint: boolean;
  readonly catch_up?: boolean;
}

/** Somebody wants other members. Tells whether that was taken up, will never be, or may be later. */
export function changeMembers(
  step: Step,
  ticket: number,
  { changes, joint, catch_up = true }: MemberChange,
): 'taken' | 'never' | 'later' {
  const { state, rules } = step;
  const asker = { ticket };
  const refused = whyNot(step, () => after(step, changes, joint));
  if (refused !== undefined) {
    answer(step, asker, refused);
    return refused.kind === 'error' ? 'never' : 'later';
  }
  const silent = catch_up ? silentMajority(step, after(step, changes, joint)) : undefined;
  if (silent !== undefined) {
    answer(step, asker, { kind: 'retry', reason: silent });
    return 'later';
  }
  const { voters } = configurationIn(state);
  const nodes = changes
    .filter(({ make, node }) => (make === 'voter' || make === 'witness') && !voters.includes(node))
    .map(({ node }) => node);
  if (nodes.length === 0 || !catch_up) {
    proposeConfiguration(step, asker, after(step, changes, joint));
    return 'taken';
  }
  // Whoever is to vote catches up first, or the cluster could not commit until it has (section 4.2.1).
  const { log, nowMs } = state;
  const promotion = { changes, joint, asker, nodes, round: 1, target: log.lastIndex };
  state.lead!.promotion = { ...promotion, startedAtMs: nowMs };
  const learners = nodes.map((node) => ({ make: 'learner' as const, node }));
  const known = [...configurationIn(state).learners];
  if (nodes.every((node) => known.includes(node))) return 'taken';
  try {
    proposeConfiguration(step, null, changeFor(configurationIn(state), learners, rules.needsJoint));
  } catch (error) {
    abortPromotion(step, messageOf(error));
  }
  return 'taken';
}

/** Why the members would not be able to decide anything: no majority of them was heard lately. Whoever is new catches up first. */
function silentMajority(step: Step, wanted: Configuration): string | undefined {
  const { lead, me, nowMs, settings } = step.state;
  const heardAt = (id: NodeId) => (id === me ? nowMs : (lead!.peers.get(id)?.heardAtMs ?? nowMs));
  const quorumMs = reachedByQuorum(wanted, heardAt, step.rules.quorum);
  if (nowMs - quorumMs <= settings.election_timeout) return undefined;
  return `of ${wanted.voters.join(', ')} no majority was heard lately: nothing could be decided any more`;
}

/** A joint configuration that does not leave itself is left. */
export function leaveJointHere(step: Step, ticket: number): void {
  const { state } = step;
  const refused = whyNot(step, () => leaveJoint(configurationIn(state)));
  if (refused !== undefined) answer(step, { ticket }, refused);
  else proposeConfiguration(step, { ticket }, leaveJoint(configurationIn(state)));
}

function after({ state, rules }: Step, changes: readonly Change[], joint: boolean): Configuration {
  const before = configurationIn(state);
  return joint ? enterJoint(before, changes, false) : changeFor(before, changes, rules.needsJoint);
}

/** Why nothing can be changed now; undefined when it can. */
function whyNot(step: Step, attempt: () => unknown) {
  const { state, rules } = step;
  if (state.lead === null) return leaderElsewhere(step);
  if (state.lead.promotion !== null) {
    return { kind: 'retry' as const, reason: 'another server is catching up' };
  }
  const pending = state.configurations.at(-1)!.index;
  if (!rules.mayChange(pending, state.commit, commitTermOf(state) ?? 0, state.term)) {
    const reason =
      pending > state.commit ? 'another change is under way' : 'the term is not open yet';
    return { kind: 'retry' as const, reason };
  }
  try {
    attempt();
    return undefined;
  } catch (error) {
    return { kind: 'error' as const, reason: messageOf(error) };
  }
}

function proposeConfiguration(step: Step, asker: Asker | null, wanted: Configuration): void {
  const index = propose(step, asker, 'configuration', { ...wanted });
  if (index !== undefined) adoptConfiguration(step, index, { ...wanted });
}

/** A configuration counts as soon as it is in the log, committed or not (section 4.1). */
export function adoptConfiguration(step: Step, index: number, data: Value): void {
  const configuration = Object.freeze(data as unknown as Configuration);
  step.state.configurations.push({ index, configuration });
  trackMembers(step, index);
}

/** The log was cut off at `index`: what was not committed is as if it had never been. */
export function dropConfigurations(step: Step, index: number): void {
  const { state, rules } = step;
  while (
    state.configurations.length > 1 &&
    rules.dropsConfiguration(state.configurations.at(-1)!.index, index)
  ) {
    const { index: dropped } = state.configurations.pop()!;
    tell(step, 'membership', { what: 'aborted', index: dropped });
  }
}

/** A configuration is committed. */
export function configurationCommitted(step: Step, { index, data }: Entry): void {
  const { state, rules } = step;
  const configuration = data as unknown as Configuration;
  tell(step, 'membership', { what: 'complete', index, configuration });
  if (state.lead === null || state.configurations.at(-1)!.index !== index) return;
  if (isJoint(configuration) && configuration.autoLeave) {
    const left = leaveJoint(configuration);
    const entry = append(step, 'configuration', { ...left });
    adoptConfiguration(step, entry.index, entry.data);
  } else if (!isVoter(configuration, state.me) && rules.leavesWhenRemoved()) {
    // Until now it led a cluster that it did not count itself to (section 4.2.2).
    becomeFollower(step, state.term, null);
  }
}

/** A new voter that has what there was when its round began, and soon enough, votes; otherwise another round begins. */
export function promoteWhenCaughtUp(step: Step): void {
  const { state } = step;
  const { promotion, peers } = state.lead!;
  if (promotion === null) return;
  if (!promotion.nodes.every((node) => (peers.get(node)?.match ?? 0) >= promotion.target)) return;
  // The change to learners has to be committed before the next.
  if (state.configurations.at(-1)!.index > state.commit) return;
  const { nowMs, log, settings } = state;
  if (nowMs - promotion.startedAtMs < settings.election_timeout) {
    state.lead!.promotion = null;
    const { asker, changes, joint } = promotion;
    try {
      proposeConfiguration(step, asker, after(step, changes, joint));
    } catch (error) {
      answer(step, asker, { kind: 'error', reason: messageOf(error) });
    }
    return;
  }
  if (promotion.round >= ROUNDS_MAX) {
    abortPromotion(step, `after ${ROUNDS_MAX} rounds it has not caught up`);
    return;
  }
  promotion.round++;
  promotion.target = log.lastIndex;
  promotion.startedAtMs = nowMs;
}

/** A new voter that does not answer is not waited for. */
export function expirePromotion(step: Step): void {
  const { state } = step;
  const { promotion } = state.lead!;
  if (promotion === null) return;
  const waitedMs = state.nowMs - promotion.startedAtMs;
  if (waitedMs < ROUNDS_MAX * state.settings.election_timeout) return;
  abortPromotion(step, `${promotion.nodes.join(', ')} did not catch up`);
}

function abortPromotion(step: Step, reason: string): void {
  const { lead } = step.state;
  const { asker, nodes } = lead!.promotion!;
  lead!.promotion = null;
  tell(step, 'membership', { what: 'aborted', nodes });
  answer(step, asker, { kind: 'error', reason });
}

/** Whether a node belongs to the cluster at all. */
export function isMember(configuration: Configuration, id: NodeId): boolean {
  return isVoter(configuration, id) || configuration.learners.includes(id);
}
