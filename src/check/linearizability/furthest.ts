/** How far a search came: the longest order that came furthest, and the states there. */

/** States noted at most: an explanation names fewer. */
const STATES_MAX = 64;

export class Furthest {
  /** The first required operation that no order got past. */
  deadline = -1;
  readonly #order: number[] = [];
  readonly #states = new Set<number>();
  /** How much of the order is still the beginning of the search's own trail: the rest is copied when it comes further. */
  #shared = 0;

  get order(): readonly number[] {
    return this.#order;
  }

  get states(): readonly number[] {
    return [...this.#states];
  }

  /** Takes note of a configuration. */
  note(deadline: number, trail: readonly number[], state: number): void {
    if (deadline < this.deadline) return;
    if (deadline > this.deadline) this.#states.clear();
    if (this.#states.size < STATES_MAX) this.#states.add(state);
    if (deadline === this.deadline && trail.length <= this.#order.length) return;
    this.deadline = deadline;
    this.#order.length = this.#shared;
    for (let at = this.#shared; at < trail.length; at++) this.#order.push(trail[at]!);
    this.#shared = trail.length;
  }

  /** The search's trail was cut to this length. */
  cut(length: number): void {
    if (length < this.#shared) this.#shared = length;
  }
}
