/**
 * Linearizability: whether every operation of a history can be given one moment between its call and its return so that, in the order
 * of these moments, a model allows what each of them returned (Herlihy and Wing, TOPLAS 12(3), 1990).
 */

import type { Value } from '../../core/value.ts';
import { HistoryError, type Operation } from '../history.ts';
import { ModelError, type Model } from '../models/model.ts';
import type { Verdict } from '../verdict.ts';
import { usedUp, type Budget } from './budget.ts';
import { explained } from './explain.ts';
import { Narrowing } from './narrowing.ts';
import { partsOf, type Part } from './part.ts';
import { readWith } from './read.ts';
import { Seat } from './seat.ts';

/** The verdict on a history. */
export interface LinearizabilityVerdict extends Verdict {
  /** `ok` and `illegal` are true and false of `valid`; `unknown` says in `explanation` what used up the budget. */
  readonly outcome: 'ok' | 'illegal' | 'unknown';
  /** Work done: looks at a table of steps, and questions to the model, each counted as several. */
  readonly steps: number;
  /**
   * For ok, an order of each part's operations that the model allows. Otherwise the longest order found of one part: of the illegal one,
   * up to the culprit, or of one that was not decided. Operations that need not have happened may be missing.
   */
  readonly orders: readonly PartOrder[];
  /**
   * The operation that broke it; undefined unless illegal. What happened to its objects up to its return is not linearizable, and before
   * that return it was.
   */
  readonly culprit: Operation | undefined;
  /** States to which orders before the culprit lead, for people; empty unless illegal. */
  readonly states: readonly string[];
}

/** The order of the operations on some objects. */
export interface PartOrder {
  /** Keys, for instance; empty when the model has but one object. */
  readonly objects: readonly string[];
  readonly order: readonly Operation[];
}

/**
 * Checks a history at one go.
 *
 * @param initial the state at the beginning, if it is not the model's own
 * @throws {HistoryError} when the model cannot read it
 */
export function checkLinearizability(
  operations: readonly Operation[],
  model: Model,
  { initial = null, ...budget }: Budget & { readonly initial?: Value } = {},
): LinearizabilityVerdict {
  const check = new LinearizabilityCheck(operations, model, initial, budget);
  for (;;) {
    const verdict = check.advance();
    if (verdict !== undefined) return verdict;
  }
}

/** Steps between two looks at the clock, a fraction of a millisecond. */
const SLICE_STEPS = 4_096;

/** Steps that each part gets in the first round; each round gives twice as many. */
const FIRST_TURN_STEPS = 1_024;

/** The culprit may cost so many times the steps of the verdict itself, and at least so many steps. */
const NARROWING_FACTOR = 2;
const NARROWING_STEPS_MIN = 2_000_000;

/**
 * A check that goes forward a little at a time. The parts of a history take turns, so that one hard part does not hide that another
 * is plainly wrong; the turns are counted in steps, so that the verdict does not depend on the machine.
 */
export class LinearizabilityCheck {
  readonly #budget: Budget;
  readonly #model: Model;
  readonly #operations: readonly Operation[];
  readonly #initial: unknown;
  /** Parts that have no verdict yet; their searches begin with their first turns. */
  readonly #waiting: (Part | Seat)[];
  readonly #orders: PartOrder[] = [];
  /** Memory of the parts that wait. */
  #bytes = 0;
  #steps = 0;
  #turn = 0;
  #turnStepsLeft = FIRST_TURN_STEPS;
  #roundSteps = FIRST_TURN_STEPS;
  #narrowing: { readonly search: Narrowing; stepsLeft: number } | undefined;

  /** @throws {HistoryError} when the model cannot read the history */
  constructor(
    operations: readonly Operation[],
    model: Model,
    initial: Value = null,
    budget: Budget = {},
  ) {
    this.#budget = budget;
    this.#model = model;
    this.#operations = operations;
    try {
      this.#initial = model.initial(initial);
    } catch (error) {
      if (error instanceof ModelError) throw new HistoryError(0, error.message);
      throw error;
    }
    this.#waiting = partsOf(readWith(model, operations, initial), model, initial);
    this.#lookForImpossible();
  }

