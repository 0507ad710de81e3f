/**
 * SWIM: a table of all nodes, kept up by probes at random and by news that travels with them, after Das, Gupta and Motivala (2002), with
 * what Lifeguard (Dadgar, Phillips, Currey, 2017) and memberlist made of it.
 *
 * What news does is in `membership.ts`; here stands who is probed, when, and what is answered.
 */

import * as v from 'valibot';
import { driven } from '../../core/machine-driver.ts';
import { defineMachine, type MachineSeat } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import type { FieldsOutput } from '../../core/schema.ts';
import { detections, detectorCalls, watchable } from '../failure-detector.ts';
import { firstPeers, rosterOf, wholeFrom } from '../roster.ts';
import { announce, learn, learnAll, merge, newsFor, tableOf } from './membership.ts';
import { messages, NEWS_MAX } from './messages.ts';
import { nextInOrder } from './probe-order.ts';
import { retransmitLimit, rules } from './rules.ts';
import {
  isPresent,
  selfOf,
  someOf,
  verdictOf,
  type Effects,
  type Input,
  type Parameters,
  type Probe,
  type State,
  type SwimState,
} from './state.ts';

/** Pings under way for others; whoever asks for more hears no. */
const RELAYED_MAX = 256;
/** A helper says that it has no answer after this part of the timeout, so that its no is there before the period ends. */
const NO_AFTER = 0.8;
/** So many hear a goodbye directly; the rest hear it from them. */
const GOODBYES_MAX = 64;

const seconds = v.pipe(v.number(), v.minValue(0.001));
const secondsOrNever = v.pipe(v.number(), v.minValue(0));

const settings = {
  /** Seconds from one probe to the next: the paper's T′. */
  probe_interval: v.optional(seconds, 1),
  /** Seconds until others are asked to try. */
  probe_timeout: v.optional(seconds, 0.5),
  /** How many others: the paper's k. */
  indirect: v.optional(wholeFrom(0), 3),
  /** A suspicion lasts so many periods, times log₁₀ of the number of nodes. */
  suspicion_mult: v.optional(v.pipe(v.number(), v.minValue(1)), 4),
  /** And up to so many times longer, while few share it; 1 for SWIM without Lifeguard. */
  suspicion_max_mult: v.optional(v.pipe(v.number(), v.minValue(1)), 6),
  /** News is passed on so often, times the digits of the number of nodes. */
  retransmit_mult: v.optional(wholeFrom(1), 4),
  /** Seconds from one message with news alone to the next; 0 for news that travels with probes alone. */
  gossip_interval: v.optional(secondsOrNever, 0.2),
  gossip_nodes: v.optional(wholeFrom(1), 3),
  /** Seconds from one exchange of whole tables to the next; 0 for none. */
  sync_interval: v.optional(secondsOrNever, 30),
  /** The worst local health; 0 for SWIM without Lifeguard. */
  health_max: v.optional(wholeFrom(0), 7),
  /** News in one message. */
  piggyback: v.optional(v.pipe(wholeFrom(1), v.maxValue(NEWS_MAX)), 8),
  /** Whom the node knows at the start; all that it can send to, unless given. */
  bootnodes: v.optional(v.array(v.string())),
};

/** The machine, for search and for stepping by hand. */
export const swim = defineMachine<
  SwimState,
  typeof messages,
  typeof settings,
  typeof detections,
  typeof detectorCalls,
  typeof rules
>('swim', {
  messages,
  settings,
  rules,
  delivers: detections,
  calls: detectorCalls,
  service: true,
  transient: [
    ...(['roster', 'parameters', 'suspectedSince', 'relayed'] as const),
    ...(['probes', 'unanswered', 'refutations', 'declared'] as const),
  ],

  init(seat) {
    const roster = rosterOf(seat);
    return {
      roster,
      parameters: parametersOf(seat),
      watched: new Set(seat.neighbours),
      ...{ awake: false, incarnation: 0, left: false, health: 0 },
      members: new Map(),
      accusers: new Map(),
      suspectedSince: new Map(),
      order: { peers: [], at: 0 },
      desk: new Map(),
      probe: null,
      relayed: new Map(),
      ...{ probes: 0, unanswered: 0, refutations: 0, declared: 0 },
    };
  },

  step(state, input, out) {
    if (input.kind === 'start') start(state, input, out);
    else if (input.kind === 'timer') tick(state, input, out);
    else if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'reply') replied(state, input, out);
    else if (input.kind === 'call') called(state, input, out);
  },

  visible: (state) => ({
    awake: state.awake,
    incarnation: state.incarnation,
    left: state.left,
    health: state.health,
    members: Object.fromEntries(state.members),
    accusers: Object.fromEntries(state.accusers),
    probing: state.probe?.target ?? null,
    news: Array.from(state.desk.values(), ({ news, sends }) => ({ ...news, sends })),
    retransmit_limit: retransmitLimit(state.roster.names.length, state.parameters.retransmitMult),
    ...countsOf(state),
  }),

  report: (state) => ({
    ...Object.fromEntries(
      (['alive', 'suspect', 'dead', 'left'] as const).map((status) => [
        status,
        [...state.members].flatMap(([id, known]) => (known.status === status ? [id] : [])),
      ]),
    ),
    incarnation: state.incarnation,
    health: state.health,
    ...countsOf(state),
  }),
});

