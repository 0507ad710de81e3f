/** A step from one situation to another: what it leads to is known before it is made. */

import type { Choice } from './choice.ts';
import { finished, NO_BITS, type Bits } from './fingerprints.ts';
import type { PastSituation } from './history.ts';
import type { InFlight } from './in-flight.ts';
import type { NodeSituation, Outcome } from './node-situation.ts';
import type { Situation } from './situation.ts';

/** What the network does with messages. */
export interface Network {
  readonly ordered: boolean;
  readonly duplicates: boolean;
}

/** What a step does. */
export interface Move {
  readonly choice: Choice;
  /** What comes of it at the node that it happens to; undefined when it happens to a message alone. */
  readonly outcome: Outcome | undefined;
  /** Which of the messages is on its way no more; −1 when none is. */
  readonly taken: number;
  /** The node goes down, and what was on its way to it goes with it. */
  readonly isCrash: boolean;
  readonly timeouts: number;
}

/** One object for all steps, one after the other: whoever wants to keep what it leads to makes it. */
export class Transition implements Bits {
  readonly #network: Network;
  /** What is sent and not there yet. */
  readonly #added: InFlight[] = [];
  #from!: Situation;
  #move!: Move;
  #messages: readonly InFlight[] | undefined;
  past!: PastSituation;
  /** Sum of the parts of the situation that it leads to. */
  #partsLow = 0;
  #partsHigh = 0;
  /** The fingerprint of that situation. */
  low = 0;
  high = 0;

  constructor(network: Network) {
    this.#network = network;
  }

  get choice(): Choice {
    return this.#move.choice;
  }

  get outcome(): Outcome | undefined {
    return this.#move.outcome;
  }

  /** Takes up another step. */
  set(from: Situation, move: Move, past: PastSituation): void {
    this.#from = from;
    this.#move = move;
    this.past = past;
    this.#messages = undefined;
    this.#partsLow = from.parts.low;
    this.#partsHigh = from.parts.high;
    const { outcome, taken, choice } = move;
    if (outcome !== undefined) {
      this.#subtract(from.nodes[choice.node]!.bits);
      this.#plus(outcome.next.bits);
    }
    if (taken >= 0) this.#subtract(from.messages[taken]!.bits);
    if (move.isCrash) this.#dropAll(choice.node);
    this.#findAdded(outcome?.sent ?? NOTHING);
    if (this.#network.ordered) this.#messages = this.#inOrder();
    this.#finish();
  }

  /** Takes up the beginning, which no step leads to. */
  setBeginning(situation: Situation): void {
    this.past = situation.past;
    this.#partsLow = situation.parts.low;
    this.#partsHigh = situation.parts.high;
    this.#mix(situation.crashesLeft, situation.timeoutsLeft, situation.messages);
  }

  /** The situation that it leads to. */
  make(): Situation {
    const { outcome, choice, timeouts, isCrash } = this.#move;
    const { nodes, crashesLeft, timeoutsLeft } = this.#from;
    return {
      nodes: outcome === undefined ? nodes : nodes.with(choice.node, outcome.next),
      messages: this.#messages ?? this.#merged(),
      past: this.past,
      crashesLeft: crashesLeft - (isCrash ? 1 : 0),
      timeoutsLeft: timeoutsLeft - timeouts,
      parts: { low: this.#partsLow, high: this.#partsHigh },
    };
  }

  #finish(): void {
    const { crashesLeft, timeoutsLeft } = this.#from;
    const { isCrash, timeouts } = this.#move;
    this.#mix(crashesLeft - (isCrash ? 1 : 0), timeoutsLeft - timeouts, this.#messages);
  }

  /** Situations are told apart by their parts, their past, what the adversary has left, and the order of messages if they have one. */
  #mix(crashesLeft: number, timeoutsLeft: number, messages: readonly InFlight[] | undefined): void {
    const left = Math.imul(crashesLeft + 1, 0x01000193) + (timeoutsLeft | 0);
    const order = this.#network.ordered ? orderOf(messages!) : 0;
    const rest = Math.imul(this.past.number + 1, 0x27d4eb2f) ^ Math.imul(left, 0x165667b1);
    this.low = finished(this.#partsLow ^ rest ^ order);
    this.high = finished((this.#partsHigh + Math.imul(rest, 0x9e3779b1)) ^ finished(order));
  }

  /** What is sent, but for what nobody is there to take, and for what may arrive any number of times anyway. */
  #findAdded(sent: readonly InFlight[]): void {
    const added = this.#added;
    added.length = 0;
    for (const message of sent) {
      if (this.#lifeOf(message.to) === 'down') continue;
      const isThere = this.#network.duplicates && this.#from.messages.includes(message);
      if (isThere || (this.#network.duplicates && added.includes(message))) continue;
      added.push(message);
      this.#plus(message.bits);
    }
  }

  #dropAll(place: number): void {
    for (const message of this.#from.messages) {
      if (message.to === place) this.#subtract(message.bits);
    }
  }

  #lifeOf(place: number): NodeSituation['life'] {
    const { choice, outcome } = this.#move;
    const isChanged = outcome !== undefined && choice.node === place;
    return isChanged ? outcome.next.life : this.#from.nodes[place]!.life;
  }

  /** By number. */
  #merged(): readonly InFlight[] {
    const kept = this.#kept();
    if (this.#added.length === 0) return kept;
    const result = kept.slice();
    for (const message of this.#added) {
      let at = result.length;
      while (at > 0 && message.number < result[at - 1]!.number) at--;
      result.splice(at, 0, message);
    }
    return result;
  }

  /** By channel, the newest of each behind the others of it. */
  #inOrder(): readonly InFlight[] {
    const result = this.#kept().slice();
    for (const message of this.#added) {
      let at = result.length;
      while (at > 0 && message.channel < result[at - 1]!.channel) at--;
      result.splice(at, 0, message);
    }
    return result;
  }

  #kept(): readonly InFlight[] {
    const { taken, isCrash, choice } = this.#move;
    const { messages } = this.#from;
    if (isCrash) return messages.filter(({ to }) => to !== choice.node);
    return taken < 0 ? messages : messages.toSpliced(taken, 1);
  }

  #plus({ low, high }: Bits): void {
    this.#partsLow = (this.#partsLow + low) | 0;
    this.#partsHigh = (this.#partsHigh + high) | 0;
  }

  #subtract({ low, high }: Bits): void {
    this.#partsLow = (this.#partsLow - low) | 0;
    this.#partsHigh = (this.#partsHigh - high) | 0;
  }
}

const NOTHING: readonly InFlight[] = [];

/** Of an ordered network it matters which message is behind which. */
function orderOf(messages: readonly InFlight[]): number {
  let hash = 0;
  for (const { bits } of messages) {
    // What counts for nothing leaves no gap.
    if (bits === NO_BITS) continue;
    hash = finished(Math.imul(hash, 31) + bits.low) ^ bits.high;
  }
  return hash;
}
