/** The leader's side of log replication (dissertation, sections 3.5 and 10.2). */

import type { NodeId } from '../../core/id.ts';
import type { Configuration } from './configuration.ts';
import { stubOf, type Entry } from './entry.ts';
import { tendMemory, type Memory } from './memory.ts';
import {
  becomeProbe,
  becomeSnapshot,
  isPaused,
  noteMatch,
  noteSent,
  type Progress,
} from './progress.ts';
import { progressFor } from './replies.ts';
import { sendChunk } from './snapshots.ts';
import { configurationIn } from './state.ts';
import { promise, say, tell, type Step } from './step.ts';

/** Sends everybody what it has not got, as far as it may. The own disk is asked as well. */
export function broadcast(step: Step): void {
  const { state } = step;
  const { term, log, lead } = state;
  for (const id of lead!.peers.keys()) {
    if (id !== state.me) replicate(step, id);
  }
  const own = lead!.peers.get(state.me);
  if (own === undefined || lead!.ownAsked === log.lastIndex) return;
  lead!.ownAsked = log.lastIndex;
  // A leader's own entries count when they are durable, like everybody's (section 10.2.1).
  promise(step, state.me, 'appendEntriesReply', {
    ...{ term, success: true, match: log.lastIndex, matchTerm: 0, prevIndex: 0 },
    ...{ round: 0, session: own.session },
  });
}

/** Asks everybody whether this node still leads, and sends what there is on the way (sections 3.5 and 6.4). */
export function heartbeat(step: Step): void {
  const { state } = step;
  const lead = state.lead!;
  lead.round++;
  lead.rounds.set(lead.round, state.nowMs);
  for (const [id, progress] of lead.peers) {
    if (id === state.me) continue;
    // What was sent as a probe may be lost; a heartbeat is the time to try again.
    progress.isWaiting = false;
    if (progress.state === 'snapshot') sendChunk(step, id, progress);
    else if (!replicate(step, id)) sendAppend(step, id, progress, []);
  }
}

/** Sends one follower what it has not got, in as many messages as are allowed. False when nothing could be sent. */
export function replicate(step: Step, id: NodeId): boolean {
  const { log, lead, settings } = step.state;
  const progress = lead!.peers.get(id)!;
  let hasSent = false;
  while (progress.next <= log.lastIndex && !isPaused(progress, settings)) {
    if (log.termAt(progress.next - 1) === undefined) {
      becomeSnapshot(progress, step.state.snapshot!.index);
      sendChunk(step, id, progress);
      return true;
    }
    const entries = log.slice(progress.next, settings.max_entries, settings.max_bytes);
    sendAppend(step, id, progress, entries);
    hasSent = true;
  }
  return hasSent;
}

function sendAppend(step: Step, id: NodeId, progress: Progress, entries: readonly Entry[]): void {
  const { state } = step;
  const { term, log, lead, commit } = state;
  const prevIndex = progress.next - 1;
  const prevTerm = log.termAt(prevIndex);
  if (prevTerm === undefined) {
    becomeSnapshot(progress, state.snapshot!.index);
    sendChunk(step, id, progress);
    return;
  }
  const { round } = lead!;
  const { session } = progress;
  const sent = wireFormOf(entries, isWitness(configurationIn(state), id));
  say(step, id, 'appendEntries', {
    ...{ term, prevIndex, prevTerm, entries: sent, commit, round, session },
  });
  progress.told = commit;
  const last = entries.at(-1);
  if (last === undefined) return;
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  noteSent(progress, last.index, bytes);
}

function wireFormOf(entries: readonly Entry[], toWitness: boolean) {
  if (toWitness) return entries.map(stubOf);
  return entries.map(({ term, kind, data }) => ({ term, kind, data }));
}

function isWitness({ witnesses }: Configuration, id: NodeId): boolean {
  return witnesses.includes(id);
}

/** What it says: see `messages.ts`. */
interface AppendReply {
  readonly term: number;
  readonly success: boolean;
  readonly match: number;
  readonly matchTerm: number;
  readonly prevIndex: number;
  readonly round: number;
  readonly session: number;
  readonly memory?: Memory | undefined;
}

/** A follower answers, or the own disk does. */
export function takeAppendReply(step: Step, from: NodeId, reply: AppendReply): void {
  const progress = progressFor(step, from, reply);
  if (progress === undefined) return;
  if (reply.memory !== undefined) tendMemory(step, from, reply.memory);
  // It may have been removed for that.
  if (step.state.lead?.peers.get(from) !== progress) return;
  if (!reply.success) {
    backtrack(step, from, progress, reply);
    return;
  }
  noteMatch(progress, reply.match, reply.round);
}

/** The logs do not agree at `prevIndex`: goes back to where they may, a term at a time. */
function backtrack(step: Step, from: NodeId, progress: Progress, reply: AppendReply): void {
  const { log } = step.state;
  const { prevIndex, match, matchTerm, round } = reply;
  if (prevIndex <= progress.match) {
    // Either it is an old answer, or the follower has lost its disk. The second is seen by what it says later than what we know.
    if (match >= progress.match || round <= progress.matchRound) return;
    progress.match = match;
  } else if (progress.state === 'probe' && prevIndex !== progress.next - 1) {
    return;
  }
  tell(step, 'resync', { node: from, at: prevIndex });
  const candidate = log.lastIndexOfTerm(match, matchTerm);
  becomeProbe(progress, Math.min(prevIndex, candidate + 1));
}

/** Tells whoever was not told with entries what is committed: at once, and not with the next heartbeat. */
export function announceCommit(step: Step): void {
  const { me, lead, commit } = step.state;
  for (const [id, progress] of lead!.peers) {
    const isBehind = progress.state === 'replicate' && progress.told < commit;
    if (id !== me && isBehind) sendAppend(step, id, progress, []);
  }
}
