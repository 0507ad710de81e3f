/**
 * What networks of GBPS come to, to the last slot and age. The fingerprints were taken when views stood in arrays of peers and of ages:
 * whatever makes the engine faster has to give the same networks for the same seeds.
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
  ['healer', { heal: 10, swap: 0 }, '698345e60d3f558e'],
  ['blind', { heal: 0, swap: 0 }, '3d3ee3aa4e1302a5'],
  ['a bit of each', { heal: 4, swap: 3 }, 'ebff6cd7a71d11ce'],
  ['one of each', { heal: 1, swap: 1 }, '4f3a790196f11de9'],
  [
    'the oldest, kept though dead',
    { selection: 'old', heal: 1, swap: 9, onFailed: 'keep' },
    '9207dbeef8f8ff9f',
  ],
  [
    'the oldest, removed when dead',
    { selection: 'old', heal: 10, swap: 0, onFailed: 'remove' },
    'b533351d8b6012ca',
  ],
  ['cyclon', { sampler: 'cyclon' }, '2ce1e7926dad9b84'],
  [
    'growing, push alone',
    { start: 'growing', propagation: 'push', heal: 10, swap: 0 },
    '1a92016a8cf08e40',
  ],
  ['liars', { byzantine: 0.1, force: 5 }, '38e60daf203ee7b4'],
  [
    'views of an odd size',
    { viewSize: 31, heal: 7, swap: 6, start: 'lattice' },
    '0ed90446465bfbc2',
  ],
  ['the smallest views', { viewSize: 2, heal: 1, swap: 0 }, '86fe4c543f23cbef'],
])('%s', (_name, options, expected) => {
  expect(fingerprint(options)).toBe(expected);
});
