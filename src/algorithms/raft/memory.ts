/**
 * A node whose disk was damaged, or is gone, does not remember what it promised: whom it voted for, what it acknowledged. It says so, empties what
 * is left, and votes for nobody; the leader makes it a learner, and a voter again when it has the log (dissertation, section 4.2.1).
 *
 * Why that is safe: until a majority has committed that it does not vote, it votes for nobody, so an entry that it had acknowledged can be lost
 * only if more nodes lose theirs. From then on nobody counts on it; and to vote again it needs the entry that makes it a voter, which
 * follows on everything that it had.
 */

import type { NodeId } from '../../core/id.ts';
import { isJoint, isVoter, type Change } from './configuration.ts';
import { changeMembers } from './membership.ts';
import { trackMembers } from './roles.ts';
import { configurationIn } from './state.ts';
import { NOBODY, say, tell, type Step } from './step.ts';

/**
 * What a node knows of its own past: `whole`: all of it; `lost`: it may have promised something that it has forgotten; `learning`: nobody
 * counts on what it has forgotten, and it wants to vote again.
 */
export type Memory = 'whole' | 'lost' | 'learning';

/** The node has found damage, or nothing where there was something. Says so, to whoever looks on. */
export function forgetEverything(step: Step, why: string): void {
  const { state, out } = step;
  out.log(
    'error',
    `${why}: this node begins again with nothing, and votes for nobody until it is a voter anew`,
  );
  tell(step, 'error', { what: 'storage', detail: why });
  remember(step, 'lost');
  state.forgottenAt = null;
}

function remember(step: Step, memory: Memory): void {
  step.state.memory = memory;
  step.changes.memory = true;
}

/** At the leader: what a follower says of its memory. */
export function tendMemory(step: Step, node: NodeId, memory: Memory): void {
  const { state } = step;
  const { index, configuration } = state.configurations.at(-1)!;
  if (memory === 'whole' || isJoint(configuration)) return;
  const make = (change: Change['make']) =>
    changeMembers(step, NOBODY, { changes: [{ make: change, node }], joint: false });
  if (memory === 'lost') {
    if (isVoter(configuration, node)) {
      if (make('learner') === 'taken') beginAnew(step, node);
    } else if (index <= state.commit) say(step, node, 'nobodyCounts', { term: state.term, index });
  } else if (configuration.learners.includes(node)) {
    make(state.own.witnesses.includes(node) ? 'witness' : 'voter');
  }
}

/** What the leader believed of it counts no more, and what it said before is of another membership. */
function beginAnew(step: Step, node: NodeId): void {
  const { lead, log } = step.state;
  lead!.peers.delete(node);
  trackMembers(step, log.lastIndex + 1);
}

/** At the node: as of the entry at `index` it is no voter, and that is committed. */
export function takeNobodyCounts(
  step: Step,
  from: NodeId,
  { term, index }: { readonly term: number; readonly index: number },
): void {
  const { state } = step;
  if (state.memory === 'lost' && term === state.term && state.leader === from) {
    state.forgottenAt = index;
  }
}

/** What was applied may have restored the node to what it was. */
export function regainMemory(step: Step): void {
  const { state } = step;
  const { index, configuration } = state.configurations.at(-1)!;
  if (state.memory === 'lost' && state.forgottenAt !== null && state.commit >= state.forgottenAt) {
    // A node that never voted has nothing to regain.
    remember(step, state.own.learners.includes(state.me) ? 'whole' : 'learning');
    state.forgottenAt = null;
  }
  if (state.memory === 'learning' && index <= state.commit && isVoter(configuration, state.me)) {
    remember(step, 'whole');
    tell(step, 'recovered', { index, voters: configurationIn(state).voters });
  }
}
