/** A search for a counterexample: what it was asked for, how far it is, and what it found. One at a time. */

import { messageOf } from '../../core/errors.ts';
import type {
  HuntProgress,
  HuntRequest,
  HuntResult,
  SimulationRequest,
} from '../../lab/lab-service.ts';

/** Whoever searches. */
export type Hunter = (request: SimulationRequest, options: HuntRequest) => Promise<HuntResult>;

/** The state of a search. Its fields change; subscribers are told. */
export class Hunting {
  /** How many runs were wanted. */
  seeds = 0;
  progress: HuntProgress | undefined;
  result: HuntResult | undefined;
  problem: string | undefined;
  /** What was asked for. */
  request: SimulationRequest | undefined;
  readonly #hunter: Hunter;
  readonly #listeners = new Set<() => void>();
  #controller: AbortController | undefined;

  constructor(hunter: Hunter) {
    this.#hunter = hunter;
  }

  /** True while it goes on. */
  get isOn(): boolean {
    return this.#controller !== undefined;
  }

  /** Searches; an earlier search is given up. Resolves when it is over. */
  async start(request: SimulationRequest, seeds: number, anyOrder: boolean): Promise<void> {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    this.seeds = seeds;
    this.request = request;
    this.progress = { seeds: 0, failing: 0, toShrink: 0 };
    this.result = undefined;
    this.problem = undefined;
    this.#emit();
    const { signal } = controller;
    const onProgress = (progress: HuntProgress) => {
      if (this.#controller !== controller) return;
      this.progress = progress;
      this.#emit();
    };
    try {
      const result = await this.#hunter(request, { seeds, anyOrder, signal, onProgress });
      if (this.#controller === controller) this.result = result;
    } catch (error) {
      if (this.#controller === controller) this.problem = messageOf(error);
    }
    if (this.#controller === controller) this.#controller = undefined;
    this.#emit();
  }

  /** Ends it; what was found until now is told. */
  stop(): void {
    this.#controller?.abort();
  }

  /** Ends it, and what it found is forgotten. */
  cancel(): void {
    this.#controller?.abort();
    this.#controller = undefined;
    this.progress = undefined;
    this.result = undefined;
    this.problem = undefined;
    this.#emit();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(): void {
    for (const listener of this.#listeners) listener();
  }
}
