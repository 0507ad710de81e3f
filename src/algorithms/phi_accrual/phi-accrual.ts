/**
 * The φ-accrual failure detector of Hayashibara, Défago, Yared and Katayama (2004): everybody sends heartbeats, and whoever waits for one
 * says *how* suspicious the silence is by now, measured by what this peer's heartbeats have done so far. Two thresholds make verdicts of
 * it.
 */

import * as v from 'valibot';
import { driven } from '../../core/machine-driver.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type Out,
} from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import { detections, detectorCalls, watchable, type Verdict } from '../failure-detector.ts';
import { firstPeers, rosterOf, wholeFrom, type Roster } from '../roster.ts';
import { estimateOf, type Arrivals } from './arrivals.ts';
import { messages } from './messages.ts';
import { DISTRIBUTIONS, elapsedAt, stretchAt, type Distribution, type Estimate } from './phi.ts';
import { rules } from './rules.ts';

/** Who sent no heartbeat for so many of ours is not answered with one any more, unless it is watched. */
const AUDIENCE_BEATS = 10;
/** The first estimate has a deviation of this part of its mean: wide, for nothing is known. */
const FIRST_DEVIATION = 0.25;
/** Beyond this φ, the time until a verdict is no longer that of any use. */
const PHI_MAX = 100;

const seconds = v.pipe(v.number(), v.minValue(0.001));
const threshold = v.pipe(v.number(), v.minValue(0.1), v.maxValue(PHI_MAX));

const settings = {
  /** Seconds from one heartbeat to the next. */
  heartbeat_interval: v.optional(seconds, 1),
  /** A silence of this φ makes a peer suspect. */
  suspect_phi: v.optional(threshold, 3),
  /** And of this one dead. */
  dead_phi: v.optional(threshold, 8),
  /** How the intervals are distributed. */
  distribution: v.optional(v.picklist(DISTRIBUTIONS), 'normal'),
  /** Intervals that are remembered of each peer. */
  window_size: v.optional(v.pipe(wholeFrom(2), v.maxValue(10_000)), 100),
  /** Seconds that the standard deviation has at least. */
  min_deviation: v.optional(seconds, 0.1),
  /** And at most, where there is one: however irregular heartbeats become, a silence is judged in bounded time. */
  max_deviation: v.optional(seconds),
  /** Seconds of silence that are nobody's fault (a lost heartbeat, a page that stood still): added to the mean. */
  acceptable_pause: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
  /** Whom the node watches at the start; all that it can send to, unless given. */
  bootnodes: v.optional(v.array(v.string())),
};

/** The settings of one node, times in milliseconds. */
interface Parameters {
  readonly beatMs: number;
  readonly distribution: Distribution;
  /** What {@link stretchAt} makes of the two thresholds. */
  readonly suspectStretch: number;
  readonly deadStretch: number;
  readonly windowSize: number;
  readonly minDeviationMs: number;
  readonly maxDeviationMs: number;
  readonly pauseMs: number;
  readonly bootnodes: readonly NodeId[] | undefined;
}

/** What a node thinks of a peer that it watches, and why. */
export interface Watched extends Arrivals {
  verdict: Verdict;
  /** It said goodbye. */
  left: boolean;
}

/** The state of the machine. */
export interface PhiState {
  readonly roster: Roster;
  readonly parameters: Parameters;
  /** It has begun, and knows which life it is in. */
  awake: boolean;
  /** Which life of this node it is; kept, so that others tell it from the one before. */
  life: number;
  /** Heartbeats sent in it. */
  beat: number;
  left: boolean;
  readonly peers: Map<NodeId, Watched>;
  /** Others that watch this node, and when they were last heard, in beats of this node. */
  readonly audience: Map<NodeId, number>;
  declared: number;
}

type State = PhiState & MachineBase;
type Effects = Out<typeof messages, typeof detections, typeof detectorCalls, typeof rules>;
type Input = MachineInput<typeof messages, typeof detectorCalls>;

/** The machine, for search and for stepping by hand. */
export const phiAccrual = defineMachine<
  PhiState,
  typeof messages,
  typeof settings,
  typeof detections,
  typeof detectorCalls,
  typeof rules
