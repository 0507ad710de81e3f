/** Log compaction and its snapshots, sent in pieces (dissertation, chapter 5). */

import type { NodeId } from '../../core/id.ts';
import { decodeCanonical, encodeCanonical } from '../../core/canonical.ts';
import { messageOf } from '../../core/errors.ts';
import type { Value } from '../../core/value.ts';
import type { Configuration } from './configuration.ts';
import { fold } from './entry.ts';
import { becomeProbe, noteMatch, type Progress } from './progress.ts';
import { progressFor } from './replies.ts';
import { acceptLeader } from './roles.ts';
import { exportSessions, importSessions } from './sessions.ts';
import type { ClusterSettings } from './settings.ts';
import { configurationIn, type Incoming, type Snapshot, type State } from './state.ts';
import { promise, say, tell, type Step } from './step.ts';

/** A snapshot that claims to be larger is refused: it would fill the memory before it could be checked. */
const SNAPSHOT_BYTES_MAX = 256 * 1024 * 1024;

/** What a snapshot holds besides the place it is of. */
interface Content {
  readonly cluster: string;
  readonly machine: Value;
  readonly sessions: Value;
  readonly settings: ClusterSettings;
}

/** Takes a snapshot when the applied part of the log has grown beyond its limits. */
export function compactWhenLong(step: Step): void {
  const { log, applied, settings } = step.state;
  const isLong = applied - log.base.index >= settings.snapshot_entries;
  if (isLong || (log.bytes >= settings.snapshot_bytes && applied > log.base.index)) {
    takeSnapshot(step);
  }
}

/** The state machine as it is now takes the place of the log up to here (section 5.1). False when there is nothing new. */
export function takeSnapshot(step: Step): boolean {
  const { state, changes, rules } = step;
  const { log, applied: index } = state;
  if (index <= log.base.index || state.broken !== null) return false;
  const content: Content = {
    cluster: state.own.cluster,
    machine: state.machine.snapshot(),
    sessions: rules.snapshotKeepsSessions() ? exportSessions(state.sessions) : [],
    settings: state.settings,
  };
  const bytes = encodeCanonical(content);
  const { configuration } = state.configurations.findLast((each) => each.index <= index)!;
  state.snapshot = Object.freeze({
    ...{ index, term: log.termAt(index)!, chain: log.chainAt(index), configuration },
    ...{ bytes, checksum: fold(bytes) },
  });
  log.compact(index);
  const kept = state.configurations.findLastIndex((each) => each.index <= index);
  state.configurations.splice(0, kept);
  changes.snapshot = true;
  tell(step, 'snapshot', { what: 'taken', index, bytes: bytes.length });
  return true;
}

/** Sends the piece that the follower needs next. */
export function sendChunk(step: Step, id: NodeId, progress: Progress): void {
  const { term, snapshot, lead, settings } = step.state;
  // A newer snapshot takes the place of the one that was being sent.
  if (progress.snapshot!.index !== snapshot!.index) {
    progress.snapshot = { index: snapshot!.index, offset: 0 };
  }
  const { bytes, checksum, index: lastIndex, term: lastTerm } = snapshot!;
  const { offset } = progress.snapshot!;
  say(step, id, 'installSnapshot', {
    ...{ term, lastIndex, lastTerm, chain: snapshot!.chain, offset, total: bytes.length, checksum },
    configuration: editable(snapshot!.configuration),
    data: bytes.slice(offset, offset + settings.chunk_bytes),
    ...{ round: lead!.round, session: progress.session },
  });
}

/** As the message's type wants it; nobody changes it. */
function editable({ autoLeave, ...lists }: Configuration) {
  return { ...(lists as { [list in keyof typeof lists]: string[] }), autoLeave };
}

/** A piece of a leader's snapshot. */
export interface Chunk {
  readonly term: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly chain: number;
  readonly configuration: Configuration;
  readonly offset: number;
  readonly total: number;
  readonly checksum: number;
  readonly data: Uint8Array;
  readonly round: number;
  readonly session: number;
}

/** A follower takes a piece; the last one installs it (section 5.3). */
export function takeChunk(step: Step, from: NodeId, chunk: Chunk): void {
  const { state, rules } = step;
  if (!acceptLeader(step, from, chunk)) return;
  if (!rules.isNewSnapshot(chunk.lastIndex, state.commit)) {
    // It is old: everything that it has is here.
    state.incoming = null;
    replyChunk(step, from, chunk, chunk.total, true);
    return;
  }
  if (chunk.total > SNAPSHOT_BYTES_MAX || chunk.offset + chunk.data.length > chunk.total) {
    step.out.log('warn', `${from} sent a piece of a snapshot that cannot be one`);
    return;
  }
  const incoming = collect(state, chunk);
  if (incoming.received < chunk.total) {
    replyChunk(step, from, chunk, incoming.received, false);
    return;
  }
  state.incoming = null;
  if (fold(incoming.bytes) !== chunk.checksum) {
    step.out.log('warn', `the snapshot of ${from} at ${chunk.lastIndex} arrived corrupt`);
    replyChunk(step, from, chunk, 0, false);
    return;
  }
  if (!install(step, chunk, incoming.bytes)) return;
  replyChunk(step, from, chunk, chunk.total, true);
}

