/** The RPCs of Raft as messages: an answer is a message of its own, for it may come late, twice or never. */

import * as v from 'valibot';
import { anyValue } from '../../core/any-value.ts';
import { cast, request } from '../../core/message.ts';

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const node = v.string();

/** Entries of one message: more than any leader’s limit, so that only nonsense is refused. */
const ENTRIES_MAX = 100_000;

const proposal = v.object({
  term: natural,
  kind: v.picklist(['noop', 'command', 'configuration', 'settings', 'stub']),
  data: anyValue(),
});

const configuration = v.object({
  voters: v.array(node),
  outgoing: v.array(node),
  learners: v.array(node),
  learnersNext: v.array(node),
  witnesses: v.array(node),
  autoLeave: v.boolean(),
});

/** What became of a command or a read. */
const outcome = v.object({
  /** `result`: it was applied. `redirect`: ask `leader`. `retry`: later. `error`: never. `timeout`: nobody knows. */
  kind: v.picklist(['result', 'redirect', 'retry', 'error', 'timeout']),
  value: v.optional(anyValue()),
  /** Where in the log it stands. */
  index: v.optional(natural),
  leader: v.optional(node),
  reason: v.optional(v.string()),
});

/** What became of a command or a read. */
export type Outcome = v.InferOutput<typeof outcome>;

const change = v.object({
  make: v.picklist(['voter', 'learner', 'witness', 'removed']),
  node,
});

/** A client’s command: `client` and `serial` make it happen once (section 6.3); without a client it may happen twice. */
const clientCommand = {
  client: v.optional(v.string(), ''),
  serial: v.optional(natural, 0),
  /** The client has the answers of all serials below. */
  lowest: v.optional(natural, 0),
  command: anyValue(),
};

/** Messages of Raft. */
export const messages = {
  /** Would you vote for me in `term`? Changes nothing (section 9.6). */
  preVote: cast({ term: natural, lastIndex: natural, lastTerm: natural }, { via: 'control' }),
  /** `term` is that of the question when granted, the voter’s own otherwise. */
  preVoteReply: cast({ term: natural, granted: v.boolean() }, { via: 'control' }),
  /** Section 3.4. `transfer`: the leader wants it, so a live leader is no reason to refuse. */
  requestVote: cast(
    { term: natural, lastIndex: natural, lastTerm: natural, transfer: v.boolean() },
    { via: 'control' },
  ),
  requestVoteReply: cast({ term: natural, granted: v.boolean() }, { via: 'control' }),
  /**
   * Section 3.5; without entries a heartbeat. `round` numbers the leader’s questions whether it still leads, `session` its dealings
   * with this follower: an answer that bears another number is of an earlier membership.
   */
  appendEntries: cast({
    term: natural,
    prevIndex: natural,
    prevTerm: natural,
    entries: v.pipe(v.array(proposal), v.maxLength(ENTRIES_MAX)),
    commit: natural,
    round: natural,
    session: natural,
  }),
  /** `match`: logs agree up to here. Refused: `prevIndex` is what did not fit, and `match`, `matchTerm` where they might. */
  appendEntriesReply: cast({
    term: natural,
    success: v.boolean(),
    match: natural,
    matchTerm: natural,
    prevIndex: natural,
    round: natural,
    session: natural,
    /** The follower has lost its disk: see `memory.ts`. */
    memory: v.optional(v.picklist(['lost', 'learning'])),
  }),
  /** As of the entry at `index`, which is committed, you do not vote: what you have forgotten is not counted on. */
  nobodyCounts: cast({ term: natural, index: natural }),
  /** A piece of a snapshot (section 5.3 of the dissertation): bytes `offset` and following of `total`. */
  installSnapshot: cast({
    term: natural,
    lastIndex: natural,
    lastTerm: natural,
    /** Digest of the log up to there. */
    chain: natural,
    /** The members at that place. */
    configuration,
    offset: natural,
    total: natural,
    checksum: natural,
    data: v.instance(Uint8Array),
    round: natural,
    session: natural,
  }),
  /** `offset`: what the follower needs next; `total` when it has it all and has installed it. */
  installSnapshotReply: cast({
    term: natural,
    lastIndex: natural,
    offset: natural,
    isInstalled: v.boolean(),
    round: natural,
    session: natural,
  }),
  /** Stand for election at once: leadership is yours for the asking (section 3.10). */
  timeoutNow: cast({ term: natural }, { via: 'control' }),
  /** A follower wants to read: up to where must it have applied? (section 6.4) */
  readIndex: cast({ id: natural }),
  readIndexReply: cast({ id: natural, outcome }),
  /** A command is passed on to the leader. */
  forward: cast({ id: natural, ...clientCommand }),
  forwardReply: cast({ id: natural, outcome }),
};

/** What the program around a node may ask of it. */
export const calls = {
  /** Have a command applied. */
  propose: request(clientCommand, outcome),
  /** Ask the state machine, linearizably. */
  read: request({ query: anyValue() }, outcome),
  /** Change the members; through a joint configuration when more than one voter changes. */
  change: request(
    {
      changes: v.pipe(v.array(change), v.minLength(1)),
      joint: v.optional(v.boolean(), false),
      /** A new voter gets the log before it votes (section 4.2.1). Without, the cluster may have to wait for it. */
      catch_up: v.optional(v.boolean(), true),
    },
    outcome,
  ),
  /** Leave a joint configuration that does not leave itself. */
  leaveJoint: request({}, outcome),
  /** Hand leadership over, to the most advanced voter unless `to` is given. */
  transfer: request({ to: v.optional(node) }, outcome),
  /** Change settings of the cluster through its log. */
  update: request({ settings: v.record(v.string(), anyValue()) }, outcome),
  /** Take a snapshot now. */
  snapshot: request({}, outcome),
  /** Stand for election now. */
  campaign: request({}, outcome),
  /** Forget the leader, so that this node votes for another before its timeout is over. */
  forgetLeader: request({}, outcome),
  /**
   * A majority is lost for good: this node alone declares what it has committed and names the members. What only the lost nodes knew is
   * gone.
   */
  recover: request({ voters: v.pipe(v.array(node), v.minLength(1)) }, outcome),
  /** A state machine that failed has been seen to: take part again. */
  repair: request({}, outcome),
};

/** What a node tells the program around it. */
export const delivers = {
  /** Something happened; `kind` is one of the events of `events.ts`. */
  event: cast({ kind: v.string(), detail: anyValue() }),
  /** A client of this node asked (`invoke`) or was answered (`ok`, `info`): the history of the run. */
  history: cast({ type: v.picklist(['invoke', 'ok', 'info']), f: v.string(), value: anyValue() }),
};
