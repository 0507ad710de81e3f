/** One life of a simulated node: a runner, and the world that the simulation pretends to it. A crash ends it in the middle. */

import type { NodeId } from '../core/id.ts';
import type { Clock, LogLevel, Signer, Store, Timer } from '../core/ports.ts';
import type { Random } from '../core/random.ts';
import type { Statement } from '../core/signed.ts';
import { hasEnded } from '../core/status.ts';
import type { TraceSink } from '../core/trace.ts';
import type { Envelope } from './envelope.ts';
import { skewedClock } from './faults/skewed-clock.ts';
import { NodeRunner, type NodeEntry, type NodeHost } from './node.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { Turn } from './turn.ts';

/** A runner and its host. */
export class Incarnation implements NodeHost {
  readonly runner: NodeRunner;
  readonly clock: Clock;
  readonly turn: Turn;
  readonly signer: Signer;
  readonly trace: TraceSink | undefined;
  readonly verified: WeakSet<Statement>;
  readonly startDelay: (() => number) | undefined;
  readonly timerDelay: ((delayMs: number) => number) | undefined;
  readonly #node: SimulatedNode;
  readonly #life: number;
  /** False after a crash: its timers do not fire, its promises are never settled, what it sends goes nowhere. */
  #isAlive = true;

  constructor(node: SimulatedNode, signer: Signer, entry: NodeEntry) {
    const { world, id } = node;
    const { plan, trace } = world.options;
    this.#node = node;
    this.#life = entry.incarnation;
    this.turn = world.turn;
    this.verified = world.verified;
    this.signer = signer;
    const right: Clock = {
      now: () => world.now,
      after: (delayMs, callback) => this.#after(delayMs, callback),
    };
    const startMs = world.chosen?.start(id, entry.incarnation);
    this.startDelay = startMs === undefined ? undefined : () => startMs - world.now;
    this.timerDelay = node.choosesTimers
      ? (delayMs) => node.timerDelay(delayMs, this.clock.now())
      : undefined;
    const skew = world.faults.clocks.get(id);
    if (skew === undefined) {
      this.clock = right;
      this.trace = trace;
    } else {
      this.clock = skewedClock(right, skew, world.faults.healMs, () => node.noteWrongClock());
      // The trace tells when something really happened.
      this.trace = trace && ((event) => trace({ ...event, time: world.now }));
    }
    this.runner = new NodeRunner(plan, id, entry, this);
  }

  /** Ends it where it stands. */
  kill(): void {
    this.#isAlive = false;
    this.runner.close();
  }

  send(to: NodeId, envelope: Envelope): undefined {
    if (this.#isAlive) this.#node.links.send(to, envelope);
  }

  post(event: () => void): void {
    const { world } = this.#node;
    world.at(world.now, this.#node, () => {
      if (this.#isAlive) event();
    });
  }

  stream(name: string): Random {
    return this.#node.world.streams.stream(name);
  }

  store(path: string): Store {
    return this.#node.store(path);
  }

  log(level: LogLevel, path: string, text: string): void {
    this.#node.world.options.log?.(this.#node.id, level, path, text);
  }

  standingChanged(id: NodeId): void {
    if (id !== this.#node.id) return;
    if (hasEnded(this.runner.status)) this.#node.noteEnd();
    else if (this.runner.status === 'running') {
      const { options, now } = this.#node.world;
      options.decided?.({ start: id, ...(this.#life === 0 ? {} : { life: this.#life }), at: now });
    }
  }

  /** Calls back in a turn of this incarnation, however right its clock is. */
  #after(delayMs: number, callback: () => unknown): Timer {
    const { world } = this.#node;
    let isCancelled = false;
    const delay = Number.isFinite(delayMs) && delayMs > 0 ? delayMs : 0;
    world.at(world.now + delay, this.#node, () => {
      if (!isCancelled && this.#isAlive) callback();
    });
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  }
}
