/**
 * Barriers in a bad network: messages are lost, doubled and overtaken; nodes leave, and come back as new incarnations. Everything is
 * drawn from one seed.
 */

import type { NodeId } from '../../src/core/id.ts';
import { Random } from '../../src/core/random.ts';
import { hasReached, type NodeStatus } from '../../src/core/status.ts';
import { EventQueue } from '../../src/runtime/event-queue.ts';
import { Lifecycle, lifecycleOverlay, type LifecycleMessage } from '../../src/runtime/lifecycle.ts';

/** How bad it is. */
export interface WorldOptions {
  readonly seed: number;
  readonly neighbours: ReadonlyMap<NodeId, readonly NodeId[]>;
  /** Probabilities for each message. */
  readonly loss?: number;
  readonly duplication?: number;
  readonly latencyMsMax?: number;
  /** How far apart in time nodes do, and hear of, the same thing. */
  readonly spreadMs?: number;
}

interface Member {
  readonly lifecycle: Lifecycle;
  readonly incarnation: number;
  status: NodeStatus | undefined;
  /** Which incarnation of each other node its packets are meant for. */
  readonly met: Map<NodeId, number>;
}

/** All nodes of a run, as far as their barriers go. */
export class LifecycleWorld {
  readonly members = new Map<NodeId, Member>();
  readonly gone = new Set<NodeId>();
  /** What went wrong, in words; empty when every barrier was one. */
  readonly complaints: string[] = [];
  messages = 0;
  now = 0;
  readonly #options: WorldOptions;
  readonly #overlay: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  readonly #random: Random;
  readonly #queue = new EventQueue<() => void>();
  /** The furthest that a node has ever come, in whatever incarnation. */
  readonly #reached = new Map<NodeId, NodeStatus>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#random = Random.stream(options.seed, 'world');
    this.#overlay = lifecycleOverlay(options.neighbours);
  }

  get ids(): NodeId[] {
    return [...this.#options.neighbours.keys()];
  }

  /** Lets a node come, or come again; it is ready a while later, and runs for a while once all are. */
  join(id: NodeId, delayMs: number, workMs: number): void {
    this.at(this.now + delayMs, () => {
      const before = this.members.get(id);
      before?.lifecycle.close();
      const incarnation = before === undefined ? 0 : before.incarnation + 1;
      const lifecycle = new Lifecycle(id, incarnation, this.ids, [...this.#overlay.get(id)!], {
        send: (to, message) => this.#send(id, incarnation, to, message),
        after: (after, callback) => this.after(after, callback),
        changed: () => this.#advance(id, incarnation, workMs),
      });
      const met = new Map(
        Array.from(this.members, ([other, member]) => [other, member.incarnation]),
      );
      this.members.set(id, { lifecycle, incarnation, status: undefined, met });
      // Signaling tells the others that it is here, each in its own time.
      for (const other of this.ids) {
        this.after(this.#spread(), () => {
          const met = this.members.get(other)?.met;
          if (incarnation > (met?.get(id) ?? -1)) met?.set(id, incarnation);
        });
      }
      this.#set(id, 'joining');
      this.after(this.#spread(), () => {
        if (this.members.get(id)?.incarnation === incarnation) this.#set(id, 'ready');
      });
    });
  }

  /** A node's tab is closed: its neighbours are told, each in its own time. */
  leave(id: NodeId, delayMs: number): void {
    this.at(this.now + delayMs, () => {
      this.members.get(id)?.lifecycle.close();
      this.gone.add(id);
      for (const other of this.#overlay.get(id)!) {
        this.after(this.#spread(), () =>
          this.members.get(other)?.lifecycle.depart(id, 'its tab was closed'),
        );
      }
    });
  }

  /** Lets time pass until nothing is to come, or for so long. */
  run(untilMs: number): void {
    while (this.#queue.size > 0 && this.#queue.nextTime <= untilMs) {
      this.now = this.#queue.nextTime;
      this.#queue.pop()!();
    }
  }

  /** Statuses of those that are here. */
  statuses(): Record<NodeId, NodeStatus | undefined> {
    const here = [...this.members].filter(([id]) => !this.gone.has(id));
    return Object.fromEntries(here.map(([id, { status }]) => [id, status]));
  }

  at(time: number, event: () => void): void {
    this.#queue.push(time, event);
  }

  after(delayMs: number, callback: () => void) {
    let isCancelled = false;
    this.#queue.push(this.now + delayMs, () => {
      if (!isCancelled) callback();
    });
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  }

  #spread(): number {
    return this.#random.between(0, this.#options.spreadMs ?? 50);
  }

  #send(from: NodeId, incarnation: number, to: NodeId, message: LifecycleMessage): void {
    const { loss = 0, duplication = 0, latencyMsMax = 40 } = this.#options;
    const meant = this.members.get(from)?.met.get(to);
    // As it travels: nothing is shared between nodes.
    const copy = JSON.stringify(message);
    const copies = this.#random.chance(duplication) ? 2 : 1;
    this.messages++;
    for (let i = 0; i < copies; i++) {
      if (this.#random.chance(loss)) continue;
      this.after(this.#random.between(0, latencyMsMax), () => {
        const receiver = this.members.get(to);
        if (receiver === undefined || this.gone.has(to)) return;
        // Packets are sealed for one incarnation by another; all others are refused.
        if (receiver.incarnation !== meant || receiver.met.get(from) !== incarnation) return;
        receiver.lifecycle.receive(from, JSON.parse(copy) as LifecycleMessage);
      });
    }
  }

  /** What a node does when something has changed for it. */
  #advance(id: NodeId, incarnation: number, workMs: number): void {
    const member = this.members.get(id);
    if (member?.incarnation !== incarnation || this.gone.has(id)) return;
    if (member.status === 'ready' && member.lifecycle.missing('ready').length === 0) {
      this.#pass(id, 'ready');
      this.#set(id, 'running');
      this.after(workMs, () => {
        if (this.members.get(id) === member && !this.gone.has(id)) this.#set(id, 'finished');
      });
    }
    if (member.status === 'finished' && member.lifecycle.missing('finished').length === 0) {
      this.#pass(id, 'finished');
      this.#set(id, 'terminated');
    }
  }

  #pass(id: NodeId, status: NodeStatus): void {
    for (const other of this.ids) {
      const reached = this.#reached.get(other);
      const standing = reached === undefined ? undefined : { incarnation: 0, status: reached };
      if (!hasReached(standing, status) && !this.gone.has(other)) {
        this.complaints.push(`${id} passed '${status}' at ${this.now}, but ${other} is ${reached}`);
      }
    }
  }

  #set(id: NodeId, status: NodeStatus): void {
    const member = this.members.get(id)!;
    if (this.gone.has(id)) return;
    member.status = status;
    const before = this.#reached.get(id);
    if (before === undefined || !hasReached({ incarnation: 0, status: before }, status)) {
      this.#reached.set(id, status);
    }
    member.lifecycle.set(status);
  }
}

