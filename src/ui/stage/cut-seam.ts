/** Where a cut of the network runs across the stage: a line that keeps its sides apart, as far from all nodes as it can. */

import type { NodeId } from '../../core/id.ts';
import type { Point } from './layout.ts';

/** A line across the stage; the first side lies to its left, seen along it. */
export interface Seam {
  readonly from: Point;
  readonly to: Point;
}

/** Pairs of nodes that are tried: with more, one in so many is. */
const PAIRS_MAX = 400;
/** Room kept free at the edges, in pixels. */
const EDGE = 10;

/**
 * The line between two sides; undefined where no line keeps them apart.
 *
 * Of the lines half-way between a node of the one and a node of the other side it is the one with the most room.
 */
export function seamBetween(
  first: readonly NodeId[],
  second: readonly NodeId[],
  places: ReadonlyMap<NodeId, Point>,
  size: { readonly width: number; readonly height: number },
): Seam | undefined {
  const [left, right] = [pointsOf(first, places), pointsOf(second, places)];
  const every = Math.ceil((left.length * right.length) / PAIRS_MAX);
  let best: { readonly middle: Point; readonly normal: Point; readonly room: number } | undefined;
  let pair = 0;
  for (const a of left) {
    for (const b of right) {
      if (pair++ % every !== 0) continue;
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const normal = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
      const room = Math.min(
        ...left.map((point) => -along(point, middle, normal)),
        ...right.map((point) => along(point, middle, normal)),
      );
      if (room > 0 && room > (best?.room ?? 0)) best = { middle, normal, room };
    }
  }
  return best && clipped(best.middle, best.normal, size);
}

function pointsOf(ids: readonly NodeId[], places: ReadonlyMap<NodeId, Point>): Point[] {
  return ids.flatMap((id) => places.get(id) ?? []);
}

/** How far a point lies in the direction of the normal. */
function along(point: Point, middle: Point, normal: Point): number {
  return (point.x - middle.x) * normal.x + (point.y - middle.y) * normal.y;
}

/** The stretch of the line that is on the stage. */
function clipped(
  middle: Point,
  normal: Point,
  { width, height }: { readonly width: number; readonly height: number },
): Seam {
  // The screen's y grows downwards: with the normal to the right, the line goes this way.
  const way = { x: normal.y, y: -normal.x };
  const reach = (sign: 1 | -1): Point => {
    const [dx, dy] = [way.x * sign, way.y * sign];
    const toX =
      dx > 0 ? (width - EDGE - middle.x) / dx : dx < 0 ? (EDGE - middle.x) / dx : Infinity;
    const toY =
      dy > 0 ? (height - EDGE - middle.y) / dy : dy < 0 ? (EDGE - middle.y) / dy : Infinity;
    const length = Math.max(0, Math.min(toX, toY));
    return { x: middle.x + dx * length, y: middle.y + dy * length };
  };
  return { from: reach(-1), to: reach(1) };
}
