/**
 * What networks of GBPS come to, to the last slot and age: whatever makes the engine faster has to give the same networks for the same
 * seeds. Those of networks that do not heal were taken when views stood in arrays of peers and of ages, the others when the views of
 * nodes that heal came to stand in order of age (docs/decisions/0049).
 */

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ageOf } from '../../../../src/algorithms/gbps/descriptor.ts';
import { GbpsEngine } from '../../../../src/lab/overlay/gbps-engine.ts';
import { overlaySpec, type OverlayOptions } from '../../../../src/lab/overlay/overlay-spec.ts';
import { createOverlay } from '../../../../src/lab/overlay/run-overlay.ts';

const CYCLES = 20;

/** Half of the nodes die on the way; every view of every cycle counts. */
function fingerprint(options: OverlayOptions): string {
  const engine = createOverlay(overlaySpec({ nodes: 300, viewSize: 20, seed: 3, ...options }));
  if (!(engine instanceof GbpsEngine)) throw new Error('the fingerprints are those of GBPS');
  const hash = createHash('sha256');
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    engine.cycle();
    if (cycle === CYCLES / 2) for (let node = 0; node < 300; node += 2) engine.kill(node);
    for (let node = 0; node < engine.nodes; node++) hash.update(rowOf(engine, node));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Peers and ages of a view, one after the other. */
function rowOf(engine: GbpsEngine, node: number): Int32Array {
  const row = new Int32Array(2 * engine.degree(node));
  for (let i = 0; i < engine.degree(node); i++) {
    const slot = node * engine.capacity + i;
    row[2 * i] = engine.peerAt(slot);
    row[2 * i + 1] = ageOf(engine.descriptors[slot]!, engine.peerBits);
  }
  return row;
}

test.each<[string, OverlayOptions, string]>([
  ['swapper', {}, 'c14681030f22d9b6'],
  ['healer', { heal: 10, swap: 0 }, 'cc346811e80d0906'],
  ['blind', { heal: 0, swap: 0 }, '3d3ee3aa4e1302a5'],
  ['a bit of each', { heal: 4, swap: 3 }, '6dab87c9774eff95'],
  ['one of each', { heal: 1, swap: 1 }, '716f92113c4dca58'],
  [
    'the oldest, kept though dead',
    { selection: 'old', heal: 1, swap: 9, onFailed: 'keep' },
    '5122f4613674f73b',
  ],
  [
    'the oldest, removed when dead',
    { selection: 'old', heal: 10, swap: 0, onFailed: 'remove' },
    '54fd8ca013b04617',
  ],
  ['cyclon', { sampler: 'cyclon' }, '2ce1e7926dad9b84'],
  [
    'growing, push alone',
    { start: 'growing', propagation: 'push', heal: 10, swap: 0 },
    '31ffceac12d9dcdd',
  ],
  ['liars', { byzantine: 0.1, force: 5 }, '38e60daf203ee7b4'],
  [
    'views of an odd size',
    { viewSize: 31, heal: 7, swap: 6, start: 'lattice' },
    'c3f17795928c13b1',
  ],
  ['the smallest views', { viewSize: 2, heal: 1, swap: 0 }, 'ebde1b278d9540b0'],
])('%s', (_name, options, expected) => {
  expect(fingerprint(options)).toBe(expected);
});
