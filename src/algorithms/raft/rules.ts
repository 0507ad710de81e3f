/**
 * The decisions of Raft, one pure function each: what the algorithm may do, apart from how it does it. Each is a sentence of the
 * dissertation, and each has been got wrong by somebody: the zoo puts the wrong one in its place.
 */

import type { NodeId } from '../../core/id.ts';
import type { Configuration } from './configuration.ts';
import type { Memory } from './memory.ts';
import { majority } from './quorum.ts';

/** The end of a log. */
export interface LogEnd {
  readonly term: number;
  readonly index: number;
}

/** Rules of {@link Raft}. */
export const rules = {
  /** Section 3.2: decisions take more than half of the voters. */
  quorum: (voters: number): number => majority(voters),

  /** Who decides: the voters; in a joint configuration the outgoing ones as well (section 4.3). Not learners, and not the leader as such. */
  deciders: (configuration: Configuration, _leader: NodeId): Configuration => configuration,

  /** Figure 3.1, all servers: who learns of a newer term follows it; from an answer, too. */
  followsNewerTerm: (theirs: number, own: number): boolean => theirs > own,

  /** Figure 3.1, RequestVote 1: no vote in an older term. */
  votesInTerm: (asked: number, own: number): boolean => asked >= own,

  /** Figure 3.1, AppendEntries 1: what a leader of an older term says counts for nothing. */
  heedsLeader: (theirs: number, own: number): boolean => theirs >= own,

  /** A vote counts in the term that it was given in. */
  countsVote: (given: number, own: number): boolean => given === own,

  /** An acknowledgement counts in the term that it was given in. */
  countsAcknowledgement: (given: number, own: number): boolean => given === own,

  /** A witness has no commands to give to others: it cannot lead. */
  mayLead: (isWitness: boolean): boolean => !isWitness,

  /** Section 3.6.1: a voter’s log must not be more up to date. By term first, then by length. */
  isUpToDate: (candidate: LogEnd, own: LogEnd): boolean =>
    candidate.term !== own.term ? candidate.term > own.term : candidate.index >= own.index,

  /** Section 3.4: one vote in a term, first come first served. */
  mayVote: (vote: NodeId | null, candidate: NodeId): boolean => vote === null || vote === candidate,

  /** A node that has lost its disk has perhaps voted in this term, or acknowledged what a candidate lacks: it does not vote. */
  votesWithMemory: (memory: Memory): boolean => memory !== 'lost',

  /** The vote after stepping down into `term`: it is spent for the term it was given in, whatever role it was given as. */
  voteAfterStepDown: (vote: NodeId | null, term: number, before: number): NodeId | null =>
    term > before ? null : vote,

  /** Section 6.2: who hears a leader within the least election timeout does not help to replace it. */
  hearsLeader: (silentMs: number, electionTimeoutMs: number): boolean =>
    silentMs < electionTimeoutMs,

  /** Section 3.4: timeouts are drawn anew, from T to 2T, so that votes seldom split. */
  electionTimeout: (leastMs: number, random: number): number => leastMs * (1 + random),

  /** Figure 3.1, AppendEntries 2: the entry before the new ones must be there, with the same term. */
  fitsLog: (termHere: number | undefined, prevTerm: number): boolean => termHere === prevTerm,

  /** Figure 3.1, AppendEntries 3: only entries that conflict are removed. What is the same, or lies behind, stays. */
  conflicts: (termHere: number | undefined, termNew: number): boolean =>
    termHere !== undefined && termHere !== termNew,

  /** What a follower acknowledges: the entries of this message, and none that merely lie behind them. */
  acknowledged: (prevIndex: number, count: number, _lastIndex: number): number => prevIndex + count,

  /** Figure 3.1, AppendEntries 5: committed is what the leader says, as far as this message vouches for it. */
  followerCommit: (leaderCommit: number, vouchedFor: number, _lastIndex: number): number =>
    Math.min(leaderCommit, vouchedFor),

  /** Section 3.6.2 and figure 3.7: replicas are counted for entries of the own term only. */
  mayCommit: (entryTerm: number | undefined, term: number): boolean => entryTerm === term,

  /** What is promised leaves when it is durable; what a leader promises itself is no exception (section 10.2.1). */
  holdsPromises: (_toItself: boolean): boolean => true,

  /** What of a step reaches the disk: the term and the vote with it. */
  storesVote: (): boolean => true,

  /** A new leader opens its term with an entry of its own (section 6.4): what went before is committed by it. */
  opensTerm: (): boolean => true,

  /** Section 6.4: before its first own entry is committed, a leader does not know what is. */
  mayRead: (commitTerm: number | undefined, term: number): boolean => commitTerm === term,

  /** A read is confirmed by answers to questions that were asked after it came. */
  readRound: (round: number): number => round + 1,

  /** How far a read must have been applied: what was committed when it came. */
  readIndex: (commit: number, _applied: number): number => commit,

  /** A lease ends before any voter may vote, however fast its clock runs. */
  leaseMs: (electionTimeoutMs: number, drift: number): number => electionTimeoutMs * (1 - drift),

  /** After it has asked another to stand for election, a leader has no lease any more: its voters will not wait. */
  leaseSurvivesTransfer: (): boolean => false,

  /** Section 4.1 with its amendment of 2015: one change at a time, and none before the term is open. */
  mayChange: (pendingIndex: number, commit: number, commitTerm: number, term: number): boolean =>
    pendingIndex <= commit && commitTerm === term,

  /** Section 4.1: two majorities that differ by one voter share one; by more, and it takes a joint configuration. */
  needsJoint: (votersChanged: number): boolean => votersChanged > 1,

  /** Section 4.1: a configuration that is cut off with its entry never was; the one before counts again. */
  dropsConfiguration: (index: number, cutFrom: number): boolean => index >= cutFrom,

  /** Section 4.2.2: whoever is not of the newest configuration may be needed until that is committed. */
  campaignsUntilCommitted: (index: number, commit: number): boolean => index > commit,

  /** Section 4.2.2: a leader that removes itself does so when the removal is committed. */
  leavesWhenRemoved: (): boolean => true,

  /** Section 5.3: what follows the snapshot is kept if the log agrees with its end, and nothing otherwise. */
  keepsSuffix: (termHere: number | undefined, lastTerm: number): boolean => termHere === lastTerm,

  /** A snapshot has the sessions: they are part of the replicated state (section 6.3). */
  snapshotKeepsSessions: (): boolean => true,

  /** A snapshot that is older than what is committed changes nothing. */
  isNewSnapshot: (lastIndex: number, commit: number): boolean => lastIndex > commit,

  /** Answers to another session are of another membership. */
  isOfSession: (theirs: number, own: number): boolean => theirs === own,

  /** Section 6.3: a serial that was applied is not applied again. */
  isDuplicate: (wasApplied: boolean): boolean => wasApplied,
};

/** The decisions; a bug is another set. */
export type RaftRules = typeof rules;
