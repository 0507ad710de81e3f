/** What a search remembers of the past besides where the nodes stand: part of the situation, for properties of whole executions. */

import type { MessageView } from '../../core/small-world.ts';
import { Interner, keyOf } from './interner.ts';

/** Something that a history may take note of. */
export type HistoryEvent = {
  readonly kind: 'sent' | 'delivered';
  readonly message: MessageView;
};

/** An auxiliary variable, e.g. the operations of clients as they began and ended. */
export interface History<T = unknown> {
  /** In the value domain, as all that follow. */
  readonly initial: T;
  /** The history with this event; the same object when it is of no interest. */
  add(history: T, event: HistoryEvent): T;
  /** What is wrong with a history, as an invariant says it. */
  readonly name?: string;
  check?(history: T): string | undefined;
}

/** A history that was met. */
export interface PastSituation {
  readonly number: number;
  readonly value: unknown;
  /** What is wrong with it. */
  readonly problem: string | undefined;
  /** What it becomes by what was found out already, by number and kind of event. */
  readonly next: Map<number, PastSituation>;
}

/** The histories of a search. */
export class Pasts {
  readonly #history: History | undefined;
  readonly #known = new Interner<PastSituation>();
  readonly initial: PastSituation;

  constructor(history: History | undefined) {
    this.#history = history;
    this.initial = this.#take(history?.initial ?? null);
  }

  get isKept(): boolean {
    return this.#history !== undefined;
  }

  /** The history after a message, of which `number` is the number. */
  after(
    past: PastSituation,
    kind: HistoryEvent['kind'],
    number: number,
    message: () => MessageView,
  ): PastSituation {
    const event = 2 * number + (kind === 'sent' ? 0 : 1);
    const known = past.next.get(event);
    if (known !== undefined) return known;
    const value: unknown = this.#history!.add(past.value, { kind, message: message() });
    const next = value === past.value ? past : this.#take(value);
    past.next.set(event, next);
    return next;
  }

  #take(value: unknown): PastSituation {
    return this.#known.take(keyOf(value), (number) => ({
      number,
      value,
      problem: this.#history?.check?.(value),
      next: new Map(),
    }));
  }
}
