/** Nodes where forces push them: links pull, nodes push. Computed at once, from the same beginning, so that the same run looks the same. */

import {
  forceCenter,
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
} from 'd3-force';
import type { SimulationLinkDatum, SimulationNodeDatum } from 'd3-force';
import type { Layout } from './layout.ts';
import type { Arranged } from './layouts.ts';

interface Body extends SimulationNodeDatum {
  readonly id: string;
}

/** Steps until forces rest; fewer for many nodes, which are crowded anyway. */
const STEPS_MAX = 240;
/** Nodes times steps: what a frame or two can bear. */
const WORK_MAX = 36_000;
const RADIUS_MAX = 22;
const RADIUS_MIN = 3.5;
/** Room kept free at the edges, for words, in pixels. */
const MARGIN = 46;

/** Arranges. @param before where nodes stood, to begin from */
export function forceLayout(
  { ids, links }: Arranged,
  width: number,
  height: number,
  before: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
): Layout {
  const count = ids.length;
  const room = Math.sqrt((width * height) / Math.max(1, count));
  const radius = Math.max(RADIUS_MIN, Math.min(RADIUS_MAX, room * 0.17));
  const reach = radius + Math.max(2.5, radius * 0.34);
  const known = new Set(ids);
  const bodies: Body[] = ids.map((id) => ({ id, ...before.get(id) }));
  const edges: SimulationLinkDatum<Body>[] = links
    .filter(({ from, to }) => known.has(from) && known.has(to))
    .map(({ from, to }) => ({ source: from, target: to }));
  const steps = Math.max(20, Math.min(STEPS_MAX, Math.round(WORK_MAX / Math.max(1, count))));
  forceSimulation(bodies)
    .force(
      'links',
      forceLink<Body, SimulationLinkDatum<Body>>(edges)
        .id(({ id }) => id)
        .distance(room * 0.8),
    )
    .force(
      'push',
      forceManyBody()
        .strength(-room * 3)
        .distanceMax(room * 6),
    )
    .force('apart', forceCollide(reach * 1.35))
    .force('x', forceX(0).strength(0.05))
    .force('y', forceY(0).strength(0.05 * (width / height)))
    .force('centre', forceCenter(0, 0))
    .stop()
    .tick(steps);
  const places = fitted(bodies, width, height, reach);
  const spacing = room * 0.95;
  return {
    places,
    centre: { x: width / 2, y: height / 2 },
    radius,
    reach,
    labelled: spacing >= 90,
    isLow: false,
  };
}

/** Stretched over the stage, as far as there is room. */
function fitted(bodies: readonly Body[], width: number, height: number, reach: number) {
  const xs = bodies.map(({ x = 0 }) => x);
  const ys = bodies.map(({ y = 0 }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const stretch = (value: number, from: number, to: number, size: number) => {
    const free = Math.max(0, size - 2 * (MARGIN + reach));
    const part = to - from < 1 ? 0.5 : (value - from) / (to - from);
    return size / 2 + (part - 0.5) * free;
  };
  return bodies.map(({ x = 0, y = 0 }) => ({
    x: stretch(x, left, right, width),
    y: stretch(y, top, bottom, height),
  }));
}
