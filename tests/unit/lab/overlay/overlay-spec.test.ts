/** Choices that make no overlay are refused, with the reason. */

import { describe, expect, test } from 'vitest';
import {
  OverlayError,
  overlaySpec,
  type OverlayOptions,
} from '../../../../src/lab/overlay/overlay-spec.ts';

const REFUSED: readonly (readonly [OverlayOptions, RegExp])[] = [
  [
    { heal: 10, swap: 10 },
    /^--heal 10 and --swap 10 together exceed half a view of 30.* or write --view-size 40 at least/,
  ],
  [{ viewSize: 1 }, /^--view-size 1 leaves nothing to exchange/],
  [{ heal: 1.5 }, /--heal must be a whole number/],
  [{ nodes: 20, viewSize: 20 }, /--view-size 20 is no partial view of 20 nodes: there are only 19/],
  [{ nodes: 1 }, /--nodes must be a whole number from 2/],
  [{ nodes: 9_000_000, viewSize: 900 }, /8100000000 links/],
  [
    { sampler: 'brahms', alpha: 0.6, beta: 0.6 },
    /^--alpha 0.6 and --beta 0.6 make more than a whole/,
  ],
  [{ sampler: 'brahms', start: 'growing' }, /--start growing: nodes of brahms need an unbiased/],
  [{ sampler: 'basalt', refresh: 31 }, /--refresh must be a whole number from 0 to 30/],
  [{ sampler: 'basalt', heal: 1 }, /--heal means nothing to basalt: it belongs to gbps/],
  [{ sampler: 'basalt', refresh: 1, refreshEvery: 0 }, /--refresh-every must be/],
  [
    { sampler: 'gbps', refresh: 1 },
    /--refresh means nothing to gbps: it belongs to basalt and brahms/,
  ],
  [{ sampler: 'brahms', refresh: 31 }, /--refresh must be a whole number from 0 to 30/],
  [{ sampler: 'brahms', messages: 31 }, /--messages must be a whole number from 0 to 30/],
  [
    { sampler: 'brahms', uncounted: true },
    /--uncounted means nothing to brahms: it belongs to basalt/,
  ],
  [{ sampler: 'cyclon', swap: 3 }, /--swap means nothing to cyclon: cyclon is gbps with/],
  [{ sampler: 'hyparview', byzantine: 0.1 }, /--byzantine means nothing to hyparview/],
  [
    { sampler: 'hyparview', start: 'lattice' },
    /--start lattice: nodes of hyparview join one by one/,
  ],
  [{ force: 3 }, /--force is the strength of Byzantine nodes/],
  [{ byzantine: 1 }, /leaves 0 correct nodes of 10000/],
  [
    { cycles: 10, kill: { share: 0.5, cycle: 11 } },
    /--kill: the cycle must be .* from 0 to 10, not 11/,
  ],
  [{ kill: { share: 1.5, cycle: 1 } }, /--kill must be a number from 0 to 1/],
];

describe('an overlay is refused', () => {
  test.each(REFUSED)('%j', (options, reason) => {
    expect(() => overlaySpec(options)).toThrow(OverlayError);
    expect(() => overlaySpec(options)).toThrow(reason);
  });
});

test('what is left out is as the papers have it', () => {
  expect(overlaySpec({})).toMatchObject({ sampler: 'gbps', viewSize: 30, heal: 0, swap: 15 });
  expect(overlaySpec({ heal: 8 })).toMatchObject({ heal: 8, swap: 7 });
  expect(overlaySpec({ sampler: 'hyparview' })).toMatchObject({ viewSize: 5, start: 'growing' });
  expect(overlaySpec({ sampler: 'cyclon' })).toMatchObject({ selection: 'old', swap: 15 });
});
