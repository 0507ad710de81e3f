/** Servers for the clients of `register.ts`: one copy, the register of Attiya, Bar-Noy and Dolev, and the chapter's Paxos. */

import * as v from 'valibot';
import { paxos, type PaxosState } from '../../../../src/algorithms/paxos/paxos.ts';
import { messages } from '../../../../src/algorithms/paxos/messages.ts';
import type { NodeId } from '../../../../src/core/id.ts';
import { cast } from '../../../../src/core/message.ts';
import { Random } from '../../../../src/core/random.ts';
import type { Abstraction } from '../../../../src/runtime/search/world.ts';
import type { Server } from './register.ts';

/** One that does what it is told, and knows of no other. */
export const singleCopy: Server<{ value: string }> = {
  messages: {},
  init: () => ({ value: '' }),
  step(state, input, out) {
    if (input.kind !== 'message') return;
    const { from, message, type } = input;
    if (type === 'put') {
      state.value = message.value;
      out.send(from, 'put_ok', { id: message.id });
    } else if (type === 'get') out.send(from, 'get_ok', { id: message.id, value: state.value });
  },
};

interface Stamp {
  readonly clock: number;
  readonly node: NodeId;
}

interface Stamped {
  readonly stamp: Stamp;
  readonly value: string;
}

interface AbdState extends Record<string, unknown> {
  readonly me: NodeId;
  readonly servers: readonly NodeId[];
  held: Stamped;
  /** The request that is served. */
  serving: {
    readonly id: number;
    readonly client: NodeId;
    readonly write: string | null;
    /** Phase 1: what was found. */
    readonly found: Map<NodeId, Stamped>;
    /** Phase 2: who has stored it; null in phase 1. */
    stored: Set<NodeId> | null;
    read: string | null;
  } | null;
}

const stamped = { stamp: v.object({ clock: v.number(), node: v.string() }), value: v.string() };

/** Attiya, Bar-Noy and Dolev, `Sharing Memory Robustly in Message-Passing Systems` (1995): a quorum is asked, then told. */
export const abd: Server<AbdState> = {
  messages: {
    query: cast({ id: v.number() }),
    found: cast({ id: v.number(), ...stamped }),
    store: cast({ id: v.number(), ...stamped }),
    stored: cast({ id: v.number() }),
  },
  init: (me, servers) => ({
    me,
    servers,
    held: { stamp: { clock: 0, node: me }, value: '' },
    serving: null,
  }),
  step(state, input, out) {
    if (input.kind !== 'message') return;
    const { from, message, type } = input;
    const others = state.servers.filter((id) => id !== state.me);
    const quorum = Math.floor(state.servers.length / 2) + 1;
    const { serving } = state;
    if (type === 'put' || type === 'get') {
      if (serving !== null) return;
      const found = new Map([[state.me, state.held]]);
      const write = type === 'put' ? message.value : null;
      state.serving = { id: message.id, client: from, write, found, stored: null, read: null };
      for (const id of others) out.send(id, 'query', { id: message.id });
    } else if (type === 'query') {
      out.send(from, 'found', { id: message.id, ...state.held });
    } else if (type === 'store') {
      out.send(from, 'stored', { id: message.id });
      keepNewest(state, message);
    } else if (serving === null || serving.id !== message.id) {
      // An answer to a request that is over.
    } else if (type === 'found' && serving.stored === null) {
      serving.found.set(from, { stamp: message.stamp, value: message.value });
      if (serving.found.size < quorum) return;
      const newest = [...serving.found.values()].reduce((a, b) => (isNewer(b, a) ? b : a));
      const next: Stamped =
        serving.write === null
          ? newest
          : { stamp: { clock: newest.stamp.clock + 1, node: state.me }, value: serving.write };
      serving.read = serving.write === null ? newest.value : null;
      serving.found.clear();
      serving.stored = new Set([state.me]);
      keepNewest(state, next);
      for (const id of others) out.send(id, 'store', { id: serving.id, ...next });
    } else if (type === 'stored' && serving.stored !== null) {
      serving.stored.add(from);
      if (serving.stored.size < quorum) return;
      if (serving.read === null) out.send(serving.client, 'put_ok', { id: serving.id });
      else out.send(serving.client, 'get_ok', { id: serving.id, value: serving.read });
      state.serving = null;
    }
  },
};

function keepNewest(state: AbdState, { stamp, value }: Stamped): void {
  if (isNewer({ stamp, value }, state.held)) state.held = { stamp, value };
}

function isNewer({ stamp: a }: Stamped, { stamp: b }: Stamped): boolean {
  return a.clock === b.clock ? a.node > b.node : a.clock > b.clock;
}

interface PaxosServer {
  readonly id: NodeId;
  readonly servers: readonly NodeId[];
  readonly inner: PaxosState;
}

/**
 * The chapter's Paxos, as Stateright's example uses it: who wrote is part of the value, and whoever decides tells that client. A server
 * that knows the decision only answers reads; the chapter would tell those who still ask, because its network loses messages.
 */
export const paxosServer: Server<PaxosServer> = {
  messages,
  init(id, servers) {
    const neighbours = servers.filter((other) => other !== id);
    const seat = { id, nodes: servers, neighbours, settings: { retry: 'never' as const } };
    return { id, servers, inner: paxos.init(seat as never, Random.stream(1, id)) };
  },
  step({ id, servers, inner }, input, out) {
    if (input.kind !== 'message') return;
    const { from, message, type } = input;
    if (type === 'get') {
      if (inner.chosen === null) return;
      const [, value] = inner.chosen.value.split('=');
      out.send(from, 'get_ok', { id: message.id, value });
    }
    if (type === 'get' || inner.chosen !== null || (type === 'put' && inner.round !== null)) return;
    const what =
      type === 'put'
        ? {
            kind: 'call',
            type: 'propose',
            message: { value: `${from}=${message.value}` },
            ticket: 1,
          }
        : input;
    for (const effect of paxos.step(inner as never, what as never, { path: 'paxos', id })) {
      if (effect.kind === 'send') out.send(effect.to, effect.type, effect.message);
      if (effect.kind !== 'toAll') continue;
      for (const to of servers) if (to !== id) out.send(to, effect.type, effect.message);
      if (effect.type !== 'decided') continue;
      // A client's place is also the number of its first request.
      const [client] = (effect.message as { value: string }).value.split('=') as [NodeId];
      out.send(client, 'put_ok', { id: servers.length + Number(client.slice(1)) });
    }
  },
};

/** As the example's state has it: a decision is also what was promised and accepted, and a proposer has one proposal. */
export const paxosAbstraction: Abstraction = {
  node: ({ state }) => {
    if (state.server === null) return state.client;
    const { chosen, promised, accepted, round, wanted } = (state.server as PaxosServer).inner;
    return {
      isDecided: chosen !== null,
      promised: chosen?.ballot ?? promised,
      accepted: chosen ?? accepted,
      proposal: round?.value ?? wanted,
      promises: round?.promises ?? null,
      acceptances: round?.acceptances ?? null,
    };
  },
};