  /** Goes on for a fraction of a millisecond; the verdict when there is one. */
  advance(): LinearizabilityVerdict | undefined {
    if (this.#narrowing !== undefined) return this.#narrow(this.#narrowing);
    if (this.#waiting.length === 0) return this.#ok();
    const seat = this.#seatOf(this.#turn);
    const { search } = seat;
    const before = { steps: search.steps, bytes: seat.bytes };
    const outcome = search.run(Math.min(SLICE_STEPS, this.#turnStepsLeft));
    const used = search.steps - before.steps;
    this.#steps += used;
    this.#turnStepsLeft -= used;
    this.#bytes += seat.bytes - before.bytes;
    if (outcome === 'illegal') {
      this.#startNarrowing(seat);
      return undefined;
    }
    if (outcome === 'ok') return this.#finish(seat);
    if (this.#turnStepsLeft <= 0) this.#nextTurn(this.#turn + 1);
    const limit = usedUp(this.#budget, this.#steps, this.#bytes);
    return limit === undefined ? undefined : this.#unknown(seat, limit);
  }

  /** What no order allows needs no search; the first of these is the verdict. */
  #lookForImpossible(): void {
    let first: { readonly part: Part; readonly at: number } | undefined;
    for (const part of this.#waiting as Part[]) {
      const at = part.foreseen.impossible;
      if (at === undefined) continue;
      if (first === undefined || part.returns[at]! < first.part.returns[first.at]!) {
        first = { part, at };
      }
    }
    if (first === undefined) return;
    const seat = new Seat(first.part, this.#model, this.#initial);
    this.#startNarrowing(seat, first.at);
  }

  #startNarrowing(seat: Seat, impossible?: number): void {
    this.#narrowing = {
      search: new Narrowing(seat, this.#model, this.#initial, impossible),
      stepsLeft: Math.max(NARROWING_STEPS_MIN, this.#steps * NARROWING_FACTOR),
    };
  }

  #seatOf(turn: number): Seat {
    const waiting = this.#waiting[turn]!;
    if (waiting instanceof Seat) return waiting;
    const seat = new Seat(waiting, this.#model, this.#initial);
    this.#waiting[turn] = seat;
    this.#bytes += seat.bytes;
    return seat;
  }

  #finish(seat: Seat): LinearizabilityVerdict | undefined {
    this.#orders.push({ objects: seat.part.objects, order: seat.order });
    this.#bytes -= seat.bytes;
    this.#waiting.splice(this.#turn, 1);
    this.#nextTurn(this.#turn);
    return this.#waiting.length === 0 ? this.#ok() : undefined;
  }

  #nextTurn(turn: number): void {
    this.#turn = turn;
    if (turn >= this.#waiting.length) {
      this.#turn = 0;
      this.#roundSteps *= 2;
    }
    this.#turnStepsLeft = this.#roundSteps;
  }

  /** The verdict stands; what is sought is the operation that broke it. */
  #narrow(narrowing: { search: Narrowing; stepsLeft: number }): LinearizabilityVerdict | undefined {
    const isKnown = narrowing.search.run(SLICE_STEPS);
    narrowing.stepsLeft -= SLICE_STEPS;
    const isOver =
      narrowing.stepsLeft <= 0 || usedUp(this.#budget, this.#steps, this.#bytes) !== undefined;
    return isKnown || isOver ? this.#illegal(narrowing.search) : undefined;
  }

  #ok(): LinearizabilityVerdict {
    const moved = this.#orders.reduce((sum, { order }) => sum + order.length, 0);
    return {
      ...this.#common('ok'),
      valid: true,
      orders: this.#orders,
      explanation: `an order of ${moved} operations explains every answer`,
    };
  }

  #illegal(narrowing: Narrowing): LinearizabilityVerdict {
    const { objects, order, culprit, states } = narrowing.result;
    const explanation = explained(narrowing.result, this.#model);
    const kind = 'not-linearizable';
    return {
      ...this.#common('illegal'),
      valid: false,
      orders: [{ objects, order }],
      culprit,
      states: states.toSorted(),
      explanation,
      anomalies: [{ kind, detail: explanation, operations: [culprit.index] }],
      counts: { [kind]: 1 },
    };
  }

  #unknown({ part, order }: Seat, limit: string): LinearizabilityVerdict {
    const where = part.objects.length === 0 ? '' : ` of ${part.objects.join(', ')}`;
    return {
      ...this.#common('unknown'),
      valid: 'unknown',
      orders: [{ objects: part.objects, order }],
      explanation: `no verdict within ${limit}: ${order.length} of ${part.required.length} operations${where} could be ordered`,
    };
  }

  #common(outcome: LinearizabilityVerdict['outcome']) {
    return {
      outcome,
      steps: this.#steps,
      culprit: undefined as Operation | undefined,
      states: [] as readonly string[],
      anomalies: [],
      counts: {},
      facts: { operations: this.#operations.length, steps: this.#steps },
    };
  }
}
