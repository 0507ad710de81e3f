/**
 * Kademlia (Maymounkov and Mazières, 2002): whoever knows anybody finds anybody, and what was stored under a key, in a number of questions
 * that grows with the logarithm of the network.
 *
 * Positions and distances are in `positions.ts`, the table in `routing-table.ts`, a lookup in `lookup.ts` and `searching.ts`; here stands what
 * is kept and answered, and what is done from time to time.
 */

import * as v from 'valibot';
import { driven } from '../../core/machine-driver.ts';
import { defineMachine, type MachineSeat } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import { firstPeers, rosterOf, wholeFrom } from '../roster.ts';
import { calls } from './calls.ts';
import { key, messages, value } from './messages.ts';
import {
  POSITION_BITS,
  POSITION_WORDS,
  positionIn,
  positionOf,
  type Position,
} from './positions.ts';
import { refreshRooms, roomPeers, ROOMS_MAX } from './rooms.ts';
import { closestIn, emptyTable } from './routing-table.ts';
import { rules } from './rules.ts';
import { answered, placeIn, search, seen } from './searching.ts';
import {
  selfOf,
  type Effects,
  type Input,
  type KademliaState,
  type Parameters,
  type State,
} from './state.ts';

/** Records of others that a node keeps, so that nobody can fill its memory. */
const RECORDS_MAX = 1000;
/** Providers that are remembered of one key. */
const PROVIDERS_MAX = 64;
/** What the settings ask for is stored when the node has found its place, and looked for when the others have stored. */
const PUTS_AFTER_CYCLES = 1;
const GETS_AFTER_CYCLES = 3;

const seconds = v.pipe(v.number(), v.minValue(0.001));

/** Short enough to be a part of a key. */
const roomName = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const settings = {
  /** Contacts in a bucket, and nodes that keep a record. */
  k: v.optional(v.pipe(wholeFrom(1), v.maxValue(64)), 20),
  /** Questions of a lookup under way at once. */
  alpha: v.optional(v.pipe(wholeFrom(1), v.maxValue(16)), 3),
  /** Seconds until a question counts as unanswered. */
  timeout: v.optional(seconds, 2),
  /** Seconds from one refreshing of a bucket to the next. */
  refresh: v.optional(seconds, 60),
  /** Seconds after which what was published is published again. */
  republish: v.optional(seconds, 3600),
  /** Seconds that records of others are kept for. */
  expire: v.optional(seconds, 86_400),
  /** Whom the node knows at the start; all that it can send to, unless given. */
  bootnodes: v.optional(v.array(v.string())),
  /** To be stored when the node has found its place, by key. */
  put: v.optional(v.record(key, value), {}),
  /** To be looked for later. */
  get: v.optional(v.array(key), []),
  /** What the node says that it provides. */
  provide: v.optional(v.array(key), []),
  /** Rooms that the node is in: it finds the others who are, and wants links to them. */
  rooms: v.optional(v.pipe(v.array(roomName), v.maxLength(ROOMS_MAX)), []),
  /** Seconds after which it says so again, and looks for them. */
  room_refresh: v.optional(seconds, 20),
};

/** The machine, for search and for stepping by hand. */
export const kademlia = defineMachine<
  KademliaState,
  typeof messages,
  typeof settings,
  {},
  typeof calls,
  typeof rules
>('kademlia', {
  messages,
  settings,
  rules,
  calls,
  service: true,
  transient: ['roster', 'parameters', 'places', 'lookups', 'asked', 'unanswered', 'depth_max'],

  init(seat) {
    const roster = rosterOf(seat);
    return {
      roster,
      parameters: parametersOf(seat),
      places: placesOf(roster.names),
      table: emptyTable(POSITION_BITS + 1),
      searches: new Map(),
      questions: new Map(),
      values: new Map(),
      providers: new Map(),
      published: new Map(),
      provided: new Set(),
      rooms: new Map(seat.settings.rooms.map((room) => [room, []])),
      got: new Map(),
      ...{ lookups: 0, asked: 0, unanswered: 0, depth_max: 0 },
    };
  },

  step(state, input, out) {
    if (input.kind === 'start') start(state, out);
    else if (input.kind === 'timer') tick(state, input.name, input.now, out);
    else if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'reply') {
      answered(state, input.ticket, input.from, answerOf(input), out);
    } else if (input.kind === 'call') called(state, input, out);
  },

  visible: (state) => ({
    k: state.parameters.k,
    alpha: state.parameters.alpha,
    buckets: Object.fromEntries(
      state.table.buckets.flatMap((peers, bucket) => (peers.length > 0 ? [[bucket, peers]] : [])),
    ),
    searches: Array.from(state.searches.values(), ({ purpose, candidates }) => ({
      kind: purpose.kind,
      asking: candidates.filter((candidate) => candidate.state === 'asked').length,
      known: candidates.length,
    })),
    values: [...state.values.keys()],
    providers: [...state.providers.keys()],
    found: Object.fromEntries(state.got),
    rooms: Object.fromEntries(state.rooms),
    ...countsOf(state),
  }),

  // Contacts are many, and are asked once in a while: a link is made when there is something to ask. Those in a room have something to say.
  links: ({ rooms }) => roomPeers(rooms),

  report: (state) => ({
    view: state.table.buckets.flat(),
    kept: state.values.size,
    found: Object.fromEntries(state.got),
    rooms: Object.fromEntries(state.rooms),
    ...countsOf(state),
  }),
});

