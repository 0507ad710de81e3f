/**
 * Watches a cluster of Raft machines from outside, with a memory: what was ever committed, who ever led, who was ever voted for, and
 * what was on whose disk when something was said of it.
 */

import { keyOf } from '../../src/algorithms/raft/durable.ts';
import type { State } from '../../src/algorithms/raft/state.ts';
import type { NodeId } from '../../src/core/id.ts';
import type { Value } from '../../src/core/value.ts';

/** What is durable at one node. */
export type Disk = ReadonlyMap<string, Value>;

interface Seen {
  term: number;
  commit: number;
  applied: number;
  lastIndex: number;
  chain: number;
  role: string;
}

/** Safety, after every step (dissertation, figure 3.2, and what has to hold for it). Throws at the first that does not. */
export class RaftChecker {
  /** Digest of the log up to each committed index, and the term in which it was first known to be committed. */
  readonly #committed: { readonly chain: number; readonly term: number; readonly by: NodeId }[] =
    [];
  readonly #leaders = new Map<number, NodeId>();
  readonly #votes = new Map<string, NodeId>();
  readonly #seen = new Map<NodeId, Seen>();

  /** The greatest index that anybody ever committed. */
  get committed(): number {
    return this.#committed.length;
  }

  /** Whoever led in each term. */
  get leaders(): ReadonlyMap<number, NodeId> {
    return this.#leaders;
  }

  /** A node comes back: it may know less of what is committed, and nothing less of terms than its disk. */
  restarted(id: NodeId, disk: Disk): void {
    const seen = this.#seen.get(id);
    const { term } = (disk.get('hard') ?? { term: 0 }) as any;
    if (seen !== undefined) {
      this.#seen.set(id, { ...seen, term, commit: 0, applied: 0, role: 'follower' });
    }
  }

  /** Looks at a node that has taken a step, and at those that it can be compared with. */
  look(state: State, others: Iterable<State>): void {
    const { me } = state;
    const before = this.#seen.get(me);
    if (before !== undefined) this.#monotone(state, before);
    if (state.role === 'leader' && before?.role !== 'leader') this.#elected(state);
    this.#commits(state, before?.commit ?? 0);
    const { log, term, commit, applied, role } = state;
    const { lastIndex, chain } = log;
    if (lastIndex !== before?.lastIndex || chain !== before.chain) this.#matches(state, others);
    this.#seen.set(me, { term, commit, applied, lastIndex, chain, role });
  }

  /** A message leaves: what it promises must be durable. */
  sent(from: NodeId, to: NodeId, type: string, message: any, disk: Disk): void {
    const { term, vote } = (disk.get('hard') ?? { term: 0, vote: null }) as any;
    if (type === 'requestVoteReply' && message.granted) {
      const key = `${from} in term ${message.term}`;
      const other = this.#votes.get(key);
      expectThat(other === undefined || other === to, () => `${key} votes for ${other} and ${to}`);
      this.#votes.set(key, to);
      const isDurable = term > message.term || (term === message.term && vote === to);
      expectThat(isDurable, () => `${key} votes for ${to}, and its disk has ${term}/${vote}`);
    }
    if (type === 'requestVote') {
      expectThat(term >= message.term, () => `${from} asks for term ${message.term} from ${term}`);
    }
    if (type === 'appendEntriesReply' && message.success) {
      const snapshot = (disk.get('snapshot') as any)?.index ?? 0;
      const isThere = message.match <= snapshot || disk.has(keyOf(message.match));
      // A later leader may have cut it off again, which its term on the disk shows.
      expectThat(isThere || term > message.term, () => `${from} acknowledges ${message.match}`);
    }
  }

  #monotone({ me, term, commit, applied, log }: State, before: Seen): void {
    expectThat(term >= before.term, () => `the term of ${me} goes from ${before.term} to ${term}`);
    expectThat(commit >= before.commit, () => `${me} takes back what is committed`);
    expectThat(applied >= before.applied, () => `${me} takes back what is applied`);
    const places = [log.base.index, applied, commit, log.lastIndex];
    const inOrder = places.every((place, i) => i === 0 || place >= places[i - 1]!);
    expectThat(inOrder, () => `places of ${me}: ${places.join(', ')}`);
  }

  #elected({ me, term, log }: State): void {
    const other = this.#leaders.get(term);
    expectThat(
      other === undefined || other === me,
      () => `${other} and ${me} lead in term ${term}`,
    );
    this.#leaders.set(term, me);
    // What was committed in earlier terms (section 3.6.3).
    const known = this.#committed.findLastIndex((entry) => entry.term < term) + 1;
    const has =
      known <= log.base.index ||
      (known <= log.lastIndex && this.#agrees(log.chainAt(known), known));
    expectThat(has, () => `${me} leads in term ${term} without ${known}, which is committed`);
  }

  #commits({ me, term, log, commit }: State, from: number): void {
    for (let index = Math.max(from, log.base.index - 1) + 1; index <= commit; index++) {
      const chain = log.chainAt(index);
      if (index > this.#committed.length) {
        // Whoever installs a snapshot skips what it holds.
        while (this.#committed.length < index - 1)
          this.#committed.push({ chain: NaN, term, by: me });
        this.#committed.push({ chain, term, by: me });
      }
      const known = this.#committed[index - 1]!;
      expectThat(
        this.#agrees(chain, index),
        () => `${me} commits another entry ${index} than ${known.by}`,
      );
      if (Number.isNaN(known.chain)) this.#committed[index - 1] = { ...known, chain };
    }
  }

  #agrees(chain: number, index: number): boolean {
    const known = this.#committed[index - 1]!.chain;
    return Number.isNaN(known) || known === chain;
  }

  /** Log Matching: from the first place where terms agree, all before does. */
  #matches({ me, log }: State, others: Iterable<State>): void {
    for (const { me: other, log: theirs } of others) {
      if (other === me) continue;
      const first = Math.max(log.base.index, theirs.base.index);
      let index = Math.min(log.lastIndex, theirs.lastIndex);
      while (index > first && log.termAt(index) !== theirs.termAt(index)) index--;
      if (index < first || index === 0 || log.termAt(index) !== theirs.termAt(index)) continue;
      expectThat(
        log.chainAt(index) === theirs.chainAt(index),
        () => `the logs of ${me} and ${other} have the same term at ${index}, and differ`,
      );
    }
  }
}

/** What does not hold. */
export class Unsafe extends Error {
  override readonly name = 'Unsafe';
}

function expectThat(holds: boolean, what: () => string): void {
  if (!holds) throw new Unsafe(what());
}
