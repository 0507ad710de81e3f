/**
 * Finds the operation that broke an illegal part: the first whose return leaves no order of what had happened by then.
 *
 * A search without foresight knows it: it is the one that no configuration got past. Foresight stops searches before they come there, so
 * the part is cut at one return after the other (in growing strides, then by halves) and each cut is searched.
 */

import type { Operation } from '../history.ts';
import type { Model } from '../models/model.ts';
import { cutAt } from './part.ts';
import { Seat } from './seat.ts';

/** How far it went, and why not further. */
export interface Breaking {
  readonly objects: readonly string[];
  readonly culprit: Operation;
  /** The longest order found of what had returned before the culprit did. */
  readonly order: readonly Operation[];
  /** States to which such orders lead. */
  readonly states: readonly string[];
  /** False when there may be other states. */
  readonly areAllStates: boolean;
  /** False when the budget ended first, and the culprit may be a later one. */
  readonly isCertain: boolean;
}

export class Narrowing {
  readonly #whole: Seat;
  readonly #model: Model;
  readonly #initial: unknown;
  /** All cuts before this one are known to be legal. */
  #first: number;
  /** This one is known to be illegal. */
  #last: number;
  #stride = 1;
  #probe: { readonly at: number; readonly seat: Seat } | undefined;
  #illegal: Seat;
  #legal: Seat | undefined;

  /** An operation that no order allows, whatever else is true. */
  readonly #impossible: number | undefined;

  /**
   * @param whole a seat whose search found no order
   * @param impossible the operation that alone shows it, if nothing was searched yet
   */
  constructor(whole: Seat, model: Model, initial: unknown, impossible?: number) {
    this.#whole = whole;
    this.#illegal = whole;
    this.#model = model;
    this.#initial = initial;
    this.#first = whole.search.furthestDeadline;
    this.#last = whole.part.required.length - 1;
    this.#impossible = impossible;
    if (impossible !== undefined) {
      // Most likely nothing is wrong before: the stride goes there at once.
      this.#last = impossible;
      this.#stride = impossible - this.#first;
    } else if (
      model.foresight?.excludes === undefined &&
      model.foresight?.precedences === undefined
    ) {
      this.#last = this.#first;
    }
  }

  /** Searches for about so many steps; true when the culprit is known. */
  run(stepsMax: number): boolean {
    if (this.#first === this.#last && this.#probe === undefined) return true;
    this.#probe ??= this.#nextProbe();
    const { at, seat } = this.#probe;
    const outcome = seat.search.run(stepsMax);
    if (outcome === undefined) return false;
    this.#probe = undefined;
    if (outcome === 'ok') {
      this.#legal = seat;
      this.#first = at + 1;
      this.#stride *= 2;
    } else {
      this.#illegal = seat;
      this.#last = at;
      this.#first = Math.max(this.#first, seat.search.furthestDeadline);
      this.#stride = 0;
    }
    return this.#first === this.#last;
  }

  /** What is known now. */
  get result(): Breaking {
    const isKnown = this.#first === this.#last;
    const culprit = isKnown ? this.#first : (this.#impossible ?? this.#first);
    const isAtCulprit = this.#illegal.search.furthestDeadline === culprit;
    const seat = isAtCulprit ? this.#illegal : (this.#legal ?? this.#illegal);
    return {
      objects: this.#whole.part.objects,
      culprit: this.#whole.part.required[culprit]!,
      order: seat.order,
      states: seat.states,
      areAllStates: this.#illegal === seat && this.#model.foresight?.excludes === undefined,
      isCertain: isKnown || this.#impossible !== undefined,
    };
  }

  #nextProbe(): { readonly at: number; readonly seat: Seat } {
    const halves = (this.#first + this.#last) >>> 1;
    const at = this.#stride === 0 ? halves : Math.min(this.#first + this.#stride, this.#last) - 1;
    const part = cutAt(this.#whole.part, at, this.#model);
    return { at, seat: new Seat(part, this.#model, this.#initial) };
  }
}
