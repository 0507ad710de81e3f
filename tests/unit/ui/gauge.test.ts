import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { Recording } from '../../../src/lab/playback.ts';
import { filledPart, GaugeScale } from '../../../src/ui/stage/gauge.ts';
import type { Shape } from '../../../src/ui/stage/looks.ts';
import { fc } from '../../support/property.ts';

function recordingOf(states: readonly (readonly [node: string, value: number])[]): Recording {
  const recording = new Recording();
  recording.extend(
    states.map(([node, value], at): TraceEvent => {
      return { kind: 'state', time: at, node, sequence: at, path: 'talk', state: { value } };
    }),
  );
  return recording;
}

const scaleOf = () =>
  new GaugeScale((recording, index) => {
    const event = recording.events[index]!;
    return event.kind === 'state' ? (event.state as { value: number }) : undefined;
  });

test('nodes are filled between the least and the greatest with which they began', () => {
  const scale = scaleOf();
  const recording = recordingOf([
    ['n1', 1],
    ['n2', 9],
    ['n1', 20],
    ['n2', 5],
  ]);
  expect(scale.levelOf({ value: 5 }, recording)).toBe(0.5);
  expect(scale.levelOf({ value: 20 }, recording)).toBe(1);
  expect(scale.levelOf({ value: 0.9, scale: [0, 1] }, recording)).toBe(0.9);
  // What nodes of other tabs say may be anything, and of equals none is fuller.
  expect(scale.levelOf({ value: NaN }, recording)).toBeUndefined();
  expect(scale.levelOf(undefined, recording)).toBeUndefined();
  expect(scale.levelOf({ value: 1 }, recordingOf([['n1', 1]]))).toBeUndefined();
});

test('a shape is filled to its level: its area grows from nothing to all of it', () => {
  const shapes: readonly Shape[] = ['diamond', 'square', 'hexagon'];
  fc.assert(
    fc.property(
      fc.constantFrom(...shapes),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (shape, level) => {
        const whole = areaOf(filledPart(shape, 20, 1));
        const part = areaOf(filledPart(shape, 20, level)) / whole;
        const rest = 1 - areaOf(filledPart(shape, 20, 1 - level)) / whole;
        // All of them are as wide above their middle as below it.
        expect(part).toBeCloseTo(rest, 6);
      },
    ),
  );
  expect(areaOf(filledPart('square', 20, 0))).toBeCloseTo(0);
  expect(filledPart('circle', 20, 0.25)).toMatch(/^M-17\.32\d* 10A20 20 0 0 0 17\.32\d* 10Z$/);
});

function areaOf(path: string): number {
  const corners = Array.from(
    path.matchAll(/(-?[\d.e-]+) (-?[\d.e-]+)/g),
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  return Math.abs(
    corners.reduce((sum, [x, y], at) => {
      const [nextX, nextY] = corners[(at + 1) % corners.length]!;
      return sum + (x * nextY - nextX * y) / 2;
    }, 0),
  );
}
