/** Whether types are checked while somebody edits: that takes megabytes, so it is announced, and can be declined. */

import { messageOf } from '../../core/errors.ts';
import type { Diagnostic, TypeChecker, TypeLoading, TypeQuestion } from '../../lab/lab-service.ts';
import { typesWanted, wantTypes } from '../app/preferences.ts';

/** State of the type checker. Its fields change; subscribers are told. */
export class TypeChecking {
  /** Bytes that are here, and of how many where that is known; undefined while nothing is loaded. */
  loading: { readonly bytes: number; readonly total: number | undefined } | undefined;
  /** Why there is none. */
  problem: string | undefined;
  readonly #open: (loading: TypeLoading) => Promise<TypeChecker>;
  readonly #listeners = new Set<() => void>();
  #checker: TypeChecker | undefined;
  #controller: AbortController | undefined;

  constructor(open: (loading: TypeLoading) => Promise<TypeChecker>) {
    this.#open = open;
  }

  /** True when it answers. */
  get isOn(): boolean {
    return this.#checker !== undefined;
  }

  /** Loads it, unless it is here, on its way, or was declined in this browser. */
  begin(): void {
    if (this.isOn || this.loading !== undefined || this.problem !== undefined) return;
    if (typesWanted()) void this.#load();
  }

  /** Loads it because somebody asked for it. */
  want(): void {
    wantTypes(true);
    this.problem = undefined;
    this.begin();
  }

  /** Gives the loading up, here and until somebody asks for it. */
  decline(): void {
    wantTypes(false);
    this.#controller?.abort();
    this.#change({ loading: undefined });
  }

  /** What is wrong in a file; undefined when nobody can tell. */
  async check(question: TypeQuestion): Promise<readonly Diagnostic[] | undefined> {
    return this.#checker?.check(question);
  }

  /** What stands at a place. */
  async describe(
    question: TypeQuestion,
    line: number,
    column: number,
  ): Promise<string | undefined> {
    return this.#checker?.describe(question, line, column);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #load(): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#controller = controller;
    this.#change({ loading: { bytes: 0, total: undefined } });
    const onProgress = (bytes: number, total: number | undefined) => {
      if (!signal.aborted) this.#change({ loading: { bytes, total } });
    };
    try {
      this.#checker = await this.#open({ signal, onProgress });
    } catch (error) {
      if (!signal.aborted) this.problem = messageOf(error);
    }
    if (this.#controller === controller) this.#change({ loading: undefined });
  }

  #change({ loading }: Pick<TypeChecking, 'loading'>): void {
    this.loading = loading;
    for (const listener of this.#listeners) listener();
  }
}
