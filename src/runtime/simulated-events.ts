/** The events of a simulation, and how a node that stands still keeps them waiting. */

import type { NodeId } from '../core/id.ts';
import type { Envelope } from './envelope.ts';
import type { Weather } from './faults/weather.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** An event: a message's, or a timer's and everything else that runs code. */
export type SimulatedEvent = Delivery | Task;

/** A message on its way; the commonest event, so it is data and no closure. */
export interface Delivery {
  readonly envelope: Envelope;
  readonly from: NodeId;
  readonly at: SimulatedNode;
  /** The receiver's when it was sent: an earlier incarnation's messages are not for the next. */
  readonly epoch: number;
}

/** Code that runs in a turn of a node. */
export interface Task {
  run(): void;
  readonly at: SimulatedNode;
  /** True for what the world does to the node, which does not wait while the node stands still. */
  readonly isOutside?: boolean;
}

/** What waits at a node that stands still, in its order. */
export class StandingStill {
  readonly #node: SimulatedNode;
  readonly #weather: Weather;
  /** Puts an event of the world into the queue. */
  readonly #wakeAt: (timeMs: number) => void;
  #waiting: SimulatedEvent[] = [];
  #countedUntilMs = 0;
  #isOver = false;

  constructor(node: SimulatedNode, weather: Weather, wakeAt: (timeMs: number) => void) {
    this.#node = node;
    this.#weather = weather;
    this.#wakeAt = wakeAt;
  }

  /** True when the event has to wait, and waits now. */
  keeps(event: SimulatedEvent, nowMs: number): boolean {
    if (this.#isOver || ('isOutside' in event && event.isOutside === true)) return false;
    const untilMs = this.#weather.pausedUntil(this.#node.id, nowMs);
    const isPaused = untilMs > nowMs;
    if (!isPaused && this.#waiting.length === 0) return false;
    if (isPaused && untilMs > this.#countedUntilMs) {
      this.#countedUntilMs = untilMs;
      const detail = `stands still until ${Math.round(untilMs)} ms`;
      this.#weather.firings.add({ fault: 'pause', node: this.#node.id, detail });
      // That it began earlier nobody has noticed.
      const lastsMs = Math.round((untilMs - nowMs) * 1000) / 1000;
      this.#node.world.options.decided?.({ pause: this.#node.id, at: nowMs, for: lastsMs });
    }
    // Whoever is here wakes those behind it.
    if (this.#waiting.length === 0) this.#wakeAt(untilMs);
    this.#waiting.push(event);
    return true;
  }

  /** The run is over for the node: what waits is forgotten, and nothing waits any more. */
  end(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  /** Takes the first that waits, when the node moves again; the others follow, each in a turn of its own. */
  wake(nowMs: number): SimulatedEvent | undefined {
    const untilMs = this.#weather.pausedUntil(this.#node.id, nowMs);
    if (untilMs > nowMs && !this.#isOver) {
      this.#wakeAt(untilMs);
      return undefined;
    }
    const event = this.#waiting.shift();
    if (this.#waiting.length > 0) this.#wakeAt(nowMs);
    return event;
  }
}
