/** What Bracha's broadcast withstands. */

import type { Faults, Lies } from '../../core/faults/faults.ts';

/** Everything that a liar can do; only its `send` is honest. */
const lies: Lies = {
  equivocate: { share: 0.8, types: ['echo', 'ready'] },
  withhold: { share: 0.5, types: ['echo', 'ready'] },
  corrupt: { share: 0.2, types: ['echo', 'ready'] },
  delay: { share: 0.3, by: '100-1000' },
  replay: true,
  forge: true,
};

/**
 * As many liars as there may be, f < n/3: they echo one thing to some and another to the rest, or
 * nothing; they speak for others, repeat themselves and talk nonsense. An origin that lies in its
 * `send` as well may leave all the others without a delivery, which is correct and never ends: so
 * here it does not. Copies and late messages are nothing to an algorithm that counts nodes. But it
 * sends everything once: a network that loses messages is not the one it was made for.
 */
export const faults: Faults = withLiars('any third');

/** The same with other liars. */
export function withLiars(who: string): Faults {
  return {
    latency: '1-200',
    duplication: '15%',
    reordering: '15%',
    pauses: [{ every: '300ms', for: '50-500ms' }],
    byzantine: { [who]: lies },
  };
}
