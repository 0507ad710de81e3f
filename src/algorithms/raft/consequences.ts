/** What follows from a step, in the order in which one thing follows from another. */

import { applyCommitted } from './apply.ts';
import { advanceCommit } from './commit.ts';
import { persist } from './durable.ts';
import { promoteWhenCaughtUp } from './membership.ts';
import { regainMemory } from './memory.ts';
import { obeyOrders } from './orders.ts';
import { confirmReads, releaseReads } from './reads.ts';
import { countVote } from './election.ts';
import { announceCommit, broadcast, heartbeat, takeAppendReply } from './replication.ts';
import type { Promised } from './state.ts';
import { compactWhenLong } from './snapshots.ts';
import type { Step } from './step.ts';
import { continueTransfer } from './transfer.ts';
import { takeAnswer } from './workload.ts';

/** Commits, applies, answers, sends and stores what the step has made possible. */
export function conclude(step: Step): void {
  do settle(step);
  while (keep(step, persist(step)));
}

function settle(step: Step): void {
  const { state, agenda } = step;
  if (state.lead !== null) advanceCommit(step);
  applyCommitted(step);
  if (state.memory !== 'whole') regainMemory(step);
  releaseReads(step);
  compactWhenLong(step);
  // Applying may have ended the leadership: a leader can commit its own removal.
  if (state.lead !== null) lead(step);
  for (const outcome of agenda.answers.splice(0)) takeAnswer(step, outcome);
}

/** What was promised is durable, and may be known. True when it was promised to this node itself. */
export function keep(step: Step, promises: readonly Promised[]): boolean {
  const { state, out } = step;
  let isNews = false;
  for (const { to, type, message } of promises) {
    if (to !== state.me) {
      if (state.neighbours.has(to)) out.send(to, type as never, message as never);
      continue;
    }
    isNews = true;
    if (type === 'requestVoteReply') countVote(step, to, message as never);
    else takeAppendReply(step, to, message as never);
  }
  return isNews;
}

/** A write is durable, and those before it are. */
export function keepUpTo(step: Step, ticket: number): void {
  const { held } = step.state;
  while (held.length > 0 && held[0]!.ticket <= ticket) keep(step, held.shift()!.promises);
}

function lead(step: Step): void {
  obeyOrders(step);
  promoteWhenCaughtUp(step);
  confirmReads(step);
  if (step.agenda.round) heartbeat(step);
  step.agenda.round = false;
  broadcast(step);
  if (step.state.settings.eager_commit) announceCommit(step);
  continueTransfer(step);
}
