/**
 * Raft: a replicated log, kept alike by a leader that a majority has elected. After Diego Ongaro, “Consensus: Bridging Theory and
 * Practice” (dissertation, Stanford, 2014); sections are of it unless said otherwise.
 */

import { driven } from '../../core/machine-driver.ts';
import { defineMachine, type Machine } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import { takeAppend } from './appending.ts';
import { conclude, keepUpTo } from './consequences.ts';
import { readDisk, restoreLog } from './durable.ts';
import { answerPreVote, answerVote, countPreVote, countVote, electionTimeout } from './election.ts';
import { KeyValue } from './key-value.ts';
import { pulse } from './leading.ts';
import { changeMembers, leaveJointHere } from './membership.ts';
import { forgetEverything, takeNobodyCounts } from './memory.ts';
import { calls, delivers, messages } from './messages.ts';
import { meddle } from './operator.ts';
import { awaitOrders, takeOrders } from './orders.ts';
import {
  campaignHere,
  forgetLeaderHere,
  recoverHere,
  repairHere,
  snapshotHere,
} from './operations.ts';
import {
  expirePassedOn,
  proposeHere,
  proposeSettings,
  takeOutcome,
  takeProposal,
} from './proposals.ts';
import { readHere, takeReadIndex, takeReadIndexReply } from './reads.ts';
import { takeAppendReply } from './replication.ts';
import { rules, type RaftRules } from './rules.ts';
import { settings } from './settings.ts';
import { restoreSnapshot, takeChunk, takeChunkReply } from './snapshots.ts';
import { initialState, type RaftState, type State } from './state.ts';
import type { StateMachine } from './state-machine.ts';
import {
  answer,
  beginStep,
  forgetChanges,
  type Effects,
  type RaftInput,
  type Step,
} from './step.ts';
import { armElectionTimer, resetElectionTimer } from './timers.ts';
import { takeTimeoutNow, transferTo } from './transfer.ts';
import { essenceOf, reportOf, visibleOf } from './visible.ts';
import { beginWork, newWorkload, work } from './workload.ts';

/** A Raft machine. */
export type RaftMachine = Machine<
  RaftState,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  RaftRules
>;

/** Raft over a state machine of one's own. */
export function raftOver(makeMachine: () => StateMachine): RaftMachine {
  return defineMachine<
    RaftState,
    typeof messages,
    typeof settings,
    typeof delivers,
    typeof calls,
    RaftRules
  >('raft', {
    messages,
    settings,
    delivers,
    calls,
    rules,
    withstandsDamage: true,
    init: (seat) =>
      initialState(seat, {
        machine: makeMachine(),
        sessions: new Map(),
        workload: newWorkload(seat.settings.commands),
      }),
    step: (state, input, out) => stepAll(state, [input], out),
    stepAll,
    essence: essenceOf,
    visible: visibleOf,
    report: reportOf,
  });
}

/** What came together has its consequences together: many commands are one append, one write, and one message to each follower. */
function stepAll(state: State, inputs: readonly RaftInput[], out: Effects): void {
  const step = beginStep(state, out);
  for (const input of inputs) {
    state.nowMs = input.now;
    if (state.broken === null || input.kind === 'call' || input.kind === 'written') {
      react(step, input);
    }
  }
  conclude(step);
}

function react(step: Step, input: RaftInput): void {
  switch (input.kind) {
    case 'start':
      start(step, input);
      return;
    case 'timer':
      if (input.name === 'election') wake(step);
      else if (input.name === 'heartbeat') pulse(step);
      else if (input.name === 'operator') meddle(step);
      else if (input.name === 'orders') takeOrders(step);
      else work(step);
      return;
    case 'written':
      keepUpTo(step, input.ticket);
      return;
    case 'message':
      receive(step, input.from, input);
      return;
    case 'call':
      obey(step, input);
  }
}

