/**
 * Eventual properties with a deadline: something must come true by a moment of virtual time, and it may have to stay true (Lamport's ◇P and
 * ◇□P, “Proving the correctness of multiprocess programs”, 1977, bounded so that a finite run can refute them).
 */

import { steadyMessageOf } from '../core/errors.ts';
import type { GlobalView } from '../core/invariant.ts';
import { Findings, type Verdict } from './verdict.ts';

/** Something that must come true. */
// oxlint-disable-next-line typescript/no-explicit-any -- a bound, as for Invariant: each algorithm has a state of its own
export interface Eventually<State = any> {
  /** One sentence, e.g. `A leader is elected`. */
  readonly name: string;
  /** Virtual milliseconds from `after`, or from the start of the run, by which it is true. */
  readonly deadlineMs: number;
  /** From when the time counts: the moment of healing, say. What was true before does not count. */
  readonly afterMs?: number;
  /** True when it must stay true until the run ends, and for how long it must have been by then does not matter. */
  readonly stays?: boolean;
  /** Undefined when it is true now, otherwise what is missing, naming nodes and values. */
  check(view: GlobalView<State>): string | undefined;
}

/** Watches one run for one property. Tell it every situation in which something changed, then the end. */
export class EventualWatch {
  readonly #property: Eventually;
  readonly #startMs: number;
  readonly #dueMs: number;
  /** Since when it is true without interruption; undefined while it is false. */
  #trueSinceMs: number | undefined;
  /** When it first came true, and what was missing when last it was false. */
  #firstMs: number | undefined;
  #missing = 'nothing was seen';
  #lastFalseMs: number | undefined;

  constructor(property: Eventually) {
    this.#property = property;
    this.#startMs = property.afterMs ?? 0;
    this.#dueMs = this.#startMs + property.deadlineMs;
  }

  /** The situation at a moment; moments do not go back. */
  observe(timeMs: number, view: GlobalView): void {
    if (this.#property.stays !== true && this.#firstMs !== undefined) return;
    const missing = this.#missingIn(view);
    if (missing === undefined) {
      this.#trueSinceMs ??= timeMs;
      if (timeMs >= this.#startMs) this.#firstMs ??= timeMs;
      return;
    }
    // It was true until now: also at the moment from which time counts, if that has passed.
    if (this.#trueSinceMs !== undefined && timeMs > this.#startMs) this.#firstMs ??= this.#startMs;
    this.#missing = missing;
    this.#lastFalseMs = timeMs;
    this.#trueSinceMs = undefined;
  }

  /** True when nothing that happens from this moment on can change the verdict. */
  isDecided(timeMs: number): boolean {
    if (this.#property.stays === true) return false;
    return this.#firstMs !== undefined || timeMs > this.#dueMs;
  }

  /** The verdict at the end of the run; unknown when the run ended before the deadline. */
  finish(endMs: number): Verdict {
    const { name, stays = false } = this.#property;
    const findings = new Findings();
    if (!stays && this.#trueSinceMs !== undefined && endMs >= this.#startMs) {
      this.#firstMs ??= Math.max(this.#trueSinceMs, this.#startMs);
    }
    const since = stays ? this.#trueSinceMs : this.#firstMs;
    const metMs = since === undefined ? undefined : Math.max(since, this.#startMs);
    const facts = { due_ms: this.#dueMs, met_ms: metMs ?? null, end_ms: endMs };
    if (metMs !== undefined && metMs <= this.#dueMs && endMs >= this.#startMs) {
      return findings.verdict(`${name}: from ${metMs} ms on`, { facts });
    }
    if (metMs === undefined && endMs < this.#dueMs) {
      const unknown = `${name}: the run ended at ${endMs} ms, before the deadline of ${this.#dueMs} ms`;
      return findings.verdict('', { facts, unknown });
    }
    const when = metMs === undefined ? `not by ${endMs} ms` : `only at ${metMs} ms`;
    const detail = () =>
      `${name}: ${when}, due at ${this.#dueMs} ms; ${this.#lastFalseMs === undefined ? '' : `at ${this.#lastFalseMs} ms: `}${this.#missing}`;
    findings.add(metMs === undefined ? 'never' : 'late', [], detail);
    return findings.verdict('', { facts });
  }

  #missingIn(view: GlobalView): string | undefined {
    try {
      return this.#property.check(view);
    } catch (error) {
      return `the check itself failed: ${steadyMessageOf(error)}`;
    }
  }
}
