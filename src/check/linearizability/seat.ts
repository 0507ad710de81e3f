/** One part of a history with its search. */

import type { Operation } from '../history.ts';
import type { Model } from '../models/model.ts';
import type { Part } from './part.ts';
import { Search } from './search.ts';
import { StateSpace } from './state-space.ts';

export class Seat {
  readonly part: Part;
  readonly search: Search;
  readonly #space: StateSpace;

  constructor(part: Part, model: Model, initial: unknown) {
    this.part = part;
    this.#space = new StateSpace(model, initial, part.actions);
    this.search = new Search(part, this.#space);
  }

  /** Memory that it occupies, about. */
  get bytes(): number {
    return (this.search.size + this.#space.size) * 4;
  }

  /** The longest order that came furthest. */
  get order(): readonly Operation[] {
    const { required, optional } = this.part;
    return this.search.furthestOrder.map((at) =>
      at < required.length ? required[at]! : optional[at - required.length]!,
    );
  }

  /** The states that were met there, for people. */
  get states(): readonly string[] {
    return this.search.furthestStates.map((state) => this.#space.describe(state));
  }
}
