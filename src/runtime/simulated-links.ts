/** The way out of a simulated node: past its liar, if it has one, over the links and their weather, to one copy of a node or two. */

import type { TwinPlan } from '../core/faults/plan.ts';
import type { NodeId } from '../core/id.ts';
import type { NodeStatus } from '../core/status.ts';
import type { AlgorithmEnvelope, Envelope, LifecycleEnvelope } from './envelope.ts';
import type { Forgery, Liar, Telling } from './faults/liar.ts';
import type { LinkWeather } from './faults/link-weather.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** A directed link. */
interface SimulatedLink {
  readonly weather: LinkWeather;
  readonly to: SimulatedNode;
  /** The second copy of the receiver. */
  readonly also: SimulatedNode | undefined;
  /** True when messages only take their time: most links. */
  readonly isFair: boolean;
}

/** The links of one node, opened when they are first used. */
export class SimulatedLinks {
  readonly #node: SimulatedNode;
  readonly #world: SimulatedWorld;
  readonly #liar: Liar | undefined;
  readonly #links = new Map<NodeId, SimulatedLink>();

  constructor(node: SimulatedNode, liar: Liar | undefined) {
    this.#node = node;
    this.#world = node.world;
    this.#liar = liar;
  }

  /** Sends. */
  send(to: NodeId, envelope: Envelope): void {
    const link = this.#links.get(to) ?? this.#open(to);
    if (link.isFair) {
      const { weather } = link;
      const { now } = this.#world;
      const arrivalMs =
        envelope.kind === 'lifecycle'
          ? weather.barrierArrival(now)
          : weather.arrival(envelope.via, now);
      this.#world.deliver(arrivalMs, link.to, this.#node.id, envelope);
    } else if (envelope.kind === 'lifecycle') this.#sendBarrier(link, envelope);
    else if (this.#liar === undefined) this.#sendMessage(link, envelope);
    else for (const telling of this.#liar.tell(to, envelope)) this.#tell(link, telling);
  }

  #open(to: NodeId): SimulatedLink {
    const { id, copy, isByzantine } = this.#node;
    const weather = this.#world.weather.link(id, to, copy);
    const also = this.#world.twin(to);
    const isFair = weather.isFair && also === undefined && !isByzantine;
    const link = { weather, to: this.#world.node(to), also, isFair };
    this.#links.set(to, link);
    return link;
  }

  /** The barriers belong to the run and not to the algorithm: nobody lies in them, and both copies of a node take part. */
  #sendBarrier(link: SimulatedLink, envelope: LifecycleEnvelope): void {
    const told = this.#node.isByzantine ? excused(envelope, this.#node.id) : envelope;
    for (const arrivalMs of link.weather.arrivals('data', 0, this.#world.now, undefined)) {
      this.#world.deliver(arrivalMs, link.to, this.#node.id, told);
      if (link.also !== undefined) this.#world.deliver(arrivalMs, link.also, this.#node.id, told);
    }
  }

  #sendMessage(link: SimulatedLink, envelope: AlgorithmEnvelope, forgery?: Forgery): void {
    const { id, copy } = this.#node;
    const [toFirst, toSecond] = this.#hearers(link);
    if (!toFirst && !toSecond) return;
    const message = `${id}#${envelope.number}`;
    const { via, bytes } = envelope;
    if (copy !== '') {
      const detail = `from the second copy of ${id}`;
      this.#world.weather.firings.add({
        fault: 'twins',
        node: id,
        to: link.to.id,
        message,
        detail,
      });
    }
    for (const arrivalMs of link.weather.arrivals(via, bytes, this.#world.now, message)) {
      if (toFirst) this.#deliver(arrivalMs, link.to, envelope, forgery);
      if (toSecond) this.#deliver(arrivalMs, link.also!, envelope, forgery);
    }
  }

  #deliver(
    arrivalMs: number,
    to: SimulatedNode,
    envelope: AlgorithmEnvelope,
    forgery: Forgery | undefined,
  ): void {
    const { id } = this.#node;
    if (forgery === undefined) return this.#world.deliver(arrivalMs, to, id, envelope);
    const { epoch } = to;
    this.#world.at(arrivalMs, to, () => to.deliverForged(id, envelope, forgery, epoch));
  }

  /** Which copies of the receiver hear this one. */
  #hearers({ to, also }: SimulatedLink): readonly [first: boolean, second: boolean] {
    const { id, copy } = this.#node;
    const { twins } = this.#world.faults;
    const own = twins.get(id);
    if (own !== undefined && !hears(own, to.id, copy)) return [false, false];
    const theirs = twins.get(to.id);
    if (theirs === undefined || also === undefined) return [true, false];
    return [hears(theirs, id, ''), hears(theirs, id, SECOND_COPY)];
  }

  #tell(link: SimulatedLink, { envelope, delayMs, isExtra, forgery }: Telling): void {
    const say = () => {
      if (isExtra) this.#node.traceSend(link.to.id, envelope);
      this.#sendMessage(link, envelope, forgery);
    };
    if (delayMs === 0) say();
    else this.#node.afterOwn(delayMs, say);
  }
}

/** Marks the second of two copies of a node, where their names would be the same. */
export const SECOND_COPY = "'";

/** Whether `other` and this copy of the node hear each other. */
function hears({ first, second }: TwinPlan, other: NodeId, copy: string): boolean {
  const [mine, its] = copy === SECOND_COPY ? [second, first] : [first, second];
  return mine.has(other) || !its.has(other);
}

/** Nobody waits for a node that lies: it has done its part as soon as it runs, and its failure is no reason to stop. */
function excused({ message }: LifecycleEnvelope, id: NodeId): LifecycleEnvelope {
  const rows = message.rows.map((row) => {
    const status = row[0] === id ? EXCUSES[row[2]] : undefined;
    return status === undefined ? row : ([id, row[1], status, ''] as const);
  });
  return { kind: 'lifecycle', message: { ...message, rows } };
}

const EXCUSES: { readonly [status in NodeStatus]?: NodeStatus } = {
  running: 'finished',
  failed: 'departed',
  timeout: 'departed',
};
