/** What a node has to say itself. */

import type { MachineBase } from '../../core/machine.ts';
import type { Value } from '../../core/value.ts';
import { deliver, streamsOf } from './delivering.ts';
import { publication as publicationSchema, type Publication } from './interface.ts';
import type { CommonOut } from './peers.ts';
import { noteSeen, streamOf } from './seen.ts';
import type { Common, Spreading } from './state.ts';

type State = Common & MachineBase;

/** Signs and spreads what this node has to say; returns the number of the first payload. */
export function publish<S extends State, O extends CommonOut>(
  state: S,
  topic: string,
  payloads: readonly Value[],
  now: number,
  spreading: Spreading<S, O>,
  out: O,
): number {
  const { me, incarnation, next, counts } = state;
  const sequence = next.get(topic) ?? 0;
  next.set(topic, sequence + payloads.length);
  counts.published += payloads.length;
  const fields = { topic, incarnation, sequence, payloads: [...payloads] };
  const publication = out.sign(publicationSchema, fields) as Publication;
  if (state.joined.has(topic)) {
    noteSeen(streamOf(streamsOf(state, topic, me), incarnation)!, sequence, payloads.length);
    deliver(state, { publication, hops: 0, from: me }, out);
  }
  spreading.spread(state, publication, 0, me, now, out);
  return sequence;
}
