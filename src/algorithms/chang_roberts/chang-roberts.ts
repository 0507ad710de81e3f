/**
 * Leader election on a one-way ring, after Chang and Roberts (1979): everybody's number sets out,
 * smaller numbers are swallowed on the way, and the greatest comes home.
 */

import * as v from 'valibot';
import { Misuse } from '../../core/errors.ts';
import { driven } from '../../core/machine-driver.ts';
import { defineMachine, type MachineBase, type Out } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import { messages } from './messages.ts';
import { rules } from './rules.ts';

const settings = {
  /** The number that the node stands for election with; no two nodes may have the same. */
  node_id: v.pipe(v.number(), v.integer()),
  /** The node stands up by itself after a random time of at most so many milliseconds. */
  start_delay_max: v.optional(v.pipe(v.number(), v.minValue(0)), 3),
};

/**
 * What the node is in the election. The last three are what later texts call a participant.
 *
 * - `asleep`: has neither stood up nor seen a candidature;
 * - `candidate`: its own number is on its way;
 * - `beaten`: a greater number came by;
 * - `leader`: its own number came home.
 */
export type Role = 'asleep' | 'candidate' | 'beaten' | 'leader';

/** The state of the machine. */
export interface ChangRobertsState {
  readonly node_id: number;
  readonly start_delay_max: number;
  /** Number of nodes on the ring. */
  readonly n: number;
  /** The one neighbour; null on a ring of one. */
  readonly next: NodeId | null;
  role: Role;
  /** Number of the leader, when it is known here. */
  leader: number | null;
  /** Candidatures passed on. */
  forwarded: number;
  /** Candidatures that ended here. */
  swallowed: number;
}

type State = ChangRobertsState & MachineBase;
type Send = Out<typeof messages, {}, {}, typeof rules>;

/** The machine, for search and for stepping by hand. */
export const changRoberts = defineMachine<
  ChangRobertsState,
  typeof messages,
  typeof settings,
  {},
  {},
  typeof rules
>('chang_roberts', {
  messages,
  settings,
  rules,

  init({ id, nodes, neighbours, settings }) {
    const alone = nodes.length === 1;
    if (!alone && neighbours.length !== 1) {
      throw new Misuse(
        `chang_roberts runs on a one-way ring, where each node has one neighbour, the next; ` +
          `${id} has ${neighbours.length} (${neighbours.join(', ')}). ` +
          `Write 'neighbours: [${nodeAfter(id, nodes)}]' under ${id}.`,
      );
    }
    return {
      node_id: settings.node_id,
      start_delay_max: settings.start_delay_max,
      n: nodes.length,
      next: alone ? null : neighbours[0]!,
      role: 'asleep',
      leader: null,
      forwarded: 0,
      swallowed: 0,
    };
  },

  step(state, input, out) {
    switch (input.kind) {
      case 'start':
        if (state.next === null) becomeLeader(state, out);
        else if (state.start_delay_max === 0) becomeCandidate(state, out);
        else out.timer('stand up', state.random.between(0, state.start_delay_max));
        return;
      case 'timer':
        if (out.rules.standsUp(state.role)) becomeCandidate(state, out);
        return;
      case 'message':
        if (input.type === 'election') election(state, input.message, out);
        else elected(state, input.message.leader, out);
        break;
      case 'written':
      // Nothing is stored: an election begins anew after a crash.
    }
  },

  visible: ({ node_id, role, leader, forwarded, swallowed }) => ({
    node_id,
    role,
    leader,
    forwarded,
    swallowed,
  }),

  report: ({ leader, node_id }) => ({ leader, node_id }),
});

/** A number comes by: the comparison that is the algorithm. */
function election(
  state: State,
  { elector, hops }: { readonly elector: number; readonly hops: number },
  out: Send,
): void {
  if (hops > state.n) throw new Error(wentAstray(state, elector, hops));
  switch (out.rules.fate(elector, state)) {
    case 'goes on':
      state.role = 'beaten';
      state.forwarded++;
      out.send(state.next!, 'election', { elector, hops: hops + 1 });
      return;
    case 'ends here':
      // A sleeper stands up in its stead, or else the greatest number might never set out.
      state.swallowed++;
      if (out.rules.standsUp(state.role)) becomeCandidate(state, out);
      return;
    case 'is home':
      if (hops < state.n) throw new Error(wentAstray(state, elector, hops));
      // Our own number has passed every other node, and so is the greatest.
      if (state.role === 'candidate') becomeLeader(state, out);
  }
}

/** The result comes by: note it and pass it on, until it is back at the leader. */
function elected(state: State, leader: number, out: Send): void {
  if (state.role === 'leader') {
    out.terminate();
  } else if (state.leader === null) {
    state.leader = leader;
    out.send(state.next!, 'elected', { leader });
    out.terminate();
  }
}

function becomeCandidate(state: State, out: Send): void {
  state.role = 'candidate';
  out.cancel('stand up');
  out.send(state.next!, 'election', { elector: state.node_id, hops: 1 });
}

function becomeLeader(state: State, out: Send): void {
  state.role = 'leader';
  state.leader = state.node_id;
  out.log('info', `${state.node_id} is elected`);
  // The leader terminates when the result is back: then everybody has passed it on, and no message
  // is under way.
  if (state.next === null) out.terminate();
  else out.send(state.next, 'elected', { leader: state.leader });
}

/** A number that comes home too early, or never: what a node can notice of a ring that is none. */
function wentAstray({ node_id, n }: ChangRobertsState, elector: number, hops: number): string {
  if (elector === node_id) {
    return (
      `node_id ${elector} was met again after ${hops} of ${n} hops: ` +
      `another node has the same node_id, or the neighbours form no ring of all ${n} nodes`
    );
  }
  return (
    `the candidature of ${elector} has made ${hops} hops among ${n} nodes: ` +
    `the neighbours form no ring, it cannot come home`
  );
}

/** A proposal for the message: the order of the configuration is a ring. */
function nodeAfter(id: NodeId, nodes: readonly NodeId[]): NodeId {
  return nodes[(nodes.indexOf(id) + 1) % nodes.length]!;
}

/** The election as an algorithm. */
export class ChangRoberts extends driven(changRoberts) {}