/** Whoever has a beginning of the same snapshot goes on with it, from whichever leader the rest comes. */
function collect(state: State, { lastIndex, checksum, total, offset, data }: Chunk): Incoming {
  const { incoming } = state;
  const isSame = incoming?.index === lastIndex && incoming.checksum === checksum;
  if (!isSame || incoming.bytes.length !== total) {
    state.incoming = { index: lastIndex, checksum, bytes: new Uint8Array(total), received: 0 };
  }
  const current = state.incoming!;
  if (offset === current.received) {
    current.bytes.set(data, offset);
    current.received += data.length;
  }
  return current;
}

/** Becomes what the snapshot says. False when it is none of this cluster. */
function install(step: Step, chunk: Chunk, bytes: Uint8Array): boolean {
  const { state, rules, changes } = step;
  const { log } = state;
  const { lastIndex: index, lastTerm: term, chain, checksum } = chunk;
  const content = readContent(step, bytes);
  if (content === undefined) return false;
  const configuration = Object.freeze(chunk.configuration);
  state.snapshot = Object.freeze({ index, term, chain, configuration, bytes, checksum });
  if (rules.keepsSuffix(log.termAt(index), term)) {
    log.compact(index);
    state.configurations = state.configurations.filter((each) => each.index > index);
  } else {
    log.reset({ index, term, chain });
    state.configurations = [];
  }
  state.configurations.unshift({ index, configuration });
  changes.snapshot = true;
  adopt(state, content);
  tell(step, 'snapshot', { what: 'installed', index, bytes: bytes.length });
  return true;
}

function readContent(step: Step, bytes: Uint8Array): Content | undefined {
  const { state, out } = step;
  let content: Content;
  try {
    content = decodeCanonical(bytes) as unknown as Content;
  } catch (error) {
    out.log('error', `a snapshot that is none: ${messageOf(error)}`);
    return undefined;
  }
  if (content.cluster === state.own.cluster) return content;
  out.log('error', `a snapshot of the cluster '${content.cluster}', not of '${state.own.cluster}'`);
  tell(step, 'error', { what: 'cluster', cluster: content.cluster });
  return undefined;
}

/** The state machine of a snapshot takes the place of ours. */
function adopt(state: State, content: Content): void {
  state.commit = Math.max(state.commit, state.snapshot!.index);
  state.applied = state.snapshot!.index;
  state.settings = Object.freeze(content.settings);
  importSessions(state.sessions, content.sessions);
  // A witness has no state machine.
  if (!configurationIn(state).witnesses.includes(state.me)) state.machine.restore(content.machine);
}

/** After a start: the snapshot that was found on the disk. */
export function restoreSnapshot(state: State, snapshot: Snapshot): void {
  const { index, term, chain, configuration } = snapshot;
  state.snapshot = Object.freeze(snapshot);
  state.log.reset({ index, term, chain });
  state.configurations = [{ index, configuration }];
  adopt(state, decodeCanonical(snapshot.bytes) as unknown as Content);
}

function replyChunk(
  step: Step,
  from: NodeId,
  { lastIndex, round, session }: Chunk,
  offset: number,
  isInstalled: boolean,
): void {
  const { term } = step.state;
  promise(step, from, 'installSnapshotReply', {
    ...{ term, lastIndex, offset, isInstalled, round, session },
  });
}

/** A follower says what it needs next, or that it has it all. */
export function takeChunkReply(
  step: Step,
  from: NodeId,
  reply: {
    readonly term: number;
    readonly lastIndex: number;
    readonly offset: number;
    readonly isInstalled: boolean;
    readonly round: number;
    readonly session: number;
  },
): void {
  const progress = progressFor(step, from, reply);
  if (progress === undefined) return;
  if (reply.isInstalled) {
    // From here on it is known where the logs agree: what follows need not be asked for.
    if (progress.state === 'snapshot') becomeProbe(progress, reply.lastIndex + 1);
    noteMatch(progress, reply.lastIndex, reply.round);
    return;
  }
  const { snapshot } = progress;
  if (snapshot === null || snapshot.index !== reply.lastIndex) return;
  // A late answer asks for what was sent already.
  if (reply.offset === snapshot.offset && reply.offset !== 0) return;
  snapshot.offset = reply.offset;
  sendChunk(step, from, progress);
}
