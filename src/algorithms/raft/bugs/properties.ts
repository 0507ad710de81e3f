/** The sentences that bugs break; `invariants.ts` has them in full. */

export const ELECTION = 'Election Safety: at most one leader is elected in a term';
export const MATCHING =
  'Log Matching: logs with an entry of the same index and term are the same up to there';
export const MACHINE_SAFETY =
  'State Machine Safety: no two nodes have committed different entries at one place';
export const COMPLETE =
  'Leader Completeness: the leader of the newest term has everything that is committed';
export const MAJORITY = 'Committed entries lie on a majority of the voters';
export const CREDITED = 'A leader counts nothing on a follower that is not there';
export const WITNESS = 'A witness never leads: it has no commands to give';
export const PLACES = 'A node’s places are in order: snapshot, applied, committed, last';
export const REACHED = 'Nobody has an entry of a term that it has not reached';
export const ONCE = 'A command is applied once, however often its client sends it';
