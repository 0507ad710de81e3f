/** The storms of one test file. */

import { describe, expect, test } from 'vitest';
import { storm, type StormOptions } from './raft-storm.ts';

/** For a busy machine; a seed takes about ten milliseconds. */
const PATIENCE_MS = 120_000;
const PATIENCE_OF_SEED_MS = 1000;

/** Declares this many storms from `first` on, each kind a share of them. */
export function stormTests(first: number, seeds: number): void {
  const patienceMs = PATIENCE_MS + seeds * PATIENCE_OF_SEED_MS;
  describe(`${seeds} storms over three to seven nodes, safe after every step, linearizable, and live in the end`, () => {
    const kinds: readonly (readonly [name: string, options: Omit<StormOptions, 'seed'>])[] = [
      ['members that stay', { operators: false }],
      ['members that change', {}],
      ['a link, or a node, that stays cut one way', { permanentCut: true }],
      ['a disk that is damaged', { operators: false, damage: true }],
      ['reads on a lease', { settings: { reads: 'lease', check_quorum: true } }],
    ];
    kinds.forEach(([name, options], kind) => {
      test(
        name,
        () => {
          let [acknowledged, elections] = [0, 0];
          for (let seed = first + kind; seed < first + seeds; seed += kinds.length) {
            const result = attempt({ seed, ...options });
            acknowledged += result.acknowledged;
            elections += result.elections;
          }
          // A storm that nobody notices tests nothing.
          expect(elections).toBeGreaterThan((seeds / kinds.length) * 1.5);
          expect(acknowledged).toBeGreaterThan((seeds / kinds.length) * 10);
        },
        patienceMs,
      );
    });
  });
}

function attempt(options: StormOptions) {
  try {
    return storm(options);
  } catch (error) {
    throw new Error(`seed ${options.seed}: ${JSON.stringify(options)}`, { cause: error });
  }
}
