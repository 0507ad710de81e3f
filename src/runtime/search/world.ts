/** All that can happen to the nodes of a plan: from every situation, the steps that lead on. */

import type { Machine } from '../../core/machine.ts';
import type { Adversary, SituationView } from '../../core/small-world.ts';
import type { RunPlan } from '../plan.ts';
import { NO_BITS, type Bits } from './fingerprints.ts';
import { Pasts, type History, type HistoryEvent, type PastSituation } from './history.ts';
import { Messages, type InFlight, type MessageAbstraction } from './in-flight.ts';
import { keyOf } from './interner.ts';
import type { Outcome, OwnStep } from './node-situation.ts';
import { SearchedNode } from './searched-node.ts';
import { SituationTable, type NodeAbstraction } from './situation-table.ts';
import type { Situation } from './situation.ts';
import { Transition, type Move, type Network } from './transition.ts';

/** What counts when situations are compared; situations that count as the same are searched once. */
export interface Abstraction {
  readonly node?: NodeAbstraction;
  readonly message?: MessageAbstraction;
}

/** Takes a step that is possible. The object is the world's own, and another step a moment later. */
export type Visit = (step: Transition) => void;

/** Everything that can happen to the nodes of a plan. */
export class World {
  readonly nodes: readonly SearchedNode[];
  readonly messages: Messages;
  readonly situations: SituationTable;
  readonly #adversary: Adversary;
  readonly #network: Network;
  readonly #step: Transition;
  readonly #pasts: Pasts;

  constructor(
    plan: RunPlan,
    machine: Machine,
    adversary: Adversary,
    { abstraction, history }: { readonly abstraction?: Abstraction; readonly history?: History },
  ) {
    const { ordered = false, duplicates = false } = adversary;
    this.#adversary = adversary;
    this.#network = { ordered, duplicates };
    this.#step = new Transition(this.#network);
    this.#pasts = new Pasts(history);
    this.messages = new Messages(
      plan.nodes.map(({ id }) => id),
      abstraction?.message,
    );
    const countsDisk = (adversary.crashes ?? 0) > 0;
    const situations = new SituationTable(machine, countsDisk, abstraction?.node);
    this.situations = situations;
    const isDiskSlow = adversary.slowDisks ?? false;
    const around = { plan, machine, messages: this.messages, situations, isDiskSlow };
    this.nodes = plan.nodes.map((_, place) => new SearchedNode(place, around));
  }

  /** Every node has started. (What could arrive before a node's start waits for it, so nothing is left out.) */
  begin(): { readonly situation: Situation; readonly outcomes: readonly Outcome[] } {
    const outcomes = this.nodes.map((node) => node.begin());
    const { crashes = 0, timeouts = Infinity } = this.#adversary;
    const nodes = outcomes.map(({ next }) => next);
    const sent = outcomes.flatMap((outcome) => outcome.sent);
    const messages = this.#network.duplicates ? [...new Set(sent)] : sent;
    const { ordered } = this.#network;
    const inOrder = messages.toSorted((a, b) =>
      ordered ? a.channel - b.channel : a.number - b.number,
    );
    const situation = {
      nodes,
      messages: inOrder,
      past: this.#remember(this.#pasts.initial, undefined, sent),
      crashesLeft: crashes,
      timeoutsLeft: timeouts,
      parts: sumOf([...nodes, ...inOrder].map(({ bits }) => bits)),
    };
    return { situation, outcomes };
  }

  /** Equal for nodes with the same settings. */
  settingsKey({ settings }: SearchedNode): string {
    return keyOf(settings);
  }

  /** The fingerprint of the beginning. */
  bitsOf(beginning: Situation): Bits {
    this.#step.setBeginning(beginning);
    const { low, high } = this.#step;
    return { low, high };
  }

