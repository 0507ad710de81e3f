/** Mistakes that are made in accrual detectors. */

import { bug, GOOD_END } from '../../core/bug.ts';
import { heldRight, nobodyDeclared } from '../detector-verdict.ts';
import { PhiAccrual } from './phi-accrual.ts';
import { group } from './scenarios.ts';

/** Bugs of {@link PhiAccrual}. */
export const bugs = [
  bug(PhiAccrual, {
    name: 'late-ones-count',
    title: 'A heartbeat counts whenever it comes',
    story:
      'One that comes twice, or after a later one, is no sign of life. Counted, it makes the peer ' +
      'look quicker than it is, and dead as soon as it is as slow as ever.',
    replaces: { isFresh: () => true },
    violates: 'No heartbeat is counted twice',
    shows: { config: group(3) },
    seeds: 10,
  }),
  bug(PhiAccrual, {
    name: 'outage-is-an-interval',
    title: 'An outage is learnt from',
    story:
      'The peer was gone for a while, and that is taken for the time it takes between two heartbeats: ' +
      'the next time it goes it is waited for as long again.',
    replaces: { isInterval: (_heard, last) => last.beat > 0 },
    violates: GOOD_END,
    shows: {
      config: group(3, 'acceptable_pause: 0, window_size: 10'),
      faults: {
        latency: '1-20',
        partitions: [{ isolate: 'n1', at: '2s', for: '4s' }],
        crashes: [{ node: 'n1', at: '7s' }],
      },
      ends: heldRight,
    },
    seeds: 10,
  }),
  bug(PhiAccrual, {
    name: 'no-least-deviation',
    title: 'The deviation may be nothing',
    story:
      'Heartbeats on a quiet network come to the millisecond, their deviation is next to nothing, and ' +
      'the first that is a little late is a miracle.',
    replaces: {
      softened: ({ meanMs, deviationMs }, _least, pauseMs) => ({
        meanMs: meanMs + pauseMs,
        deviationMs,
      }),
    },
    violates: GOOD_END,
    shows: {
      config: group(3, 'acceptable_pause: 0'),
      faults: { latency: 5, pauses: [{ node: 'n1', at: '6s', for: '300ms' }] },
      ends: nobodyDeclared,
    },
    seeds: 10,
  }),
];
