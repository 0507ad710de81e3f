/**
 * Broadcasts over an overlay in which many have crashed at once: whom do they still reach? After Leitão, Pereira and Rodrigues
 * (HyParView, 2007), where everything depends on how soon a crash is noticed.
 */

import type { Random } from '../../core/random.ts';
import type { HyparviewEngine } from './hyparview-engine.ts';

/** Who notices that a neighbour is gone: everybody `at-once`, as with broken connections, or whoever `sends` to it, as without them. */
export type Noticing = 'at-once' | 'sends';

/** What is to be tried. */
export interface ReliabilityTrial {
  /** Share of the nodes that crash. */
  readonly crash: number;
  readonly noticing: Noticing;
  readonly messages: number;
}

/** Until views stand still: after three rounds hardly any changes. */
const REPAIR_ROUNDS = 3;

/**
 * Crashes nodes and floods messages, each from somebody who is left. No view is shuffled meanwhile.
 *
 * @returns the share of the living that a message reaches, on average
 */
export function reliabilityOf(
  engine: HyparviewEngine,
  { crash, noticing, messages }: ReliabilityTrial,
  random: Random,
): number {
  const order = random.shuffled(Array.from({ length: engine.nodes }, (_, node) => node));
  const gone = Math.round(crash * engine.nodes);
  for (const node of order.slice(0, gone)) engine.kill(node);
  const living = order.slice(gone);
  // Who gives up a neighbour for one that is in need looks for another in the next round.
  for (let round = 0; noticing === 'at-once' && round < REPAIR_ROUNDS; round++) {
    for (const node of living) engine.repair(node);
  }
  let sum = 0;
  for (let message = 0; message < messages; message++) {
    sum += flood(engine, random.pick(living), noticing) / living.length;
  }
  return sum / messages;
}

/** Everybody passes on what it gets for the first time; how many get it. */
function flood(engine: HyparviewEngine, source: number, noticing: Noticing): number {
  const reached = new Set([source]);
  // A set that grows while it is walked is walked to its end.
  for (const node of reached) {
    const view = [...engine.members[node]!.active];
    for (const peer of view) if (engine.alive[peer] === 1) reached.add(peer);
    // Whom it could not send to is noticed now, and whoever takes that place hears the next message.
    if (noticing === 'sends' && view.some((peer) => engine.alive[peer] === 0)) engine.repair(node);
  }
  return reached.size;
}
