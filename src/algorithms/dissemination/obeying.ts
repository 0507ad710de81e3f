/** What the layer above may ask for: join, leave, publish, judge. */

import { canonicalLength } from '../../core/canonical.ts';
import type { MachineBase, MachineInput } from '../../core/machine.ts';
import {
  PUBLICATION_BYTES_MAX,
  TOPICS_MAX,
  type calls,
  type MessageName,
  type Verdict,
} from './interface.ts';
import { arrived, departed, tellAll, type CommonOut } from './peers.ts';
import { publish } from './publishing.ts';
import { keyOf, type Common, type Spreading } from './state.ts';

type State = Common & MachineBase;
type Call = Extract<MachineInput<{}, typeof calls>, { kind: 'call' }>;

/** Does what was asked. */
export function obey<S extends State, O extends CommonOut>(
  state: S,
  input: Call,
  spreading: Spreading<S, O>,
  out: O,
): void {
  const { now, ticket } = input;
  switch (input.type) {
    case 'join':
      if (join(state, input.message.topic, now, spreading, out)) out.answer(ticket, 'join', null);
      else out.refuse(ticket, `${state.me} has joined ${TOPICS_MAX} topics; leave one first`);
      return;
    case 'leave':
      leave(state, input.message.topic, now, spreading, out);
      out.answer(ticket, 'leave', null);
      return;
    case 'publish': {
      const { topic, payloads } = input.message;
      const bytes = canonicalLength(payloads);
      if (bytes > PUBLICATION_BYTES_MAX) {
        const most = `at most ${PUBLICATION_BYTES_MAX} go out together`;
        out.refuse(ticket, `${bytes} bytes are too much for one publication: ${most}`);
        return;
      }
      const sequence = publish(state, topic, payloads, now, spreading, out);
      out.answer(ticket, 'publish', { incarnation: state.incarnation, sequence });
      return;
    }
    case 'judge':
      judge(state, input.message, input.message.verdict, now, spreading, out);
      return;
    case 'link': {
      const { peer, is_up } = input.message;
      if (is_up) arrived(state, peer, now, out);
      else departed(state, peer);
      spreading.linked?.(state, peer, is_up);
      spreading.changed?.(state, peer, now, out);
      return;
    }
    case 'rate':
      spreading.rated?.(state, input.message.peer, input.message.score, now, out);
  }
}

/** Joins a topic; false when there are too many. */
export function join<S extends State, O extends CommonOut>(
  state: S,
  topic: string,
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): boolean {
  const { joined } = state;
  if (joined.has(topic)) return true;
  if (joined.size >= TOPICS_MAX) return false;
  joined.add(topic);
  spreading.joined?.(state, topic, now, out);
  tellAll(state, now, out);
  return true;
}

/** Leaves a topic. */
export function leave<S extends State, O extends CommonOut>(
  state: S,
  topic: string,
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): void {
  if (!state.joined.delete(topic)) return;
  spreading.left?.(state, topic, now, out);
  tellAll(state, now, out);
}

function judge<S extends State, O extends CommonOut>(
  state: S,
  name: MessageName,
  verdict: Verdict,
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): void {
  const key = keyOf(name);
  const item = state.pending.get(key);
  if (item === undefined) return;
  state.pending.delete(key);
  if (verdict === 'reject') state.counts.rejected++;
  spreading.judged?.(state, item, verdict, now, out);
  const { publication, hops, from } = item;
  if (verdict === 'accept') spreading.spread(state, publication, hops, from, now, out);
}
