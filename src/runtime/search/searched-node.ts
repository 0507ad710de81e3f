/**
 * One node of a search: from where it stands and what happens to it, to where it stands then.
 *
 * The machine is the one that runs live. A step is computed once for each different standing and input, however many situations of
 * the whole it occurs in; that is what makes the search fast.
 */

import type { NodeId } from '../../core/id.ts';
import type { Machine } from '../../core/machine.ts';
import { Random } from '../../core/random.ts';
import { check, fieldsSchema, parse } from '../../core/schema.ts';
import { isSigned } from '../../core/signed.ts';
import type { PlannedNode, RunPlan } from '../plan.ts';
import type { InFlight, Messages } from './in-flight.ts';
import type { MachineState, NodeSituation, Outcome, OwnStep, Standing } from './node-situation.ts';
import { NodeStep, ticketOf } from './node-step.ts';
import type { SituationTable } from './situation-table.ts';

/** What all nodes of a search share. */
export interface NodeSurroundings {
  readonly plan: RunPlan;
  readonly machine: Machine;
  readonly messages: Messages;
  readonly situations: SituationTable;
  /** A write takes its time, and the node may crash meanwhile. */
  readonly isDiskSlow: boolean;
}

/** A node. */
export class SearchedNode {
  readonly id: NodeId;
  readonly place: number;
  readonly neighbours: readonly number[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly #around: NodeSurroundings;
  readonly #planned: PlannedNode;

  /** @throws {SchemaError} when its settings are none of the machine's */
  constructor(place: number, around: NodeSurroundings) {
    const { plan, machine } = around;
    const planned = plan.nodes[place]!;
    this.id = planned.id;
    this.place = place;
    this.#planned = planned;
    this.#around = around;
    this.neighbours = planned.neighbours.map((id) =>
      plan.nodes.findIndex((node) => node.id === id),
    );
    this.settings = parse(
      fieldsSchema(machine.settings),
      planned.settings.own,
      planned.id,
    ) as Record<string, unknown>;
  }

  get around(): NodeSurroundings {
    return this.#around;
  }

  /** Its first step. */
  begin(): Outcome {
    return this.#start(new Map(), 0);
  }

  /** What comes of a message. It is an idle step when nobody would notice. */
  receive(from: NodeSituation, message: InFlight): Outcome {
    const known = from.received.get(message.number);
    if (known !== undefined) return known;
    const outcome = this.#receive(from, message);
    from.received.set(message.number, outcome);
    return outcome;
  }

  /** What it can do by itself. */
  ownSteps(from: NodeSituation): readonly OwnStep[] {
    return (from.ownSteps ??= this.#ownSteps(from));
  }

  /** How it can go down. */
  crashes(from: NodeSituation): readonly OwnStep[] {
    return (from.crashes ??= this.#crashes(from));
  }

  /** How it comes back; undefined unless it is down. */
  restart(from: NodeSituation): OwnStep | undefined {
    if (from.life !== 'down') return undefined;
    return (from.restart ??= {
      choice: { kind: 'restart', node: this.place },
      outcome: this.#start(from.disk, from.incarnation + 1),
    });
  }

  #start(disk: Standing['disk'], incarnation: number): Outcome {
    const { plan, machine } = this.#around;
    const { id, neighbours } = this.#planned;
    const again = incarnation === 0 ? '' : `/${incarnation}`;
    const nodes = plan.nodes.map((node) => node.id);
    const state = machine.init(
      { id, nodes, neighbours, settings: this.settings },
      // The stream that the same node has in the simulator.
      Random.stream(plan.seed, `node/${id}/${machine.name}${again}`),
    ) as MachineState;
    const step = NodeStep.fresh(this, state, disk, incarnation);
    step.input({ kind: 'start', restarted: incarnation > 0, stored: disk });
    return step.outcome(undefined);
  }

  #receive(from: NodeSituation, message: InFlight): Outcome {
    if (from.life !== 'up') return idle(from);
    const { kind } = message;
    return kind === 'reply' || kind === 'error'
      ? this.#takeAnswer(from, message)
      : this.#takeMessage(from, message, kind);
  }

  #takeMessage(from: NodeSituation, message: InFlight, kind: 'cast' | 'request'): Outcome {
    const { type, body, number } = message;
    const declared = this.#around.machine.messages[type];
    const sender = this.idOf(message.from);
    if (declared === undefined || declared.kind !== kind) return idle(from);
    const result = check(declared.schema, body);
    if (result.issues !== undefined) return idle(from);
    if (declared.signed && (!isSigned(body) || body.signer !== sender)) return idle(from);
    const step = NodeStep.from(this, from);
    const ticket = kind === 'cast' ? 0 : ticketOf(number);
    if (kind === 'request') step.asked.add(ticket);
    step.input({ kind: 'message', type, from: sender, message: result.value, ticket });
    return step.outcome(from);
  }

