/** The states of one part, numbered, with every step that was ever asked for: a model is asked about each only once. */

import type { Value } from '../../core/value.ts';
import type { Model } from '../models/model.ts';
import { textOf } from '../text.ts';

/** A step that the model does not allow. */
export const IMPOSSIBLE = -1;

/** A read that the model does not allow, now or later, unless something that it cannot foresee comes between. */
export const EXCLUDED = -2;

export class StateSpace {
  readonly #model: Model;
  readonly #actions: readonly unknown[];
  readonly #states: unknown[] = [];
  readonly #numbers = new Map<string | number, number>();
  /** By state, then by kind of action: the next state plus 3, less for none, 0 when it was not asked for. */
  readonly #steps: Int32Array[] = [];
  /** The same for parts with too many kinds to have a table for each state. */
  readonly #sparse = new Map<number, number>();
  readonly #isSparse: boolean;
  #characters = 0;
  /** How often the model was asked. */
  questions = 0;

  /** State 0 is the initial one. */
  constructor(model: Model, initial: unknown, actions: readonly unknown[]) {
    this.#model = model;
    this.#actions = actions;
    this.#isSparse = actions.length > KINDS_MAX;
    this.#numberOf(initial);
  }

  /** 32-bit words of memory that it occupies, about. */
  get size(): number {
    const table = this.#isSparse ? 0 : this.#actions.length;
    return this.#states.length * (table + STATE_WORDS) + this.#sparse.size * 8 + this.#characters;
  }

  /** The state after an action of this kind, or {@link IMPOSSIBLE}, or {@link EXCLUDED}. */
  next(state: number, kind: number): number {
    if (this.#isSparse) {
      const place = state * this.#actions.length + kind;
      const known = this.#sparse.get(place);
      if (known !== undefined) return known;
      const next = this.#ask(state, kind);
      this.#sparse.set(place, next);
      return next;
    }
    const table = this.#steps[state]!;
    const known = table[kind]!;
    if (known !== 0) return known - 3;
    const next = this.#ask(state, kind);
    table[kind] = next + 3;
    return next;
  }

  /** The state of this number for people. */
  describe(state: number): string {
    const value = this.#states[state];
    return this.#model.describeState?.(value) ?? textOf(value as Value);
  }

  #ask(state: number, kind: number): number {
    this.questions++;
    const before = this.#states[state];
    const action = this.#actions[kind];
    const after: unknown = this.#model.step(before, action);
    if (after === undefined) {
      const isExcluded = this.#model.foresight?.excludes?.(before, action) === true;
      return isExcluded ? EXCLUDED : IMPOSSIBLE;
    }
    return after === before ? state : this.#numberOf(after);
  }

  #numberOf(state: unknown): number {
    const key = this.#model.key?.(state) ?? textOf(state as Value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.push(state) - 1;
    this.#numbers.set(key, number);
    if (typeof key === 'string') this.#characters += key.length;
    if (!this.#isSparse) this.#steps.push(new Int32Array(this.#actions.length));
    return number;
  }
}

/** What a state costs beside its text and its table: entries of two maps. */
const STATE_WORDS = 32;

/** Above this a table for each state costs more than it saves: its 4 bytes a kind would mostly stay empty. */
const KINDS_MAX = 128;