function countsOf({ probes, unanswered, refutations, declared }: SwimState) {
  return { probes, unanswered, refutations, declared };
}

function parametersOf({ settings: given }: MachineSeat<typeof settings>): Parameters {
  const set: FieldsOutput<typeof settings> = given;
  if (set.probe_timeout >= set.probe_interval) {
    throw new RangeError(
      `probe_timeout: ${set.probe_timeout} s leave no time to ask others within probe_interval, ${set.probe_interval} s`,
    );
  }
  return {
    probeMs: set.probe_interval * 1000,
    timeoutMs: set.probe_timeout * 1000,
    indirect: set.indirect,
    suspicion: { mult: set.suspicion_mult, maxMult: set.suspicion_max_mult },
    retransmitMult: set.retransmit_mult,
    gossipMs: set.gossip_interval * 1000,
    gossipNodes: set.gossip_nodes,
    syncMs: set.sync_interval * 1000,
    healthMax: set.health_max,
    piggyback: set.piggyback,
    bootnodes: set.bootnodes,
  };
}

/** A node that comes back is a new incarnation: what was said of the one before is contradicted by that alone. */
function start(state: State, input: Extract<Input, { kind: 'start' }>, out: Effects): void {
  const { roster, parameters, random } = state;
  const before = input.stored.get('incarnation');
  if (input.restarted) state.incarnation = (typeof before === 'number' ? before : 0) + 1;
  state.awake = true;
  if (state.incarnation > 0) out.put({ incarnation: state.incarnation });
  announce(state);
  const known = firstPeers(roster, parameters.bootnodes, roster.names.length, random);
  for (const number of known) suppose(state, input.now, roster.names[number]!, out);
  // What is supposed is no news to anybody; that this node is here, is.
  for (const id of state.members.keys()) state.desk.delete(id);
  sync(state, out);
  out.timer('probe', random.between(0, parameters.probeMs));
  if (parameters.gossipMs > 0) out.timer('gossip', random.between(0, parameters.gossipMs));
  if (parameters.syncMs > 0) out.timer('sync', random.between(0, parameters.syncMs));
}

/** Whom nothing is known of may be there: the first probe will tell. */
function suppose(state: State, now: number, node: NodeId, out: Effects): void {
  if (state.members.has(node)) return;
  learn(state, now, { node, status: 'alive', incarnation: 0, by: node }, out);
}

function tick(state: State, { name, now }: Extract<Input, { kind: 'timer' }>, out: Effects): void {
  if (state.left) return;
  const { parameters } = state;
  switch (name) {
    case 'probe':
      judge(state, now, out);
      probe(state, out);
      return;
    case 'indirect':
      askOthers(state, out);
      return;
    case 'gossip':
      out.timer('gossip', parameters.gossipMs);
      gossip(state, out);
      return;
    case 'sync':
      out.timer('sync', parameters.syncMs);
      sync(state, out);
      return;
    default:
      condemn(state, now, name.slice(name.indexOf(' ') + 1), out);
  }
}

/** Local health makes both the period and the timeout longer: a node that is slow itself must not accuse the quick. */
function scaled(state: State, ms: number): number {
  return ms * (1 + state.health);
}

function probe(state: State, out: Effects): void {
  const { parameters, members, watched, order, random } = state;
  const periodMs = scaled(state, parameters.probeMs);
  out.timer('probe', periodMs);
  const isWanted = (id: NodeId) => watched.has(id) && isPresent(members.get(id));
  const target = nextInOrder(order, isWanted, random);
  if (target === undefined) return;
  state.probes++;
  // Until the period ends: a late answer is an answer.
  const ticket = out.request(target, 'ping', { news: newsFor(state, target, out) }, periodMs);
  state.probe = { target, ticket, answered: false, asked: [], heardBack: 0 };
  out.timer('indirect', scaled(state, parameters.timeoutMs));
}

/** No answer in time: the way there may be the trouble, so others try theirs. */
function askOthers(state: State, out: Effects): void {
  const { probe: asking, parameters } = state;
  if (asking === null || asking.answered) return;
  const { target } = asking;
  const isHelper = ({ status }: { readonly status: string }, id: NodeId) =>
    status === 'alive' && id !== target;
  const leftMs = scaled(state, parameters.probeMs - parameters.timeoutMs);
  for (const helper of someOf(state, parameters.indirect, isHelper)) {
    const question = { target, news: newsFor(state, helper, out) };
    asking.asked.push(out.request(helper, 'ping_req', question, leftMs));
  }
}

