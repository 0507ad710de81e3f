/** What must be true of all nodes together at every moment (dissertation, figure 3.2), and what makes it so. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant, NodeView } from '../../core/invariant.ts';
import type { ValueMap } from '../../core/value.ts';
import { firstOf, withState, type Verdict } from '../verdict.ts';
import { STUB } from './visible.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly me: NodeId;
  readonly role: string;
  readonly term: number;
  readonly vote: NodeId | null;
  readonly leader: NodeId | null;
  readonly commit: number;
  readonly applied: number;
  /** Last entry of the snapshot, and its term. */
  readonly snapshot: number;
  readonly snapshot_term: number;
  /** Entries behind the snapshot as texts, each beginning with its term. */
  readonly log: readonly string[];
  readonly voters: readonly NodeId[];
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly witnesses: readonly NodeId[];
  /** Where in the log the members are named. */
  readonly configured: number;
  /** Terms in which it was elected. */
  readonly elected: readonly number[];
  readonly votes: ValueMap;
  readonly peers: ValueMap;
  readonly held: number;
  readonly machine: ValueMap;
  readonly operations: string;
  readonly broken: string | null;
  /** `lost`: its disk was damaged, and it says so. */
  readonly memory: string;
  /** Its disk has been read; before, nobody knows what it has. */
  readonly started: boolean;
  /** What its client was told is applied: texts by where they stand in the log. */
  readonly acknowledged: { readonly [index: string]: string };
}

type Node = NodeView<VisibleState>;

/** Invariants of {@link Raft}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'Election Safety: at most one leader is elected in a term',
    check: (view) => {
      const winners = new Map<number, NodeId>();
      return firstOf(withState(view), ({ id, state }) =>
        firstOf(state.elected, (term) => {
          const other = winners.get(term);
          winners.set(term, id);
          return other === undefined || other === id
            ? undefined
            : `${other} and ${id} were both elected in term ${term}`;
        }),
      );
    },
  },
  {
    name: 'Log Matching: logs with an entry of the same index and term are the same up to there',
    check: (view) => eachPair(withState(view), logsMatch),
  },
  {
    name: 'State Machine Safety: no two nodes have committed different entries at one place',
    check: (view) => eachPair(withState(view), committedAlike),
  },
  {
    name: 'Leader Completeness: the leader of the newest term has everything that is committed',
    check: (view) => {
      const nodes = withState(view);
      return firstOf(nodes, (leader) => {
        if (leader.state.role !== 'leader' || leader.fault === 'crashed') return undefined;
        return firstOf(nodes, ({ id, state }) => {
          if (state.term > leader.state.term || lastOf(leader) >= state.commit) return undefined;
          return `${id} has committed ${state.commit}, and ${leader.id} leads with ${lastOf(leader)} entries`;
        });
      });
    },
  },
  {
    name: 'Committed entries lie on a majority of the voters',
    check: (view) => {
      const nodes = withState(view);
      return firstOf(nodes, (node) => {
        if (node.state.role !== 'leader') return undefined;
        return (
          onMajority(node, nodes, node.state.voters) ?? onMajority(node, nodes, node.state.outgoing)
        );
      });
    },
  },
  {
    name: 'A leader counts nothing on a follower that is not there',
    check: (view) => {
      const nodes = withState(view);
      return firstOf(nodes, (leader) =>
        firstOf(Object.entries(leader.state.peers), ([id, peer]) => {
          const follower = nodes.find((node) => node.id === id);
          return follower === undefined ? undefined : overcounted(leader, follower, String(peer));
        }),
      );
    },
  },
  {
    name: 'A witness never leads: it has no commands to give',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.role === 'leader' && state.witnesses.includes(id) ? `${id} leads` : undefined,
      ),
  },
  {
    name: 'A node’s places are in order: snapshot, applied, committed, last',
    check: (view) =>
      firstOf(withState(view), (node) => {
        const { snapshot, applied, commit } = node.state;
        if (snapshot <= applied && applied <= commit && commit <= lastOf(node)) return undefined;
        return `${node.id}: snapshot ${snapshot}, applied ${applied}, committed ${commit}, last ${lastOf(node)}`;
      }),
  },
  {
    name: 'Nobody has an entry of a term that it has not reached',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const newest = Number.parseInt(state.log.at(-1) ?? '0', 10);
        if (newest <= state.term) return undefined;
        return `${id} is in term ${state.term}, and its last entry is '${state.log.at(-1)}'`;
      }),
  },
  {
    name: 'Nodes that have applied as much have the same state machine',
    check: (view) => eachPair(withState(view), machinesAlike),
  },
  {
    name: 'What a client was told is applied stays applied',
    check: (view) => {
      const nodes = withState(view);
      return firstOf(nodes, (client) =>
        firstOf(Object.entries(client.state.acknowledged), ([index, text]) =>
          firstOf(nodes, (node) => {
            if (node.state.applied < Number(index) || isWitness(node)) return undefined;
            if (Object.values(node.state.machine).some((held) => String(held).includes(text)))
              return;
            return `${client.id} was told that '${text}' is applied at ${index}, and ${node.id} does not have it`;
          }),
        ),
      );
    },
  },
  {
    name: 'A command is applied once, however often its client sends it',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        firstOf(Object.entries(state.machine), ([key, text]) => {
          const words = String(text)
            .split(' ')
            .filter((word) => word !== '');
          const twice = words.find((word, i) => words.indexOf(word) !== i);
          return twice === undefined ? undefined : `${id} has '${twice}' twice under ${key}`;
        }),
      ),
  },
];

function lastOf({ state }: Node): number {
  return state.snapshot + state.log.length;
}

/** The entry of a node at an index; undefined when it is compacted or not there. */
function entryAt({ state }: Node, index: number): string | undefined {
  return state.log[index - state.snapshot - 1];
}

