/** What a page has once, however many nodes it holds. */

import type { Clock } from '../../core/ports.ts';
import { ConnectionBudget } from '../../net/rtc/connection-budget.ts';

/** Time as the page has it; in a hidden tab timers come late. */
export const pageClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** How many connections the page makes. */
export const pageBudget = new ConnectionBudget(pageClock);

/** What is done when something happens to the page. */
export interface PageEvents {
  /** It is seen again after it may have slept, or has a network again (`hasNewNetwork`). */
  probe(hasNewNetwork: boolean): void;
  /** It is left and kept, perhaps to be come back to. */
  suspend(): void;
  /** It ends: the last moment to say anything. */
  leave?(): void;
  /** It was come back to. */
  resume(): void;
}

/** Listens to what happens to the page, until the returned function is called. */
export function watchPage(events: PageEvents): () => void {
  const until = new AbortController();
  const { signal } = until;
  addEventListener('online', () => events.probe(true), { signal });
  addEventListener(
    'pagehide',
    ({ persisted }) => {
      // A page that ends is ended by its browser, after what its nodes say last; closing here would lose that.
      if (persisted) events.suspend();
      else events.leave?.();
    },
    { signal },
  );
  addEventListener(
    'pageshow',
    () => {
      events.resume();
      events.probe(false);
    },
    { signal },
  );
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') events.probe(false);
    },
    { signal },
  );
  return () => until.abort();
}