/** The period of a probe is over. */
function judge(state: State, now: number, out: Effects): void {
  const { probe: judged, members, parameters } = state;
  if (judged === null) return;
  state.probe = null;
  state.health = out.rules.healthAfter(state.health, healthFacts(judged), parameters.healthMax);
  if (judged.answered) return;
  state.unanswered++;
  const { target } = judged;
  const known = members.get(target);
  if (known === undefined || !isPresent(known)) return;
  learn(state, now, { node: target, ...out.rules.accusation(known), by: selfOf(state) }, out);
}

function healthFacts({ answered, asked, heardBack }: Probe) {
  return { answered, asked: asked.length, heardBack };
}

/** Nobody took the suspicion back in time. */
function condemn(state: State, now: number, node: NodeId, out: Effects): void {
  const known = state.members.get(node);
  if (known?.status !== 'suspect') return;
  state.declared++;
  const { incarnation } = known;
  learn(state, now, { node, status: 'dead', incarnation, by: selfOf(state) }, out);
}

function gossip(state: State, out: Effects): void {
  if (state.desk.size === 0) return;
  for (const to of someOf(state, state.parameters.gossipNodes, isPresent)) {
    const news = newsFor(state, to, out);
    if (news.length > 0) out.send(to, 'gossip', { news });
  }
}

/** Also with the dead: when a partition heals, they are those who were on the other side. */
function sync(state: State, out: Effects): void {
  const [partner] = someOf(state, 1, ({ status }) => status !== 'left');
  if (partner !== undefined) out.request(partner, 'sync', { table: tableOf(state) });
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { from, now } = input;
  switch (input.type) {
    case 'ping':
      learnAll(state, now, input.message.news, out);
      out.answer(input.ticket, 'ping', { news: newsFor(state, from, out) });
      return;
    case 'ping_req':
      learnAll(state, now, input.message.news, out);
      relay(state, from, input.message.target, input.ticket, out);
      return;
    case 'gossip':
      learnAll(state, now, input.message.news, out);
      return;
    case 'sync':
      merge(state, now, from, input.message.table, out);
      out.answer(input.ticket, 'sync', { table: tableOf(state) });
      return;
    case 'goodbye':
      learn(state, now, { ...input.message, node: from, status: 'left', by: from }, out);
  }
}

/** Tries for another what it tried in vain. */
function relay(state: State, from: NodeId, target: NodeId, ticket: number, out: Effects): void {
  const { relayed, watched, parameters } = state;
  if (target === selfOf(state) || !watched.has(target) || relayed.size >= RELAYED_MAX) {
    const reached = target === selfOf(state);
    out.answer(ticket, 'ping_req', { reached, news: newsFor(state, from, out) });
    return;
  }
  const news = newsFor(state, target, out);
  const asked = out.request(target, 'ping', { news }, parameters.timeoutMs * NO_AFTER);
  relayed.set(asked, ticket);
}

function replied(state: State, input: Extract<Input, { kind: 'reply' }>, out: Effects): void {
  const { probe: current, relayed } = state;
  const { now, from, ticket, reply } = input;
  if (input.type === 'sync') {
    if (input.reply !== undefined) merge(state, now, from, input.reply.table, out);
    return;
  }
  if (reply !== undefined && 'news' in reply) learnAll(state, now, reply.news, out);
  const asker = relayed.get(ticket);
  if (asker !== undefined) {
    relayed.delete(ticket);
    out.answer(asker, 'ping_req', { reached: reply !== undefined, news: [] });
    return;
  }
  if (current === null || reply === undefined) return;
  if (ticket === current.ticket) current.answered = true;
  if (input.type !== 'ping_req' || !current.asked.includes(ticket)) return;
  current.heardBack++;
  if (input.reply!.reached) current.answered = true;
}

function called(state: State, input: Extract<Input, { kind: 'call' }>, out: Effects): void {
  switch (input.type) {
    case 'members':
      out.answer(
        input.ticket,
        'members',
        Array.from(state.members, ([node, { status }]) => ({
          node,
          verdict: verdictOf(status),
          left: status === 'left',
        })),
      );
      return;
    case 'watch': {
      const { names, reachable } = state.roster;
      const neighbours = [...reachable].map((number) => names[number]!);
      state.watched = new Set(watchable(neighbours, input.message.nodes));
      for (const id of state.watched) suppose(state, input.now, id, out);
      return;
    }
    case 'leave':
      leave(state, out);
  }
}

function leave(state: State, out: Effects): void {
  if (state.left) return;
  state.left = true;
  announce(state);
  const { incarnation } = state;
  for (const to of someOf(state, GOODBYES_MAX, isPresent)) out.send(to, 'goodbye', { incarnation });
}

/** The detector as an algorithm. */
export class Swim extends driven(swim) {}