  #takeAnswer(from: NodeSituation, message: InFlight): Outcome {
    const call = from.calls.get(message.ticket);
    const sender = this.idOf(message.from);
    if (call === undefined || call.to !== sender || call.type !== message.type) return idle(from);
    const { type, ticket, kind, body } = message;
    const declared = this.#around.machine.messages[type];
    const reply =
      kind === 'reply' && declared !== undefined ? check(declared.reply, body) : undefined;
    const answer =
      reply === undefined || reply.issues !== undefined
        ? { error: 'RemoteError' }
        : { reply: reply.value };
    const step = NodeStep.from(this, from);
    step.calls.delete(ticket);
    step.input({ kind: 'reply', type, from: sender, ticket, ...answer });
    return step.outcome(from);
  }

  #ownSteps(from: NodeSituation): OwnStep[] {
    if (from.life !== 'up') return [];
    const node = this.place;
    const written = this.#written(from);
    if (from.waiting.length > 0) return written;
    const fired = [...from.timers.keys()].toSorted(byCodeUnit).map((name): OwnStep => {
      const step = NodeStep.from(this, from);
      step.fire(name);
      return { choice: { kind: 'timer', node, name }, outcome: step.outcome(from) };
    });
    const patient = [...from.calls].filter(([, { canTimeOut }]) => canTimeOut);
    const givenUp = patient.map(([ticket, { to, type }]): OwnStep => {
      const step = NodeStep.from(this, from);
      step.calls.delete(ticket);
      step.input({ kind: 'reply', type, from: to, ticket, error: 'RequestTimeout' });
      return { choice: { kind: 'give up', node, ticket }, outcome: step.outcome(from) };
    });
    return [...written, ...fired, ...givenUp];
  }

  #written(from: NodeSituation): OwnStep[] {
    if (from.waiting.length === 0 && from.writes.length === 0) return [];
    const step = NodeStep.from(this, from);
    step.written();
    return [{ choice: { kind: 'written', node: this.place }, outcome: step.outcome(from) }];
  }

  #crashes(from: NodeSituation): OwnStep[] {
    if (from.life !== 'up') return [];
    const writes = from.writes.length + (from.waiting.length > 0 ? 1 : 0);
    return Array.from({ length: writes + 1 }, (_, kept): OwnStep => {
      const step = NodeStep.from(this, from);
      step.crash(kept);
      const choice = { kind: 'crash', node: this.place, writes, kept } as const;
      return { choice, outcome: step.outcome(from) };
    });
  }

  idOf(place: number): NodeId {
    return this.#around.plan.nodes[place]!.id;
  }

  /** @throws {RangeError} when it is no neighbour */
  placeOf(id: NodeId): number {
    const place = this.neighbours.find((other) => this.idOf(other) === id);
    if (place === undefined) throw new RangeError(`${this.id} has no neighbour ${id}`);
    return place;
  }
}

function idle(next: NodeSituation): Outcome {
  return { next, sent: [], sentAs: [], timersSet: [], isIdle: true, notes: [] };
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
