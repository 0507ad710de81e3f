/** Media queries as something to subscribe to. */

import type { Subscribable } from './subscription.ts';

/**
 * One media query.
 *
 * In a frame that its page resizes, Chromium 156 does not always tell a list of the change, and its `matches` stays what it
 * was: the query is asked anew, and the frame's own `resize` is heard too.
 */
export class MediaQuery implements Subscribable {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  /** Whether it holds. */
  get matches(): boolean {
    return matchMedia(this.#query).matches;
  }

  subscribe(listener: () => void): () => void {
    const list = matchMedia(this.#query);
    let { matches } = this;
    const onChange = (): void => {
      if (this.matches === matches) return;
      matches = this.matches;
      listener();
    };
    list.addEventListener('change', onChange);
    window.addEventListener('resize', onChange);
    return () => {
      list.removeEventListener('change', onChange);
      window.removeEventListener('resize', onChange);
    };
  }
}

/** Panels stand below one another. */
export const narrow = new MediaQuery('(max-width: 899px)');

/** The reader wants no motion. */
export const reducedMotion = new MediaQuery('(prefers-reduced-motion: reduce)');
