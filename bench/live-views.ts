/** When the views of live nodes have become those of a random graph: measured on the views themselves, beside the engine's network at rest. */

import { clusteringMeasure, inDegreeMeasure } from '../src/algorithms/overlay-measures.ts';
import type { Chapter } from '../src/core/chapter.ts';
import { Random } from '../src/core/random.ts';
import type { TraceEvent } from '../src/core/trace.ts';
import { measureOverlay } from '../src/lab/overlay/metrics.ts';
import { overlaySpec, type OverlayOptions } from '../src/lab/overlay/overlay-spec.ts';
import { createOverlay } from '../src/lab/overlay/run-overlay.ts';
import { ViewSamples } from '../src/lab/overlay/view-samples.ts';

/** Networks of the engine, the cycles until one is at rest, and those that are looked at then. */
const NETWORKS = 20;
const SETTLING_CYCLES = 60;
const REST_CYCLES = 20;
/** Closer than this to the engine's network nobody is asked to come: HyParView's does not move at all at rest. */
const LEAST: Shape = { clustering: 0.05, sd: 1 };

/** What tells a random graph from a ring. */
export interface Shape {
  readonly clustering: number;
  /** In-degree, standard deviation. */
  readonly sd: number;
}

/** Shapes of one network at rest: their means and standard deviations. */
export interface Rest {
  readonly mean: Shape;
  readonly sd: Shape;
}

/** How the engine's networks of the same size and rules are at rest. */
export function restOf(options: OverlayOptions): Rest {
  const looking = Random.stream(1, 'live-views');
  const shapes = Array.from({ length: NETWORKS }, (_, at) => {
    const engine = createOverlay(overlaySpec({ ...options, seed: at + 1 }));
    for (let cycle = 0; cycle < SETTLING_CYCLES; cycle++) engine.cycle();
    return Array.from({ length: REST_CYCLES }, () => {
      engine.cycle();
      const { clustering, in_degree } = measureOverlay(engine, looking);
      return { clustering: clustering ?? 0, sd: in_degree.sd };
    });
  });
  return restFrom(shapes.flat());
}

/** Means and standard deviations of these shapes. */
export function restFrom(shapes: readonly Shape[]): Rest {
  const meanOf = (of: (shape: Shape) => number) =>
    shapes.reduce((sum, shape) => sum + of(shape), 0) / shapes.length;
  const mean = { clustering: meanOf((one) => one.clustering), sd: meanOf((one) => one.sd) };
  const deviation = (key: keyof Shape) => Math.sqrt(meanOf((one) => (one[key] - mean[key]) ** 2));
  return { mean, sd: { clustering: deviation('clustering'), sd: deviation('sd') } };
}

/** The views of live nodes as they are now. */
export class LiveViews {
  readonly #samples: ViewSamples;
  readonly #views = new Map<string, readonly string[]>();
  readonly #ids: readonly string[];

  constructor(chapter: Pick<Chapter, 'view'>, ids: readonly string[]) {
    this.#samples = new ViewSamples(chapter);
    this.#ids = ids;
  }

  /** A node may show another view. */
  take(event: TraceEvent): void {
    const sample = this.#samples.take(event);
    if (sample !== undefined) this.#views.set(sample.node, sample.view);
  }

  /** The same numbers as the lab's plots have; undefined until everybody shows a view. */
  shape(): Shape | undefined {
    if (this.#views.size < this.#ids.length) return undefined;
    const states = this.#ids.map((id) => ({ view: this.#views.get(id)! }));
    const clustering = clusteringMeasure.of(states, this.#ids);
    const sd = inDegreeMeasure.of(states, this.#ids);
    return clustering === undefined || sd === undefined ? undefined : { clustering, sd };
  }
}

/** Whether a shape is one that networks at rest have: two standard deviations from their mean, or less; or better. */
export function isAtRest(shape: Shape, { mean, sd }: Rest): boolean {
  return (['clustering', 'sd'] as const).every(
    (key) => shape[key] <= mean[key] + Math.max(2 * sd[key], LEAST[key]),
  );
}
