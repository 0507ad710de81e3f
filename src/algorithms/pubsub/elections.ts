/** What a member sees of the elections by which the registry finds its leader: counts, and what happened lately. */

import type { NodeId } from '../../core/id.ts';

/** Something that happened, in the order in which it did. */
export type ElectionEvent = { readonly atMs: number; readonly term: number } & (
  | { readonly event: 'vote_request'; readonly candidate: NodeId }
  | { readonly event: 'vote_granted'; readonly voter: NodeId }
  | { readonly event: 'state_change'; readonly old_state: string; readonly new_state: string }
);

/** Counts since the member started. */
export interface ElectionCounts {
  /** Elections for which it stood. */
  readonly votes_requested: number;
  /** Votes that others gave it. */
  readonly votes_granted: number;
  /** Rounds of heartbeats that it sent as leader, and somebody answered. */
  readonly heartbeats_sent: number;
  /** Rounds of heartbeats that leaders sent it. */
  readonly heartbeats_received: number;
  readonly state_changes: number;
  /** Elections that it won. */
  readonly leader_elections: number;
}

/** What happened is kept until somebody takes it: so many events, the latest. */
const EVENTS_MAX = 1000;

/** What a round of heartbeats and its answers bear. */
interface Numbered {
  readonly term: number;
  readonly round: number;
}

/** Watches one member of the registry. */
export class Elections {
  readonly #id: NodeId;
  readonly #events: ElectionEvent[] = [];
  readonly #counts = {
    ...{ votes_requested: 0, votes_granted: 0, heartbeats_sent: 0, heartbeats_received: 0 },
    ...{ state_changes: 0, leader_elections: 0 },
  };
  #role = 'follower';
  readonly #answered = new Rounds();
  readonly #heard = new Rounds();

  constructor(id: NodeId) {
    this.#id = id;
  }

  get counts(): ElectionCounts {
    return { ...this.#counts };
  }

  /** Another member said something. */
  heard(from: NodeId, type: string, message: unknown, atMs: number): void {
    if (type === 'appendEntries') {
      this.#counts.heartbeats_received += this.#heard.newIn(message as Numbered);
    } else if (type === 'appendEntriesReply') {
      const isLeading = this.#role === 'leader';
      if (isLeading) this.#counts.heartbeats_sent += this.#answered.newIn(message as Numbered);
    } else if (type === 'requestVoteReply') {
      const { term, granted } = message as { readonly term: number; readonly granted: boolean };
      if (!granted) return;
      this.#counts.votes_granted++;
      this.#note({ event: 'vote_granted', voter: from, term, atMs });
    }
  }

  /** The registry tells of an election or of a role. */
  told(kind: string, detail: unknown, atMs: number): void {
    const { term, what, role } = detail as {
      readonly term: number;
      readonly what?: string;
      readonly role?: string;
    };
    if (kind === 'election' && what === 'campaign') {
      this.#counts.votes_requested++;
      this.#note({ event: 'vote_request', candidate: this.#id, term, atMs });
    } else if (kind === 'role' && role !== undefined) {
      this.#counts.state_changes++;
      if (role === 'leader') this.#counts.leader_elections++;
      const old = this.#role;
      this.#role = role;
      this.#note({ event: 'state_change', old_state: old, new_state: role, term, atMs });
    }
  }

  /** What happened up to this time and was not taken yet. */
  take(untilMs: number): readonly ElectionEvent[] {
    const later = this.#events.findIndex(({ atMs }) => atMs > untilMs);
    return this.#events.splice(0, later < 0 ? this.#events.length : later);
  }

  #note(event: ElectionEvent): void {
    this.#events.push(event);
    if (this.#events.length > EVENTS_MAX) this.#events.shift();
  }
}

/** Finds in messages, which may come late or bear the same number, the rounds that are new. */
class Rounds {
  #term = 0;
  #round = 0;

  /** So many rounds have begun since the latest that is known; a term counts its own. */
  newIn({ term, round }: Numbered): number {
    if (term < this.#term) return 0;
    const before = term === this.#term ? this.#round : 0;
    this.#term = term;
    this.#round = Math.max(round, before);
    return this.#round - before;
  }
}
