/**
 * Byzantine reliable broadcast: all correct nodes deliver the same value of an origin, or none
 * does, though the origin and up to f of the nodes lie. After Bracha (1987), Section 2, and Cachin,
 * Guerraoui and Rodrigues (2011), Algorithm 3.18.
 */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';
import { driven } from '../../core/machine-driver.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type Out,
} from '../../core/machine.ts';
import { calls, delivers, messages } from './messages.ts';
import { checkPlace, faultsMax } from './quorums.ts';
import { rules } from './rules.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const settings = {
  /** Whether this node broadcasts when it starts. Any number of nodes may. */
  is_sender: v.boolean(),
  /** What it broadcasts; `Hello from <its name>` unless given. */
  broadcast_value: v.optional(v.string()),
  /** How many nodes may be faulty; ⌊(n − 1)/3⌋, the most that is possible, unless given. */
  f: v.optional(count),
  /**
   * How many broadcasts this node waits for before it has done its part. Nobody can know how many
   * there will be.
   */
  deliveries: v.optional(count, 1),
};

/** One broadcast, as one node sees it. */
export interface Instance {
  /** The value of our echo; null before it. */
  echoed: string | null;
  /** The value of our ready; null before it. */
  readied: string | null;
  /** The first echo of each node, ours included. */
  readonly echoes: Map<NodeId, string>;
  /** The first ready of each node, ours included. */
  readonly readies: Map<NodeId, string>;
}

/** What was delivered. */
export interface Delivery {
  readonly origin: NodeId;
  readonly value: string;
}

/** The state of the machine. */
export interface BrachaState {
  readonly me: NodeId;
  readonly nodes: ReadonlySet<NodeId>;
  readonly f: number;
  /** Broadcasts to wait for. */
  readonly awaited: number;
  /** What the configuration tells this node to broadcast; null when nothing. */
  readonly planned: string | null;
  /** What this node broadcast; null before it. */
  value: string | null;
  /** By origin. */
  readonly instances: Map<NodeId, Instance>;
  /** In the order of delivery. */
  readonly deliveries: Delivery[];
}

type State = BrachaState & MachineBase;
type Effects = Out<typeof messages, typeof delivers, typeof calls, typeof rules>;
type Input = MachineInput<typeof messages, typeof calls>;

/** The machine, for search and for stepping by hand. */
export const bracha = defineMachine<
  BrachaState,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  typeof rules
>('bracha', {
  messages,
  settings,
  delivers,
  calls,
  rules,

  init({ id, nodes, neighbours, settings }) {
    const f = settings.f ?? faultsMax(nodes.length);
    checkPlace(id, nodes, neighbours, f);
    return {
      me: id,
      nodes: new Set(nodes),
      f,
      awaited: settings.deliveries,
      planned: settings.is_sender ? (settings.broadcast_value ?? `Hello from ${id}`) : null,
      value: null,
      instances: new Map(),
      deliveries: [],
    };
  },

  step(state, input, out) {
    // There is no timer: the system is asynchronous, and nothing here depends on time.
    if (input.kind === 'start') start(state, out);
    else if (input.kind === 'call') obey(state, input, out);
    else if (input.kind === 'message') receive(state, input, out);
  },

  visible: ({ f, value, instances, deliveries }) => ({
    f,
    value,
    instances: Object.fromEntries(
      Array.from(instances, ([origin, instance]) => [origin, shown(instance)]),
    ),
    deliveries,
  }),

  report: ({ instances, deliveries }) => ({
    delivered_value: deliveries[0]?.value ?? null,
    delivered: Object.fromEntries(deliveries.map(({ origin, value }) => [origin, value])),
    echoes: total(instances, ({ echoes }) => echoes.size),
    readies: total(instances, ({ readies }) => readies.size),
  }),
});

function start(state: State, out: Effects): void {
  if (state.planned !== null) broadcast(state, state.planned, out);
  endWhenDone(state, out);
}

/** The layer above wants something broadcast. */
function obey(
  state: State,
  { message, ticket }: Extract<Input, { kind: 'call' }>,
  out: Effects,
): void {
  if (state.value === null) {
    broadcast(state, message.value, out);
    out.answer(ticket, 'broadcast', null);
  } else {
    out.refuse(ticket, `${state.me} has broadcast '${state.value}'; an origin has one`);
  }
}

