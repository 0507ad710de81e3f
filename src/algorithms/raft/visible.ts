/** What is seen of a node: by invariants and pictures, by search, and in the end. */

import { membersOf } from './configuration.ts';
import type { Entry } from './entry.ts';
import { configurationIn, type RaftState } from './state.ts';

/** What invariants and pictures read. */
export function visibleOf(state: RaftState) {
  const { role, term, vote, leader, commit, applied, log, lead, elected, broken } = state;
  const { voters, outgoing, learners, witnesses } = configurationIn(state);
  // Without spreads: every turn of every node makes one, and with them a third of an exploration's time went here.
  return {
    me: state.me,
    role,
    term,
    vote,
    leader,
    commit,
    applied,
    snapshot: log.base.index,
    snapshot_term: log.base.term,
    log: log.map(textOf),
    voters,
    outgoing,
    learners,
    witnesses,
    elected,
    configured: state.configurations.at(-1)!.index,
    votes: Object.fromEntries(state.votes),
    peers: Object.fromEntries(
      Array.from(lead?.peers ?? [], ([id, peer]) => [id, `${peer.state} ${peer.match}`]),
    ),
    held: state.held.length,
    machine: state.machine.canonical(),
    operations: `${state.workload.done}/${state.workload.planned}`,
    broken: broken?.detail ?? null,
    memory: state.memory,
    started: state.hasStarted,
    acknowledged: acknowledgedBy(state),
  };
}

/** Appended texts by where they stand, as the node's client was told. */
function acknowledgedBy({ workload }: RaftState): { readonly [index: string]: string } {
  const entries = workload.seen.filter(({ f }) => f === 'append');
  return Object.fromEntries(entries.map(({ index, text }) => [index, text]));
}

const texts = new WeakMap<Entry, string>();

/** An entry as a text, its term first; made once, for entries never change. */
export function textOf(entry: Entry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = `${entry.term} ${contentOf(entry)}`;
    texts.set(entry, text);
  }
  return text;
}

/** How a witness shows what it does not keep; as long as the digest is the same it may be the same. */
export const STUB = '…';

function contentOf({ kind, data }: Entry): string {
  switch (kind) {
    case 'noop':
      return `${String(data)} leads`;
    case 'stub':
      return STUB;
    case 'settings':
    case 'configuration':
      return `${kind} ${shown(data)}`;
    case 'command': {
      const { client, serial, command } = data as { readonly [field: string]: unknown };
      return `${String(client)}#${String(serial)} ${shown(command)}`;
    }
  }
}

/** As JSON with its keys in order: a disk gives them back in another order than a message. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Everything that two equal situations have in common: no times, no running numbers. */
export function essenceOf(state: RaftState): object {
  const { term, vote, role, leader, commit, applied, log, lead, votes, isTransfer, held } = state;
  return {
    ...{ term, vote, role, leader, commit, applied, log, votes, isTransfer },
    snapshot: state.snapshot?.index ?? 0,
    incoming: state.incoming,
    configurations: state.configurations,
    held: held.map(({ promises }) => promises),
    machine: state.machine,
    sessions: state.sessions,
    broken: state.broken,
    memory: state.memory,
    forgottenAt: state.forgottenAt,
    lead: lead === null ? null : { ...lead, rounds: [], heartbeatDueMs: 0, peers: peersOf(lead) },
    workload: { ...state.workload, ticket: 0, begunAtMs: 0, seen: state.workload.seen.length },
    passedOn: Array.from(state.passedOn.keys()),
    reads: state.reads,
  };
}

function peersOf({ peers }: NonNullable<RaftState['lead']>): object {
  return Array.from(peers, ([id, peer]) => [id, { ...peer, heardAtMs: 0 }]);
}

/** What a node came to. */
export function reportOf(state: RaftState) {
  const { role, term, leader, commit, applied, log, workload } = state;
  return {
    ...{ role, term, leader, commit, applied },
    snapshot: log.base.index,
    members: membersOf(configurationIn(state)),
    voters: [...configurationIn(state).voters],
    memory: state.memory,
    operations: workload.done,
    machine: state.machine.canonical(),
    ...(state.own.report_history ? { history: workload.seen } : {}),
  };
}
