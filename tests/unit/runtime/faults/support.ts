/** What the tests of the weather share. */

import type { Faults } from '../../../../src/core/faults/faults.ts';
import { resolveFaults } from '../../../../src/core/faults/resolve.ts';
import type { LinkClass } from '../../../../src/core/message.ts';
import type { Firing } from '../../../../src/runtime/faults/firings.ts';
import { Weather } from '../../../../src/runtime/faults/weather.ts';

export const FOUR = ['n1', 'n2', 'n3', 'n4'];

/** Weather, with everything that fired. */
export function weatherOf(faults: Faults, seed = 1, nodes: readonly string[] = FOUR) {
  const fired: Firing[] = [];
  const weather = new Weather(resolveFaults(faults, nodes, seed), {
    onFiring: (firing) => fired.push(firing),
  });
  return { weather, fired };
}

/** What is sent, as short as a test can say it. */
export interface Sending {
  readonly nowMs: number;
  readonly from?: string;
  readonly to?: string;
  readonly via?: LinkClass;
  readonly bytes?: number;
}

/** When the copies of each message arrive; the messages are called n1#1, n1#2 … */
export function arrivals(weather: Weather, sendings: readonly Sending[]): number[][] {
  return sendings.map(({ nowMs, from = 'n1', to = 'n2', via = 'data', bytes = 100 }, at) => {
    const fate = weather.fate({ from, to, via, bytes, nowMs, message: `${from}#${at + 1}` });
    return fate.map((delayMs) => nowMs + delayMs);
  });
}

/** Messages at equal distances. */
export function every(gapMs: number, count: number, more: Partial<Sending> = {}): Sending[] {
  return Array.from({ length: count }, (_, i) => ({ nowMs: i * gapMs, ...more }));
}
