/** A line drawn across the stage: it cuts the network between the nodes on its two sides. */

import type { NodeId } from '../../core/id.ts';
import type { Point } from './layout.ts';

/** A shorter line is a click of a hand that shook, in CSS pixels. */
const LENGTH_MIN = 24;

/** A line that is being drawn. */
export interface CutLine {
  readonly from: Point;
  readonly to: Point;
  /** Only what comes from the left of the line, seen along it, is cut. */
  readonly isOneWay: boolean;
}

/** The nodes to the left and to the right of a line, seen along it; undefined when it cuts nothing. */
export function sidesOf(
  { from, to }: CutLine,
  places: ReadonlyMap<NodeId, Point>,
): readonly [left: NodeId[], right: NodeId[]] | undefined {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (Math.hypot(dx, dy) < LENGTH_MIN) return undefined;
  const left: NodeId[] = [];
  const right: NodeId[] = [];
  for (const [id, { x, y }] of places) {
    // The screen's y grows downwards: what is left there has a negative product.
    const side = dx * (y - from.y) - dy * (x - from.x);
    (side < 0 ? left : right).push(id);
  }
  return left.length === 0 || right.length === 0 ? undefined : [left, right];
}
