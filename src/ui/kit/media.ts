/** Media queries as something to subscribe to. */

import type { Subscribable } from './subscription.ts';

/** One media query. */
export class MediaQuery implements Subscribable {
  readonly #list: MediaQueryList;

  constructor(query: string) {
    this.#list = matchMedia(query);
  }

  /** Whether it holds. */
  get matches(): boolean {
    return this.#list.matches;
  }

  subscribe(listener: () => void): () => void {
    this.#list.addEventListener('change', listener);
    return () => this.#list.removeEventListener('change', listener);
  }
}

/** Panels stand below one another. */
export const narrow = new MediaQuery('(max-width: 899px)');

/** The reader wants no motion. */
export const reducedMotion = new MediaQuery('(prefers-reduced-motion: reduce)');
