/** Which line or mark of the space-time diagram a pointer reaches: plain geometry. */

import type { LanesLine, LanesMark } from './draw-lanes.ts';

/** A pointer reaches so far, in pixels. */
const LINE_REACH = 5;
const MARK_REACH = 8;

/** What is under a pointer. */
export type Reached =
  | { readonly kind: 'line'; readonly line: LanesLine }
  | { readonly kind: 'mark'; readonly mark: LanesMark };

/** The nearest thing within reach; a mark before a line, because it lies on top. */
export function reachedAt(
  x: number,
  y: number,
  lines: readonly LanesLine[],
  marks: readonly LanesMark[],
): Reached | undefined {
  let best: Reached | undefined;
  let least = MARK_REACH;
  for (const mark of marks) {
    const distance = Math.hypot(mark.x - x, mark.y - y);
    if (distance <= least) [best, least] = [{ kind: 'mark', mark }, distance];
  }
  if (best !== undefined) return best;
  least = LINE_REACH;
  for (const line of lines) {
    const distance = distanceTo(line, x, y);
    if (distance <= least) [best, least] = [{ kind: 'line', line }, distance];
  }
  return best;
}

function distanceTo({ x1, y1, x2, y2, isLoop }: LanesLine, x: number, y: number): number {
  if (isLoop) {
    // The bend rises by half as much as the point that pulls it.
    const part = x2 === x1 ? 0 : (x - x1) / (x2 - x1);
    if (part < 0 || part > 1) return Math.hypot((part < 0 ? x1 : x2) - x, y1 - y);
    return Math.abs(y1 - 32 * part * (1 - part) - y);
  }
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const part =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x1 + dx * part - x, y1 + dy * part - y);
}