function countsOf({ lookups, asked, unanswered, depth_max }: KademliaState) {
  return { lookups, asked, unanswered, depth_max };
}

function parametersOf({ settings: given }: MachineSeat<typeof settings>): Parameters {
  return {
    k: given.k,
    alpha: given.alpha,
    timeoutMs: given.timeout * 1000,
    refreshMs: given.refresh * 1000,
    republishMs: given.republish * 1000,
    expireMs: given.expire * 1000,
    roomRefreshMs: given.room_refresh * 1000,
    bootnodes: given.bootnodes,
    puts: given.put,
    gets: given.get,
    provides: given.provide,
  };
}

/** Frozen, so that forks share it. */
function placesOf(names: readonly NodeId[]): ReadonlyMap<NodeId, Position> {
  return Object.freeze(new Map(names.map((name) => [name, positionOf(name)])));
}

/** A node finds its place by looking for itself: all whom it asks on the way hear of it. */
function start(state: State, out: Effects): void {
  const { roster, parameters } = state;
  for (const number of firstPeers(roster, parameters.bootnodes, parameters.k, state.random)) {
    seen(state, roster.names[number]!, out);
  }
  search(state, placeIn(state)(selfOf(state)), { kind: 'join' }, out);
  out.timer('cycle 1', parameters.timeoutMs);
  out.timer('refresh', state.random.between(0, parameters.refreshMs));
  out.timer('republish', parameters.republishMs);
}

function tick(state: State, name: string, now: number, out: Effects): void {
  const { parameters } = state;
  switch (name) {
    case 'refresh':
      out.timer('refresh', parameters.refreshMs);
      refresh(state, out);
      return;
    case 'rooms':
      out.timer('rooms', parameters.roomRefreshMs);
      refreshRooms(state, now, out);
      return;
    case 'republish':
      out.timer('republish', parameters.republishMs);
      expire(state, now);
      for (const [one, its] of state.published) put(state, one, its, 0, out);
      for (const one of state.provided) provide(state, one, 0, out);
      return;
    default:
      cycle(state, Number(name.slice('cycle '.length)), now, out);
  }
}

/** What the settings ask for, one thing after the other. */
function cycle(state: State, number: number, now: number, out: Effects): void {
  const { parameters } = state;
  if (number === PUTS_AFTER_CYCLES) {
    for (const [one, its] of Object.entries(parameters.puts)) put(state, one, its, 0, out);
    for (const one of parameters.provides) provide(state, one, 0, out);
    if (state.rooms.size > 0) tick(state, 'rooms', now, out);
  }
  if (number < GETS_AFTER_CYCLES) {
    out.timer(`cycle ${number + 1}`, parameters.timeoutMs);
    return;
  }
  for (const one of parameters.gets) {
    search(state, positionOf(one), { kind: 'get', key: one, ticket: 0 }, out);
  }
}

/** Looks for some position of a bucket that a node of this network can have contacts in. */
function refresh(state: State, out: Effects): void {
  const { table, random } = state;
  const deepest = table.buckets.findLastIndex((peers) => peers.length > 0);
  if (deepest < 0) return;
  const bucket = random.integer(0, Math.min(deepest + 1, POSITION_BITS - 1));
  const rest = Array.from({ length: POSITION_WORDS }, () => random.bits());
  const target = positionIn(placeIn(state)(selfOf(state)), bucket, rest);
  search(state, target, { kind: 'refresh' }, out);
}

