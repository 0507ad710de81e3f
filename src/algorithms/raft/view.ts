/** How a node of Raft looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** Entries that the inspector lists, the newest first. */
const ROWS_MAX = 20;

/** A pure function of the node's state. */
export function view(state: VisibleState): NodePicture {
  const { role, term, commit, applied, snapshot, log, leader, vote } = state;
  const last = snapshot + log.length;
  const entries = log.slice(-ROWS_MAX).map((entry, i) => {
    const index = last - Math.min(log.length, ROWS_MAX) + 1 + i;
    const mark = index <= applied ? 'applied' : index <= commit ? 'committed' : 'open';
    return [`entry ${index}`, `${entry} (${mark})`] as const;
  });
  return {
    role: partOf(state, role),
    badges: [`t${term}`, `${commit}/${last}`],
    rows: {
      ...{ term, leader, vote, commit, applied, snapshot, last },
      ...(Object.keys(state.votes).length > 0 ? { votes: state.votes } : {}),
      ...(role === 'leader' ? { peers: state.peers } : {}),
      members: [...state.voters],
      ...(state.outgoing.length > 0 ? { outgoing: [...state.outgoing] } : {}),
      ...(state.learners.length > 0 ? { learners: [...state.learners] } : {}),
      machine: state.machine,
      ...Object.fromEntries(entries.toReversed()),
    },
  };
}

function partOf({ me, voters, outgoing, learners, witnesses, broken }: VisibleState, role: string) {
  if (broken !== null) return 'broken';
  if (role !== 'follower') return role;
  if (witnesses.includes(me)) return 'witness';
  if (learners.includes(me)) return 'learner';
  return voters.includes(me) || outgoing.includes(me) ? 'follower' : 'outsider';
}