function start(step: Step, { stored, damaged = [] }: Extract<RaftInput, { kind: 'start' }>): void {
  const { state, out } = step;
  const why = whatIsLost(step, stored, damaged);
  const found = readDisk(why === undefined ? stored : new Map());
  if (found.snapshot !== null) restoreSnapshot(state, found.snapshot);
  restoreLog(state, found);
  forgetChanges(step.changes, state.log);
  state.hasStarted = true;
  if (found.stale.length > 0) {
    out.write(Object.fromEntries(found.stale.map((key) => [key, undefined])));
  }
  if (why !== undefined) {
    // Of what is left nothing can be trusted to be all. The node's client is another matter.
    const gone = [...stored.keys(), ...damaged].filter((key) => key !== 'client');
    out.write(Object.fromEntries(gone.map((key) => [key, undefined])));
    forgetEverything(step, why);
  }
  if (state.broken !== null) {
    out.log('error', `this node takes part no more: ${state.broken.detail}`);
    return;
  }
  // A lease may count on this node, and it does not remember.
  if (state.settings.reads === 'lease') state.leaderHeardAtMs = state.nowMs;
  resetElectionTimer(step);
  beginWork(step, stored.get('client'));
  if (state.own.meddle_interval > 0) out.timer('operator', state.own.meddle_interval);
  awaitOrders(step);
}

/** Why this node has to begin again; undefined when it has what it had. */
function whatIsLost(
  { state }: Step,
  stored: ReadonlyMap<string, unknown>,
  damaged: readonly string[],
): string | undefined {
  if (damaged.length > 0) return `damaged on the disk: ${damaged.join(', ')}`;
  return state.own.evicted && stored.size === 0 ? 'its storage is gone' : undefined;
}

/** The election timer went off; it may have been put off meanwhile. */
function wake(step: Step): void {
  const { state } = step;
  const lateMs = state.nowMs - state.alarmMs;
  state.alarmMs = Infinity;
  expirePassedOn(step);
  if (state.role === 'leader') resetElectionTimer(step);
  else if (state.nowMs < state.electionDueMs) armElectionTimer(step);
  // Whoever stood still has perhaps not heard what is waiting to be heard.
  else if (lateMs >= state.settings.election_timeout) resetElectionTimer(step);
  else electionTimeout(step);
}

type Received = Extract<RaftInput, { kind: 'message' }>;

function receive(step: Step, from: NodeId, { type, message }: Received): void {
  const handler = receivers[type] as (step: Step, from: NodeId, message: unknown) => void;
  handler(step, from, message);
}

const receivers: {
  readonly [T in Received['type']]: (
    step: Step,
    from: NodeId,
    message: Extract<Received, { type: T }>['message'],
  ) => void;
} = {
  preVote: answerPreVote,
  preVoteReply: countPreVote,
  requestVote: answerVote,
  requestVoteReply: countVote,
  appendEntries: takeAppend,
  appendEntriesReply: takeAppendReply,
  installSnapshot: takeChunk,
  installSnapshotReply: takeChunkReply,
  nobodyCounts: takeNobodyCounts,
  timeoutNow: (step, from, { term }) => takeTimeoutNow(step, from, term),
  readIndex: (step, from, { id }) => takeReadIndex(step, from, id),
  readIndexReply: (step, _, message) => takeReadIndexReply(step, message),
  forward: takeProposal,
  forwardReply: (step, _, message) => takeOutcome(step, message),
};

type Asked = Extract<RaftInput, { kind: 'call' }>;

function obey(step: Step, input: Asked): void {
  const { ticket } = input;
  // A leader that broke would take commands that it never commits.
  if (step.state.broken !== null && input.type !== 'repair') {
    answer(step, { ticket }, { kind: 'error', reason: `${step.state.me} is broken` });
    return;
  }
  switch (input.type) {
    case 'propose':
      return proposeHere(step, ticket, input.message);
    case 'read':
      return readHere(step, ticket, input.message.query);
    case 'change':
      changeMembers(step, ticket, input.message);
      return;
    case 'leaveJoint':
      return leaveJointHere(step, ticket);
    case 'transfer':
      return transferTo(step, ticket, input.message.to);
    case 'update':
      return proposeSettings(step, ticket, input.message.settings);
    case 'snapshot':
      return snapshotHere(step, ticket);
    case 'campaign':
      return campaignHere(step, ticket);
    case 'forgetLeader':
      return forgetLeaderHere(step, ticket);
    case 'recover':
      return recoverHere(step, ticket, input.message.voters);
    case 'repair':
      return repairHere(step, ticket);
  }
}

/** The machine of the chapter, over a key-value store. */
export const raft: RaftMachine = raftOver(() => new KeyValue());

/** Raft as an algorithm. */
export class Raft extends driven(raft) {}

export type { State };