  /** Everything that can happen next and changes something, always in the same order. */
  next(situation: Situation, visit: Visit): void {
    this.#messageSteps(situation, visit);
    for (let place = 0; place < this.nodes.length; place++) {
      const node = this.nodes[place]!;
      const at = situation.nodes[place]!;
      for (const step of node.ownSteps(at)) {
        const isTimeout = step.choice.kind !== 'written';
        if (step.outcome.isIdle || (isTimeout && situation.timeoutsLeft === 0)) continue;
        this.#ownStep(situation, step, visit, { timeouts: isTimeout ? 1 : 0 });
      }
      const back = node.restart(at);
      if (back !== undefined) this.#ownStep(situation, back, visit);
      if (situation.crashesLeft === 0 || !this.#mayCrash(node)) continue;
      for (const crash of node.crashes(at)) {
        this.#ownStep(situation, crash, visit, { isCrash: true });
      }
    }
  }

  view(situation: Situation, depth: number): SituationView {
    return {
      nodes: situation.nodes.map(({ view }) => view),
      messages: situation.messages.map((message) => this.messages.view(message)),
      history: situation.past.value,
      depth,
    };
  }

  #mayCrash({ id }: SearchedNode): boolean {
    return this.#adversary.mayCrash?.includes(id) ?? true;
  }

  #messageSteps(situation: Situation, visit: Visit): void {
    const { nodes, messages } = situation;
    const { losses = false } = this.#adversary;
    const { ordered } = this.#network;
    let before: InFlight | undefined;
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i]!;
      const isBehind = ordered ? message.channel === before?.channel : message === before;
      if (isBehind) continue;
      before = message;
      const to = nodes[message.to]!;
      if (to.waiting.length === 0) this.#deliver(situation, i, visit);
      if (losses) {
        const lost = { choice: message.loss, outcome: undefined, taken: i };
        this.#visit(situation, { ...lost, isCrash: false, timeouts: 0 }, situation.past, visit);
      }
    }
  }

  #deliver(situation: Situation, at: number, visit: Visit): void {
    const message = situation.messages[at]!;
    const outcome = this.nodes[message.to]!.receive(situation.nodes[message.to]!, message);
    // A message that changes nothing may as well arrive later; but in order it blocks the way.
    if (outcome.isIdle && !this.#network.ordered) return;
    const past = this.#remember(situation.past, message, outcome.sent);
    const taken = this.#network.duplicates ? -1 : at;
    const move = { choice: message.delivery, outcome, taken, isCrash: false, timeouts: 0 };
    this.#visit(situation, move, past, visit);
  }

  #ownStep(
    situation: Situation,
    { choice, outcome }: OwnStep,
    visit: Visit,
    { isCrash = false, timeouts = 0 }: Partial<Pick<Move, 'isCrash' | 'timeouts'>> = {},
  ): void {
    const past = this.#remember(situation.past, undefined, outcome.sent);
    this.#visit(situation, { choice, outcome, taken: -1, isCrash, timeouts }, past, visit);
  }

  #visit(situation: Situation, move: Move, past: PastSituation, visit: Visit): void {
    this.#step.set(situation, move, past);
    visit(this.#step);
  }

  #remember(
    past: PastSituation,
    delivered: InFlight | undefined,
    sent: readonly InFlight[],
  ): PastSituation {
    if (!this.#pasts.isKept) return past;
    let result = past;
    if (delivered !== undefined) result = this.#after(result, 'delivered', delivered);
    for (const each of sent) result = this.#after(result, 'sent', each);
    return result;
  }

  #after(past: PastSituation, kind: HistoryEvent['kind'], message: InFlight): PastSituation {
    return this.#pasts.after(past, kind, message.number, () => this.messages.view(message));
  }
}

function sumOf(bits: readonly Bits[]): Bits {
  return bits.reduce(
    (sum, { low, high }) => ({ low: (sum.low + low) | 0, high: (sum.high + high) | 0 }),
    NO_BITS,
  );
}