>('phi_accrual', {
  messages,
  settings,
  rules,
  delivers: detections,
  calls: detectorCalls,
  service: true,
  // When heartbeats came is no part of a situation; what is made of it is.
  essence: ({ life, left, peers }) => ({
    ...{ life, left },
    peers: Array.from(peers, ([id, { verdict, left: gone }]) => [id, verdict, gone]),
  }),

  init({ settings: given, ...seat }) {
    if (given.suspect_phi > given.dead_phi) {
      throw new RangeError(
        `suspect_phi: ${given.suspect_phi} lies above dead_phi, ${given.dead_phi}: nobody would be suspected before it is dead`,
      );
    }
    const { distribution, min_deviation, max_deviation = Infinity } = given;
    if (max_deviation < min_deviation) {
      throw new RangeError(
        `max_deviation: ${max_deviation} lies below min_deviation, ${min_deviation}`,
      );
    }
    return {
      roster: rosterOf({ ...seat, settings: {} }),
      parameters: {
        beatMs: given.heartbeat_interval * 1000,
        distribution,
        suspectStretch: stretchAt(distribution, given.suspect_phi),
        deadStretch: stretchAt(distribution, given.dead_phi),
        windowSize: given.window_size,
        minDeviationMs: min_deviation * 1000,
        maxDeviationMs: max_deviation * 1000,
        pauseMs: given.acceptable_pause * 1000,
        bootnodes: given.bootnodes,
      },
      ...{ awake: false, life: 0, beat: 0, left: false },
      peers: new Map(),
      audience: new Map(),
      declared: 0,
    };
  },

  step(state, input, out) {
    if (input.kind === 'start') start(state, input, out);
    else if (input.kind === 'timer') tick(state, input, out);
    else if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'call') called(state, input, out);
  },

  visible: ({ awake, life, beat, left, peers, parameters, declared }) => ({
    ...{ awake, life, beat, left, declared },
    window_size: parameters.windowSize,
    peers: Object.fromEntries(
      Array.from(peers, ([id, peer]) => {
        const { verdict, left: gone, life: its, beat: last, counted, intervals } = peer;
        const estimate = estimateOf(intervals);
        return [
          id,
          {
            ...{ verdict, left: gone, life: its, beat: last, counted },
            intervals: intervals.length,
            ...(estimate === undefined ? {} : roundedEstimate(estimate)),
          },
        ];
      }),
    ),
  }),

  report: ({ peers, beat, declared }) => ({
    ...Object.fromEntries(
      (['alive', 'suspect', 'dead'] as const).map((verdict) => [
        verdict,
        [...peers].flatMap(([id, peer]) => (peer.verdict === verdict && !peer.left ? [id] : [])),
      ]),
    ),
    left: [...peers].flatMap(([id, { left }]) => (left ? [id] : [])),
    heartbeats: beat,
    declared,
  }),
});

/** To a tenth of a millisecond, as one reads it. */
function roundedEstimate({ meanMs, deviationMs }: Estimate) {
  return {
    mean_ms: Math.round(meanMs * 10) / 10,
    deviation_ms: Math.round(deviationMs * 10) / 10,
  };
}

function start(state: State, input: Extract<Input, { kind: 'start' }>, out: Effects): void {
  const { roster, parameters, random } = state;
  const before = input.stored.get('life');
  if (input.restarted) state.life = (typeof before === 'number' ? before : 0) + 1;
  state.awake = true;
  if (state.life > 0) out.put({ life: state.life });
  const known = firstPeers(roster, parameters.bootnodes, roster.names.length, random);
  for (const number of known) watch(state, input.now, roster.names[number]!, out);
  out.timer('beat', random.between(0, parameters.beatMs));
}

/** Whoever is watched is held for alive, until the first heartbeat is too late. */
function watch(state: State, now: number, node: NodeId, out: Effects): void {
  const arrivals = { intervals: [], life: 0, beat: 0, counted: 0, lastMs: now };
  const peer: Watched = { verdict: 'alive', left: false, ...arrivals };
  state.peers.set(node, peer);
  out.deliver('alive', { node });
  expect(state, node, peer, out);
}