/** CGR Algorithm 3.18, `broadcast`. */
function broadcast(state: State, value: string, out: Effects): void {
  state.value = value;
  out.toAll('send', { origin: state.me, value });
  // The paper sends to all processes, itself included. We hand our own messages to ourselves
  // without a network.
  receiveSend(state, state.me, value, out);
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { type, from, message } = input;
  const { origin, value } = message;
  // An origin that does not exist would be an instance that a liar can open, and another, until
  // memory is full.
  if (!state.nodes.has(origin)) {
    out.log('warn', `${from} sent '${type}' for ${origin}, which is no node of the run`);
  } else if (type === 'echo') {
    receiveEcho(state, from, origin, value, out);
  } else if (type === 'ready') {
    receiveReady(state, from, origin, value, out);
  } else if (from === origin) {
    receiveSend(state, origin, value, out);
  } else {
    out.log('warn', `${from} sent 'send' in the name of ${origin}`);
  }
}

/** Step 1: the origin spoke. Its first word counts. */
function receiveSend(state: State, origin: NodeId, value: string, out: Effects): void {
  if (instanceOf(state, origin).echoed === null) echo(state, origin, value, out);
}

function echo(state: State, origin: NodeId, value: string, out: Effects): void {
  instanceOf(state, origin).echoed = value;
  out.toAll('echo', { origin, value });
  receiveEcho(state, state.me, origin, value, out);
}

/**
 * Step 2, first half: two quorums of echoes share a correct node, and that one echoes a single
 * value.
 */
function receiveEcho(
  state: State,
  from: NodeId,
  origin: NodeId,
  value: string,
  out: Effects,
): void {
  const { echoes } = instanceOf(state, origin);
  const { hear, supporters, echoQuorum } = out.rules;
  if (!hear(echoes, from, value)) return;
  if (supporters(echoes, value) >= echoQuorum(state.nodes.size, state.f)) {
    ready(state, origin, value, out);
  }
}

/** Step 2: say `ready`, once. */
function ready(state: State, origin: NodeId, value: string, out: Effects): void {
  const instance = instanceOf(state, origin);
  // Bracha 1987, step 1: a quorum stands in for the origin's own word. So a node that the origin
  // passed over still echoes, and every node that delivers has sent exactly one echo and one ready.
  // (CGR 3.18 leaves this echo out.)
  if (instance.echoed === null) echo(state, origin, value, out);
  if (instance.readied !== null) return;
  instance.readied = value;
  out.toAll('ready', { origin, value });
  receiveReady(state, state.me, origin, value, out);
}

function receiveReady(
  state: State,
  from: NodeId,
  origin: NodeId,
  value: string,
  out: Effects,
): void {
  const { readies } = instanceOf(state, origin);
  const { hear, supporters, amplification, deliveryQuorum } = out.rules;
  if (!hear(readies, from, value)) return;
  const support = supporters(readies, value);
  // Step 2, second half, the amplification: of f + 1 nodes one is correct, and it knows. Without it
  // some correct nodes could deliver and others wait for ever.
  if (support >= amplification(state.f)) ready(state, origin, value, out);
  // Step 3: of 2f + 1 nodes f + 1 are correct, their ready reaches everybody, and amplification
  // does the rest.
  if (support >= deliveryQuorum(state.f)) deliver(state, origin, value, out);
}

function deliver(state: State, origin: NodeId, value: string, out: Effects): void {
  if (state.deliveries.some((delivery) => delivery.origin === origin)) return;
  state.deliveries.push({ origin, value });
  out.log('info', `delivered '${value}' of ${origin}`);
  out.deliver('delivered', { origin, value });
  endWhenDone(state, out);
}

/**
 * The paper's broadcast never ends, for nobody knows who will still speak; a run does, when each
 * node has what it waits for.
 */
function endWhenDone(state: State, out: Effects): void {
  const has = (origin: NodeId) => state.deliveries.some((delivery) => delivery.origin === origin);
  if (state.value !== null && !has(state.me)) return;
  if (state.deliveries.length >= state.awaited) out.terminate();
}

function instanceOf({ instances }: BrachaState, origin: NodeId): Instance {
  let instance = instances.get(origin);
  if (instance === undefined) {
    instance = { echoed: null, readied: null, echoes: new Map(), readies: new Map() };
    instances.set(origin, instance);
  }
  return instance;
}

function shown({ echoed, readied, echoes, readies }: Instance): object {
  return {
    echoed,
    readied,
    echoes: Object.fromEntries(echoes),
    readies: Object.fromEntries(readies),
  };
}

function total(
  instances: ReadonlyMap<NodeId, Instance>,
  size: (instance: Instance) => number,
): number {
  return Array.from(instances.values(), size).reduce((sum, each) => sum + each, 0);
}

/** The broadcast as an algorithm, alone or under another. */
export class Bracha extends driven(bracha) {}