/** Neighbour lists by a shape's name. */
export function shaped(shape: Shape, count: number): Map<NodeId, NodeId[]> {
  const ids = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  return new Map(ids.map((id, i) => [id, SHAPES[shape](ids, i).filter((other) => other !== id)]));
}

export type Shape = keyof typeof SHAPES;

const SHAPES = {
  mesh: (ids: string[]) => [...ids],
  ring: (ids: string[], i: number) => [ids[(i + 1) % ids.length]!],
  star: (ids: string[], i: number) => (i === 0 ? [...ids] : []),
  /** Nobody knows anybody: the overlay alone connects them. */
  dust: (): string[] => [],
  /** Two parts. */
  halves: (ids: string[], i: number) => ids.filter((_, j) => j % 2 === i % 2),
};

/** The nodes whose leaving does not cut the others off from each other. */
export function dispensable(neighbours: ReadonlyMap<NodeId, readonly NodeId[]>): NodeId[] {
  const overlay = lifecycleOverlay(neighbours);
  return [...overlay.keys()].filter((gone) => {
    const others = [...overlay.keys()].filter((id) => id !== gone);
    const reached = new Set(others.slice(0, 1));
    for (const id of reached) {
      for (const other of overlay.get(id)!) if (other !== gone) reached.add(other);
    }
    return reached.size === others.length;
  });
}

/** All shapes. */
export const SHAPE_NAMES = Object.keys(SHAPES) as Shape[];
