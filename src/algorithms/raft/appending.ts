/** The follower's side of log replication (dissertation, section 3.5, figure 3.1). */

import type { NodeId } from '../../core/id.ts';
import type { Proposal } from './entry.ts';
import { adoptConfiguration, dropConfigurations } from './membership.ts';
import { acceptLeader } from './roles.ts';
import { place, promise, tell, type Step } from './step.ts';

interface Append {
  readonly term: number;
  readonly prevIndex: number;
  readonly prevTerm: number;
  readonly entries: readonly Proposal[];
  readonly commit: number;
  readonly round: number;
  readonly session: number;
}

/** A leader sends entries, or says that it is there. */
export function takeAppend(step: Step, from: NodeId, message: Append): void {
  const { state, rules } = step;
  if (!acceptLeader(step, from, message)) return;
  const { log } = state;
  const { prevIndex, prevTerm, entries } = skipCompacted(step, message);
  if (!rules.fitsLog(log.termAt(prevIndex), prevTerm)) {
    refuse(step, from, message);
    return;
  }
  takeEntries(step, prevIndex, entries);
  const match = rules.acknowledged(prevIndex, entries.length, log.lastIndex);
  const commit = rules.followerCommit(message.commit, match, log.lastIndex);
  state.commit = Math.max(state.commit, Math.min(commit, log.lastIndex));
  promise(step, from, 'appendEntriesReply', {
    ...{ term: state.term, success: true, match, matchTerm: 0, prevIndex: message.prevIndex },
    ...{ round: message.round, session: message.session, ...memoryOf(state) },
  });
}

function memoryOf({ memory }: Step['state']) {
  return memory === 'whole' ? {} : { memory };
}

/** What lies before our snapshot is committed, and so the same as the leader's: it need not be looked at. */
function skipCompacted({ state }: Step, message: Append) {
  const { base } = state.log;
  const { prevIndex, prevTerm, entries } = message;
  if (prevIndex >= base.index) return { prevIndex, prevTerm, entries };
  const skipped = Math.min(base.index - prevIndex, entries.length);
  if (skipped < base.index - prevIndex) {
    // All of it is compacted here.
    return { prevIndex: base.index, prevTerm: base.term, entries: [] };
  }
  return { prevIndex: base.index, prevTerm: base.term, entries: entries.slice(skipped) };
}

/** Where the logs may agree: the leader goes on from there, and not one entry at a time (section 5.3 of the paper). */
function refuse(step: Step, from: NodeId, { prevIndex, prevTerm, round, session }: Append): void {
  const { term, log } = step.state;
  const match = log.lastIndexOfTerm(prevIndex, prevTerm);
  promise(step, from, 'appendEntriesReply', {
    ...{ term, success: false, match, matchTerm: log.termAt(match)!, prevIndex, round, session },
    ...memoryOf(step.state),
  });
}

/** Figure 3.1, AppendEntries 3 and 4. */
function takeEntries(step: Step, prevIndex: number, entries: readonly Proposal[]): void {
  const { state, rules } = step;
  const { log } = state;
  entries.forEach((proposal, offset) => {
    const index = prevIndex + 1 + offset;
    const termHere = log.termAt(index);
    if (rules.conflicts(termHere, proposal.term)) truncate(step, index);
    if (index <= log.lastIndex) return;
    const entry = place(step, proposal);
    if (entry.kind === 'configuration') adoptConfiguration(step, entry.index, entry.data);
  });
}

/** Removes what a leader has otherwise. What is committed no leader has otherwise (section 3.6): to go on would lose it for good. */
function truncate(step: Step, index: number): void {
  const { state, changes } = step;
  if (index <= state.commit) {
    throw new Error(`entry ${index} conflicts with a leader's, and ${state.commit} is committed`);
  }
  tell(step, 'resync', { truncated: index });
  state.log.truncate(index);
  changes.from = Math.min(changes.from, index);
  dropConfigurations(step, index);
}
