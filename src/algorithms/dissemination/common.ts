/** What every disseminator does alike: it starts, takes what comes, tells new messages from old ones, keeps in touch with its neighbours. */

import type { NodeId } from '../../core/id.ts';
import type { MachineBase, MachineInput } from '../../core/machine.ts';
import { deliver, deliverWritten, restore, streamsOf } from './delivering.ts';
import type { calls, Publication } from './interface.ts';
import { join, leave, obey } from './obeying.ts';
import {
  answerGreeting,
  greeted,
  heardFrom,
  lookAround,
  meet,
  type CommonOut,
  type commonMessages,
} from './peers.ts';
import { publish } from './publishing.ts';
import { noteSeen, streamOf } from './seen.ts';
import {
  keyOf,
  nameOf,
  PENDING_MAX,
  RELAYED_MAX,
  type Common,
  type Pending,
  type Spreading,
} from './state.ts';

/** The least incarnation of a node that has lost its memory: above all that count from 1, and drawn, for nobody knows the last one. */
const FORGETFUL = 0x80000000;

type Input = MachineInput<typeof commonMessages, typeof calls>;
/** A message of the chapter's own, or an answer to one. */
interface OwnInput {
  readonly kind: 'message' | 'reply';
  readonly type: string;
  readonly from: NodeId;
  readonly now: number;
}
type State = Common & MachineBase;

/** Takes an input that every disseminator takes alike. False for one that is the chapter's own business. */
export function takeCommon<S extends State, O extends CommonOut>(
  state: S,
  given: Input | OwnInput,
  spreading: Spreading<S, O>,
  out: O,
): boolean {
  if (given.kind === 'message' && heardFrom(state, given.from, given.now)) {
    spreading.changed?.(state, given.from, given.now, out);
  }
  if ((given.kind === 'message' || given.kind === 'reply') && given.type !== 'hello') return false;
  const input = given as Input;
  const { now } = input;
  switch (input.kind) {
    case 'start':
      start(state, input, spreading, out);
      return true;
    case 'timer':
      return fired(state, input.name, now, spreading, out);
    case 'call':
      obey(state, input, spreading, out);
      return true;
    case 'written':
      deliverWritten(state, input.ticket, out);
      return true;
    case 'message':
    case 'reply':
      greeting(state, input, spreading, out);
      return true;
  }
}

function greeting<S extends State, O extends CommonOut>(
  state: S,
  input: Extract<Input, { kind: 'message' | 'reply' }>,
  spreading: Spreading<S, O>,
  out: O,
): void {
  const { from, now } = input;
  const before = state.peers.get(from)?.epoch ?? -1;
  if (input.kind === 'reply') greeted(state, from, input, now, out);
  else answerGreeting(state, from, input.message, input.ticket, out);
  const after = state.peers.get(from)?.epoch ?? -1;
  if (before >= 0 && after > before) spreading.reborn?.(state, from, now, out);
  spreading.changed?.(state, from, now, out);
}

/**
 * A publication has come: new ones are delivered and, without `validate`, sent on.
 *
 * @returns what it was to this node; `unwanted` for a topic that it has not joined
 */
export function arrive<S extends State, O extends CommonOut>(
  state: S,
  from: NodeId,
  { publication, hops }: { readonly publication: Publication; readonly hops: number },
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): 'new' | 'seen' | 'refused' | 'unwanted' {
  const { counts } = state;
  const { signer: origin, topic, incarnation, sequence, payloads } = publication;
  if (spreading.relays === true && origin !== state.me && !state.joined.has(topic)) {
    return relay(state, from, { publication, hops }, now, spreading, out);
  }
  if (!out.rules.mayDeliver(state.joined, topic)) {
    counts.unwanted++;
    return 'unwanted';
  }
  if (origin === state.me) {
    // What was said in an earlier life is no news either.
    counts.duplicates++;
    return 'seen';
  }
  const stream = streamOf(streamsOf(state, topic, origin), incarnation);
  const novelty =
    stream === undefined ? 'stale' : out.rules.noveltyOf(stream, sequence, payloads.length);
  if (novelty === 'seen') {
    counts.duplicates++;
    return 'seen';
  }
  if (novelty !== 'new') {
    counts.refused++;
    return 'refused';
  }
  noteSeen(stream!, sequence, payloads.length);
  const item = { publication, hops, from };
  if (state.given.validate) hold(state, item);
  deliver(state, item, out);
  if (!state.given.validate) spreading.spread(state, publication, hops, from, now, out);
  return 'new';
}

/** A publication of a topic that this node has not joined goes through it. */
function relay<S extends State, O extends CommonOut>(
  state: S,
  from: NodeId,
  { publication, hops }: { readonly publication: Publication; readonly hops: number },
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): 'new' | 'seen' {
  const { relayed, counts } = state;
  const key = keyOf(nameOf(publication));
  if (relayed.has(key)) {
    counts.duplicates++;
    return 'seen';
  }
  if (relayed.size >= RELAYED_MAX) relayed.delete(relayed.keys().next().value!);
  relayed.add(key);
  spreading.spread(state, publication, hops, from, now, out);
  return 'new';
}

function hold(state: State, item: Pending): void {
  const { pending } = state;
  if (pending.size >= PENDING_MAX) pending.delete(pending.keys().next().value!);
  pending.set(keyOf(nameOf(item.publication)), item);
}

function start<S extends State, O extends CommonOut>(
  state: S,
  { now, restarted, stored }: Extract<Input, { kind: 'start' }>,
  spreading: Spreading<S, O>,
  out: O,
): void {
  const before = stored.get('incarnation');
  if (typeof before === 'number') state.incarnation = before + 1;
  else state.incarnation = restarted ? FORGETFUL + state.random.bits() : 1;
  restore(state, stored);
  // Before a word is said: an incarnation that was used must not come again.
  out.put({ incarnation: state.incarnation });
  const { given, neighbours } = state;
  spreading.started?.(state, now, out);
  for (const id of neighbours) meet(state, id, now, out);
  // Not all at once: who starts together need not look around together.
  out.timer('beat', state.random.between(0, given.heartbeat * 1000));
  out.timer('join', given.join_after * 1000);
  if (given.leave_after !== undefined) out.timer('leave', given.leave_after * 1000);
  if (state.planned > 0) out.timer('publish', given.publish_after * 1000);
}

function fired<S extends State, O extends CommonOut>(
  state: S,
  name: string,
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): boolean {
  const { given } = state;
  switch (name) {
    case 'beat':
      out.timer('beat', given.heartbeat * 1000);
      lookAround(state, now, out);
      spreading.beat?.(state, now, out);
      return true;
    case 'join':
      for (const topic of given.topics) join(state, topic, now, spreading, out);
      return true;
    case 'leave':
      for (const topic of given.topics) leave(state, topic, now, spreading, out);
      return true;
    case 'publish': {
      const topic = given.publish_topic ?? given.topics[0];
      if (topic === undefined) return true;
      publish(
        state,
        topic,
        [`${state.me} ${given.publishes - state.planned}`],
        now,
        spreading,
        out,
      );
      state.planned--;
      if (state.planned > 0) out.timer('publish', given.publish_delay * 1000);
      return true;
    }
    default:
      return false;
  }
}