function put(state: State, one: string, its: string, ticket: number, out: Effects): boolean {
  state.published.set(one, its);
  return search(state, positionOf(one), { kind: 'put', key: one, value: its, ticket }, out);
}

function provide(state: State, one: string, ticket: number, out: Effects): boolean {
  state.provided.add(one);
  return search(state, positionOf(one), { kind: 'provide', key: one, ticket }, out);
}

function expire({ values, providers }: State, now: number): void {
  for (const [one, { untilMs }] of values) if (untilMs <= now) values.delete(one);
  for (const [one, known] of providers) {
    dropExpired(known, now);
    if (known.size === 0) providers.delete(one);
  }
}

function dropExpired(known: Map<NodeId, number>, now: number): void {
  for (const [provider, untilMs] of known) if (untilMs <= now) known.delete(provider);
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { from, now, ticket } = input;
  const near = (target: Position) =>
    closestIn(state.table, target, state.parameters.k, placeIn(state)).filter((id) => id !== from);
  switch (input.type) {
    case 'find_node':
      out.answer(ticket, 'find_node', { peers: near(input.message.target) });
      break;
    case 'find_value': {
      const kept = state.values.get(input.message.key);
      const has = kept !== undefined && kept.untilMs > now;
      const peers = has ? [] : near(positionOf(input.message.key));
      out.answer(ticket, 'find_value', { value: has ? kept.value : null, peers });
      break;
    }
    case 'store':
      out.answer(ticket, 'store', keep(state, input.message, now));
      break;
    case 'find_providers': {
      const known = state.providers.get(input.message.key) ?? new Map<NodeId, number>();
      const providers = [...known].flatMap(([id, untilMs]) => (untilMs > now ? [id] : []));
      const peers = near(positionOf(input.message.key));
      out.answer(ticket, 'find_providers', { providers, peers });
      break;
    }
    case 'add_provider':
      out.answer(ticket, 'add_provider', noteProvider(state, from, input.message, now));
  }
  seen(state, from, out);
}

function keep(state: State, record: { key: string; value: string }, now: number): boolean {
  const { values, parameters } = state;
  if (!values.has(record.key) && values.size >= RECORDS_MAX) expire(state, now);
  if (!values.has(record.key) && values.size >= RECORDS_MAX) return false;
  values.set(record.key, { value: record.value, untilMs: now + parameters.expireMs });
  return true;
}

function noteProvider(
  state: State,
  from: NodeId,
  {
    key: one,
    lifetime = Infinity,
  }: { readonly key: string; readonly lifetime?: number | undefined },
  now: number,
): boolean {
  const { providers, parameters } = state;
  const lifetimeMs = Math.min(parameters.expireMs, lifetime * 1000);
  if (!providers.has(one) && providers.size >= RECORDS_MAX) expire(state, now);
  if (!providers.has(one) && providers.size >= RECORDS_MAX) return false;
  const known = providers.get(one) ?? new Map<NodeId, number>();
  if (!known.has(from) && known.size >= PROVIDERS_MAX) dropExpired(known, now);
  if (!known.has(from) && known.size >= PROVIDERS_MAX) return false;
  providers.set(one, known.set(from, now + lifetimeMs));
  return true;
}

/** The part of an answer that a lookup goes on with; undefined for silence, and for what acknowledges a record. */
function answerOf(input: Extract<Input, { kind: 'reply' }>) {
  return typeof input.reply === 'object' ? input.reply : undefined;
}

function called(state: State, input: Extract<Input, { kind: 'call' }>, out: Effects): void {
  const { ticket, now } = input;
  const target = positionOf(input.message.key);
  const own = state.values.get(input.message.key);
  if (input.type === 'get' && own !== undefined && own.untilMs > now) {
    out.answer(ticket, 'get', own.value);
    return;
  }
  const isBegun = {
    closest: () => search(state, target, { kind: 'find_node', ticket }, out),
    get: () => search(state, target, { kind: 'get', key: input.message.key, ticket }, out),
    providers: () =>
      search(state, target, { kind: 'providers', key: input.message.key, ticket }, out),
    provide: () => provide(state, input.message.key, ticket, out),
    put: () =>
      'value' in input.message && put(state, input.message.key, input.message.value, ticket, out),
  }[input.type]();
  if (!isBegun) out.refuse(ticket, 'too many lookups are under way');
}

/** The table as an algorithm. */
export class Kademlia extends driven(kademlia) {}
