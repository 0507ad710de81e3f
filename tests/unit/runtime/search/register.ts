/**
 * Clients of a register around servers of any kind: each writes once, then reads from the next server. The system of Stateright's
 * examples (src/actor/register.rs), whose state counts are published, so that ours can be held against them.
 */

import * as v from 'valibot';
import type { NodeId } from '../../../../src/core/id.ts';
import { driven } from '../../../../src/core/machine-driver.ts';
import { defineMachine, type Machine } from '../../../../src/core/machine.ts';
import { cast, type MessageRecord } from '../../../../src/core/message.ts';
import type { History, HistoryEvent } from '../../../../src/runtime/search/history.ts';
import type { RunPlan } from '../../../../src/runtime/plan.ts';

/** What clients and servers say to each other. `id` is unique to a request. */
export const register = {
  put: cast({ id: v.number(), value: v.string() }),
  get: cast({ id: v.number() }),
  put_ok: cast({ id: v.number() }),
  get_ok: cast({ id: v.number(), value: v.string() }),
};

/** A client's place, and what it waits for. */
export interface ClientState {
  readonly index: number;
  readonly servers: readonly NodeId[];
  awaiting: number | null;
  done: number;
}

/** What a server does with the requests of clients. */
export interface Server<State extends object> {
  readonly messages: MessageRecord;
  init(id: NodeId, servers: readonly NodeId[]): State;
  step(state: State, input: any, out: any): void;
}

/** A machine whose first nodes are servers and whose others are clients. */
export function withClients<State extends object>(
  name: string,
  server: Server<State>,
  serverCount: number,
) {
  const machine = defineMachine(name, {
    messages: { ...register, ...server.messages },
    init({ id, nodes }): { client: ClientState | null; server: State | null } {
      const servers = nodes.slice(0, serverCount);
      const index = nodes.indexOf(id);
      if (index < serverCount) return { client: null, server: server.init(id, servers) };
      return { server: null, client: { index, servers, awaiting: null, done: 0 } };
    },
    step(state, input: any, out: any) {
      if (state.server !== null) server.step(state.server, input, out);
      else client(state.client!, input, out);
    },
  });
  return class extends driven(machine as Machine<any, any, any, any, any, any>) {};
}

function client(state: ClientState, input: any, out: any): void {
  const { index, servers } = state;
  if (input.kind === 'start') {
    state.awaiting = index;
    state.done = 1;
    const value = String.fromCharCode(65 + index - servers.length);
    out.send(servers[index % servers.length], 'put', { id: index, value });
  } else if (input.kind === 'message' && input.message.id === state.awaiting) {
    if (input.type === 'put_ok') {
      const id = (state.done + 1) * index;
      out.send(servers[(index + state.done) % servers.length], 'get', { id });
      state.awaiting = id;
      state.done++;
    } else if (input.type === 'get_ok') {
      state.awaiting = null;
      state.done++;
    }
  }
}

/** A plan of servers `s0` … and clients `c0` … */
export function registerPlan(algorithm: any, servers: number, clients: number): RunPlan {
  const ids = [
    ...Array.from({ length: servers }, (_, index) => `s${index}`),
    ...Array.from({ length: clients }, (_, index) => `t${index}`),
  ];
  const nodes = ids.map((id) => {
    const neighbours = ids.filter((other) => other !== id);
    return { id, neighbours, settings: { own: {}, children: {} } };
  });
  return { runId: 'register', algorithm, nodes, format: 'json', seed: 1 };
}

/** An operation, and how many of the others' were over when it began. */
interface Operation {
  readonly after: Readonly<Record<NodeId, number>>;
  readonly write?: string;
  readonly read?: string;
}

interface Operations {
  readonly over: Readonly<Record<NodeId, readonly Operation[]>>;
  readonly open: Readonly<Record<NodeId, Operation>>;
}

/** The operations of all clients, as they began and ended: what decides whether they are linearizable. */
export function operations(
  check?: (history: Operations) => string | undefined,
): History<Operations> {
  return {
    initial: { over: {}, open: {} },
    name: 'The register is linearizable',
    ...(check === undefined ? {} : { check }),
    add(history, { kind, message }: HistoryEvent) {
      const { type, from, to } = message;
      const body = message.body as { value?: string };
      if (kind === 'sent' && (type === 'put' || type === 'get')) {
        const after = Object.fromEntries(
          Object.entries(history.over).flatMap(([id, over]) =>
            id === from || over.length === 0 ? [] : [[id, over.length]],
          ),
        );
        const operation = { after, ...(type === 'put' ? { write: body.value! } : {}) };
        return {
          over: { [from]: [], ...history.over },
          open: { ...history.open, [from]: operation },
        };
      }
      if (kind === 'delivered' && (type === 'put_ok' || type === 'get_ok')) {
        const { [to]: operation, ...open } = history.open;
        const ended = { ...operation!, ...(type === 'get_ok' ? { read: body.value! } : {}) };
        return { open, over: { ...history.over, [to]: [...history.over[to]!, ended] } };
      }
      return history;
    },
  };
}

/** Whether some order of the operations explains every answer: tried one by one, there are few. */
export function linearizable({ over, open }: Operations): string | undefined {
  const clients = Object.keys(over);
  const isExplained = (done: Readonly<Record<NodeId, number>>, value: string): boolean => {
    if (clients.every((id) => done[id]! >= over[id]!.length)) return true;
    return clients.some((id) => {
      const operation =
        over[id]![done[id]!] ?? (done[id] === over[id]!.length ? open[id] : undefined);
      if (operation === undefined) return false;
      const { after, write, read } = operation;
      if (Object.entries(after).some(([other, count]) => done[other]! < count)) return false;
      if (read !== undefined && read !== value) return false;
      return isExplained({ ...done, [id]: done[id]! + 1 }, write ?? value);
    });
  };
  const none = Object.fromEntries(clients.map((id) => [id, 0]));
  return isExplained(none, '') ? undefined : `no order explains ${JSON.stringify(over)}`;
}