function tick(state: State, { name }: Extract<Input, { kind: 'timer' }>, out: Effects): void {
  if (state.left) return;
  if (name === 'beat') {
    beat(state, out);
    return;
  }
  const at = name.indexOf(' ');
  const node = name.slice(at + 1);
  const peer = state.peers.get(node);
  if (peer === undefined) return;
  if (name.slice(0, at) === 'suspect') {
    if (peer.verdict === 'alive') out.deliver('suspect', { node });
    peer.verdict = 'suspect';
  } else {
    peer.verdict = 'dead';
    state.declared++;
    out.deliver('dead', { node, left: false });
  }
}

function beat(state: State, out: Effects): void {
  const { parameters, peers, audience } = state;
  out.timer('beat', parameters.beatMs);
  state.beat++;
  for (const [id, heard] of audience) {
    if (state.beat - heard > AUDIENCE_BEATS) audience.delete(id);
  }
  const { life, beat: number } = state;
  for (const to of new Set([...peers.keys(), ...audience.keys()])) {
    if (peers.get(to)?.left !== true) out.send(to, 'heartbeat', { life, beat: number });
  }
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { from, now } = input;
  const peer = state.peers.get(from);
  if (input.type === 'goodbye') {
    state.audience.delete(from);
    if (peer !== undefined) depart(peer, from, out);
    return;
  }
  if (peer === undefined) {
    state.audience.set(from, state.beat);
    return;
  }
  const heard = input.message;
  if (!out.rules.isFresh(heard, peer)) return;
  if (out.rules.isInterval(heard, peer, peer.verdict)) {
    peer.intervals.push(now - peer.lastMs);
    if (peer.intervals.length > state.parameters.windowSize) peer.intervals.shift();
  }
  peer.counted = heard.life === peer.life ? peer.counted + 1 : 1;
  peer.life = heard.life;
  peer.beat = heard.beat;
  peer.lastMs = now;
  if (peer.verdict !== 'alive') out.deliver('alive', { node: from });
  peer.verdict = 'alive';
  peer.left = false;
  expect(state, from, peer, out);
}

/** Sets the two moments at which the silence, should it last, has become too improbable. */
function expect(state: State, node: NodeId, peer: Watched, out: Effects): void {
  const { parameters } = state;
  const { beatMs, distribution, minDeviationMs, maxDeviationMs, pauseMs } = parameters;
  const first = { meanMs: beatMs, deviationMs: beatMs * FIRST_DEVIATION };
  const { meanMs, deviationMs } = estimateOf(peer.intervals) ?? first;
  const bounded = { meanMs, deviationMs: Math.min(maxDeviationMs, deviationMs) };
  const estimate = out.rules.softened(bounded, minDeviationMs, pauseMs);
  out.timer(`suspect ${node}`, elapsedAt(distribution, parameters.suspectStretch, estimate));
  out.timer(`dead ${node}`, elapsedAt(distribution, parameters.deadStretch, estimate));
}

function depart(peer: Watched, node: NodeId, out: Effects): void {
  if (!peer.left && peer.verdict !== 'dead') out.deliver('dead', { node, left: true });
  peer.verdict = 'dead';
  peer.left = true;
  forget(node, out);
}

function forget(node: NodeId, out: Effects): void {
  out.cancel(`suspect ${node}`);
  out.cancel(`dead ${node}`);
}

function called(state: State, input: Extract<Input, { kind: 'call' }>, out: Effects): void {
  const { peers, roster } = state;
  switch (input.type) {
    case 'members':
      out.answer(
        input.ticket,
        'members',
        Array.from(peers, ([node, { verdict, left }]) => ({ node, verdict, left })),
      );
      return;
    case 'watch': {
      const neighbours = Array.from(roster.reachable, (number) => roster.names[number]!);
      const wanted = new Set(watchable(neighbours, input.message.nodes));
      for (const id of [...peers.keys()]) {
        if (wanted.has(id)) continue;
        peers.delete(id);
        forget(id, out);
      }
      for (const id of wanted) if (!peers.has(id)) watch(state, input.now, id, out);
      return;
    }
    case 'leave':
      if (!state.left) for (const id of peers.keys()) out.send(id, 'goodbye', {});
      state.left = true;
  }
}

/** The detector as an algorithm. */
export class PhiAccrual extends driven(phiAccrual) {}
