/** How high nodes are filled: the number by which they are compared, between empty and full. */

import type { Gauge } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { Recording } from '../../lab/playback.ts';
import type { Point } from './layout.ts';
import { cornersOf, pathOf, type Shape } from './looks.ts';

type Range = readonly [empty: number, full: number];

/** The scale of one run: from the least to the greatest with which its nodes began. */
export class GaugeScale {
  readonly #gaugeAt: (recording: Recording, index: number) => Gauge | undefined;
  readonly #begins = new Map<NodeId, number>();
  #recording: Recording | undefined;
  #range: Range | undefined;
  #length = 0;

  /** @param gaugeAt what the state of an event says, if it says anything */
  constructor(gaugeAt: (recording: Recording, index: number) => Gauge | undefined) {
    this.#gaugeAt = gaugeAt;
  }

  /** What is known of the scale is forgotten: states are read otherwise from now on. */
  clear(): void {
    this.#recording = undefined;
  }

  /** From 0, empty, to 1, full; undefined where there is nothing to compare. */
  levelOf(gauge: Gauge | undefined, recording: Recording): number | undefined {
    if (gauge === undefined || !Number.isFinite(gauge.value)) return undefined;
    const range = gauge.scale ?? this.#rangeOf(recording);
    if (range === undefined) return undefined;
    const [empty, full] = range;
    if (!(full > empty)) return undefined;
    return Math.min(1, Math.max(0, (gauge.value - empty) / (full - empty)));
  }

  #rangeOf(recording: Recording): Range | undefined {
    if (recording !== this.#recording) {
      this.#recording = recording;
      this.#begins.clear();
      this.#length = -1;
    }
    if (recording.length === this.#length) return this.#range;
    this.#length = recording.length;
    for (const node of recording.nodes) {
      if (this.#begins.has(node)) continue;
      const first = outermost(recording.track(node)!.states)?.[0];
      if (first === undefined) continue;
      const value = this.#gaugeAt(recording, first)?.value;
      if (value !== undefined && Number.isFinite(value)) this.#begins.set(node, value);
    }
    const values = [...this.#begins.values()];
    this.#range = values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)];
    return this.#range;
  }
}

/** State events of the algorithm that stands on no other. */
function outermost(states: ReadonlyMap<string, readonly number[]>): readonly number[] | undefined {
  for (const [path, indexes] of states) if (!path.includes('.')) return indexes;
  return undefined;
}

/** The lower part of an outline, filled up to a level from 0 to 1: the path of it. */
export function filledPart(shape: Shape, radius: number, level: number): string {
  const corners = cornersOf(shape, radius);
  if (corners === undefined) return filledCircle(radius, level);
  const heights = corners.map(({ y }) => y);
  const bottom = Math.max(...heights);
  const surface = bottom - level * (bottom - Math.min(...heights));
  const isBelow = ({ y }: Point): boolean => y >= surface;
  return pathOf(
    corners.flatMap((corner, at) => {
      const next = corners[(at + 1) % corners.length]!;
      const kept = isBelow(corner) ? [corner] : [];
      if (isBelow(corner) === isBelow(next)) return kept;
      const part = (surface - corner.y) / (next.y - corner.y);
      return [...kept, { x: corner.x + part * (next.x - corner.x), y: surface }];
    }),
  );
}

function filledCircle(radius: number, level: number): string {
  // A full arc from a point to itself would be nothing.
  const surface = radius - Math.min(level, 0.9999) * 2 * radius;
  const half = Math.sqrt(Math.max(0, radius * radius - surface * surface));
  const isMore = level > 0.5 ? 1 : 0;
  return `M${-half} ${surface}A${radius} ${radius} 0 ${isMore} 0 ${half} ${surface}Z`;
}
