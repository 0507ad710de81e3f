/** What happens to a page, and what becomes of it. */

import { afterEach, expect, test, vi } from 'vitest';
import { watchPage } from '../../../src/runtime/live/this-page.ts';

let happened: string[] = [];
const unwatch: (() => void)[] = [];
afterEach(() => {
  for (const stop of unwatch.splice(0)) stop();
  vi.restoreAllMocks();
});

function watch(): void {
  happened = [];
  unwatch.push(
    watchPage({
      probe: (hasNewNetwork) => happened.push(hasNewNetwork ? 'new network' : 'probe'),
      suspend: () => happened.push('suspend'),
      resume: () => happened.push('resume'),
    }),
  );
}

function becomes(visibility: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibility);
  document.dispatchEvent(new Event('visibilitychange'));
}

test('a page that is online again has a new network', () => {
  watch();
  dispatchEvent(new Event('online'));
  expect(happened).toEqual(['new network']);
});

test('a page that is seen again looks, one that is hidden does nothing', () => {
  watch();
  becomes('hidden');
  expect(happened).toEqual([]);
  becomes('visible');
  expect(happened).toEqual(['probe']);
});

test('a page that is left is suspended, and goes on when it is come back to', () => {
  watch();
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  expect(happened).toEqual(['suspend']);
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  expect(happened).toEqual(['suspend', 'resume', 'probe']);
});

test('nothing is heard after the watch has ended', () => {
  watch();
  unwatch[0]!();
  dispatchEvent(new Event('online'));
  dispatchEvent(new PageTransitionEvent('pagehide'));
  dispatchEvent(new PageTransitionEvent('pageshow'));
  becomes('visible');
  expect(happened).toEqual([]);
});