/** Each pair once. */
function eachPair(nodes: readonly Node[], judge: (a: Node, b: Node) => Verdict): Verdict {
  for (let i = 0; i < nodes.length; i++) {
    for (let j = i + 1; j < nodes.length; j++) {
      const verdict = judge(nodes[i]!, nodes[j]!);
      if (verdict !== undefined) return verdict;
    }
  }
  return undefined;
}

function logsMatch(a: Node, b: Node): Verdict {
  // From the end: where terms agree, all before must.
  let mustAgree = false;
  const first = Math.max(a.state.snapshot, b.state.snapshot) + 1;
  for (let index = Math.min(lastOf(a), lastOf(b)); index >= first; index--) {
    const [one, other] = [entryAt(a, index)!, entryAt(b, index)!];
    if (one === other) {
      mustAgree = true;
      continue;
    }
    const isSameTerm = Number.parseInt(one, 10) === Number.parseInt(other, 10);
    const isStub = isSameTerm && (one.endsWith(STUB) || other.endsWith(STUB));
    if (isStub) mustAgree = true;
    else if (mustAgree || isSameTerm)
      return `at ${index}, ${a.id} has '${one}' and ${b.id} '${other}'`;
  }
  return undefined;
}

function committedAlike(a: Node, b: Node): Verdict {
  const first = Math.max(a.state.snapshot, b.state.snapshot) + 1;
  for (let index = Math.min(a.state.commit, b.state.commit); index >= first; index--) {
    const [one, other] = [entryAt(a, index), entryAt(b, index)];
    if (one === other || one === undefined || other === undefined) continue;
    if (one.endsWith(STUB) || other.endsWith(STUB)) continue;
    return `at ${index}, ${a.id} has committed '${one}' and ${b.id} '${other}'`;
  }
  return undefined;
}

/** The leader's last committed entry lies on a majority of `voters`; a node that is down keeps what it has. */
function onMajority(leader: Node, nodes: readonly Node[], voters: readonly NodeId[]): Verdict {
  const { commit, snapshot, snapshot_term } = leader.state;
  if (voters.length === 0 || commit === 0) return undefined;
  const text = commit === snapshot ? undefined : entryAt(leader, commit);
  const term = text === undefined ? snapshot_term : Number.parseInt(text, 10);
  // What is older may have been committed by a configuration before.
  if (term !== leader.state.term || leader.state.configured > commit) return undefined;
  const holders = nodes.filter((node) => voters.includes(node.id) && holds(node, commit, term));
  if (holders.length > voters.length / 2) return undefined;
  const names = holders.map(({ id }) => id).join(', ') || 'nobody';
  return `${leader.id} has committed ${commit}, which of ${voters.join(', ')} only ${names} has`;
}

/** What a leader believes of a follower of its term: `peer` ends with the place up to which their logs are said to agree. */
function overcounted(leader: Node, follower: Node, peer: string): Verdict {
  const match = Number(peer.split(' ')[1]);
  const { term, started } = follower.state;
  // Whoever is in another term has perhaps another leader by now.
  if (match === 0 || follower.state.memory === 'lost' || !started || term !== leader.state.term)
    return undefined;
  if (match > lastOf(leader))
    return `${leader.id} counts on ${follower.id} for ${match}, and has less itself`;
  const wanted = entryAt(leader, match);
  if (wanted === undefined || holds(follower, match, Number.parseInt(wanted, 10))) return undefined;
  return `${leader.id} counts on ${follower.id} for ${match}, and it has ${entryAt(follower, match) ?? 'nothing'} there`;
}

function holds(node: Node, index: number, term: number): boolean {
  // What a damaged disk had is not lost while its node votes for nobody.
  if (!node.state.started || node.state.memory === 'lost') return true;
  if (node.state.snapshot >= index) return true;
  const entry = entryAt(node, index);
  return entry !== undefined && Number.parseInt(entry, 10) === term;
}

function machinesAlike(a: Node, b: Node): Verdict {
  if (a.state.applied !== b.state.applied || isWitness(a) || isWitness(b)) return undefined;
  if (a.state.broken !== null || b.state.broken !== null) return undefined;
  const [one, other] = [JSON.stringify(a.state.machine), JSON.stringify(b.state.machine)];
  if (one === other) return undefined;
  return `both at ${a.state.applied}, ${a.id} has ${one} and ${b.id} ${other}`;
}

function isWitness({ id, state }: Node): boolean {
  return state.witnesses.includes(id);
}
