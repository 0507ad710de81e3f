/**
 * What a node with applications is: a sampling layer that keeps a view, and any number of applications that are called with it, without
 * those whom a failure detector has given up, where the configuration has one.
 * Messages find their application by its name, as those of every layer find theirs.
 */

import { defineAlgorithm, type AnyAlgorithm } from '../core/algorithm.ts';
import type { NodeContext } from '../core/context.ts';
import type { NodeId } from '../core/id.ts';
import type { Rules } from '../core/rules.ts';
import type { AnyApplication, ApplicationClass } from '../core/application.ts';
import { DETECTION, Unwatched } from './detection.ts';
import { SAMPLING, viewOf } from './sampling.ts';

/** Applications of a node, by the names under which they are configured and addressed. */
export type ApplicationRecord = { readonly [name: string]: ApplicationClass };

/** The fields of the layers below: no application can have them. */
const SAMPLING_FIELD = 'sampling';
const DETECTOR_FIELD = 'detector';

const IGNORED = Object.fromEntries(
  Object.values(SAMPLING).flatMap(({ definition }) =>
    Object.keys(definition.delivers).map((type) => [type, () => {}]),
  ),
);

/** Samples of its view that a node keeps, the first and the last ones; a run of a day in cycles of 30 s has fewer. */
const SAMPLES_MAX = 4096;

/** A node's view at one moment. */
export interface ViewSample {
  /** Milliseconds since the run began here. */
  readonly time: number;
  readonly view: readonly NodeId[];
}

/** A class that hosts applications. */
export type HostClass = (new (context: NodeContext) => ApplicationHost) & {
  readonly definition: {
    readonly name: string;
    readonly messages: {};
    readonly settings: {};
    readonly children: {};
    readonly delivers: {};
    readonly rules: Rules;
    readonly service: boolean;
  };
};

/** A node with applications. Extend what {@link hostOf} returns. */
export abstract class ApplicationHost extends defineAlgorithm('host', { service: true }) {
  readonly #samples: ViewSample[] = [];
  /** Whom the detector has given up; it may think better of it. */
  readonly #missed = new Set<NodeId>();

  handlers = this.on({});

  readonly delivered = {
    /** What samplers give out one by one is not asked for here: applications have the view. */
    [SAMPLING_FIELD]: IGNORED,
    [DETECTOR_FIELD]: {
      alive: ({ node }: { node: NodeId }) => void this.#missed.delete(node),
      suspect: () => {},
      dead: ({ node }: { node: NodeId }) => void this.#missed.add(node),
    },
  };

  /** The applications by their names. */
  get applications(): ReadonlyMap<string, AnyApplication> {
    const all = Object.entries(this.children as Record<string, AnyApplication>);
    return new Map(all.filter(([name]) => name !== SAMPLING_FIELD && name !== DETECTOR_FIELD));
  }

  /** The layer that keeps the view. */
  get sampling(): AnyAlgorithm {
    return (this.children as Record<string, AnyAlgorithm>)[SAMPLING_FIELD]!;
  }

  /** Whom this node knows now, and does not believe to be gone: nodemanager's `get_view`. */
  get view(): readonly NodeId[] {
    const view = viewOf(this.sampling);
    return this.#missed.size === 0 ? view : view.filter((peer) => !this.#missed.has(peer));
  }

  /** The views that its applications were called with, where they changed: nodemanager's `get_data_sampling`. */
  get dataSampling(): readonly ViewSample[] {
    return this.#samples;
  }

  override onStart(): void {
    for (const application of this.applications.values()) {
      // Nodes run in no step with one another: each waits a part of a cycle first.
      const periodMs = application.pace.elapsed_time * 1000;
      this.after(this.random.between(0, periodMs), () => this.#run(application, periodMs));
    }
    this.#endWhenDone();
  }

  override state(): object {
    return { ...this.#known(), ...this.#told((application) => application.state()) };
  }

  override report(): object {
    return { ...this.#known(), ...this.#told((application) => application.report()) };
  }

  /** Of whom the node thinks what; without a detector it gives nobody up. */
  #known(): object {
    const { [DETECTOR_FIELD]: detector } = this.children as Record<string, AnyAlgorithm>;
    const { view } = this;
    return detector instanceof Unwatched
      ? { view }
      : { view, missed: [...this.#missed].toSorted() };
  }

  async #run(application: AnyApplication, periodMs: number): Promise<void> {
    if (application.isOver) {
      this.#endWhenDone();
      return;
    }
    // Set first: a cycle that waits for others does not put off the next one, which is left out while it waits.
    this.after(periodMs, () => this.#run(application, periodMs));
    if (application.isBusy) return;
    const { view } = this;
    this.#sample(view);
    await application.runCycle(view);
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if ([...this.applications.values()].every(({ isOver }) => isOver)) this.terminate();
  }

  #sample(view: readonly NodeId[]): void {
    const last = this.#samples.at(-1)?.view;
    if (last?.length === view.length && last.every((peer, at) => peer === view[at])) return;
    if (this.#samples.length >= SAMPLES_MAX) this.#samples.splice(SAMPLES_MAX / 2, 1);
    this.#samples.push({ time: this.now(), view });
  }

  /** One application tells its own; several tell theirs under their names. */
  #told(tell: (application: AnyApplication) => object): object {
    const all = [...this.applications].map(([name, application]) => {
      const { cycle, unsent } = application;
      return [name, { cycle, ...(unsent === 0 ? {} : { unsent }), ...tell(application) }] as const;
    });
    return all.length === 1 ? all[0]![1] : Object.fromEntries(all);
  }
}

/**
 * A node with these applications over a sampler, which the configuration chooses:
 *
 * ```ts
 * export class Both extends hostOf('both', { vectors: ShareVec, average: GossipAverage }) {}
 * ```
 *
 * A failure detector beside it is chosen likewise; without one the view is what the sampler has. It is done when all of its applications are, and a service where one of them never is. With a single application its state and report
 * stand beside the view; of several each stands under its name.
 *
 * @throws {TypeError} when an application has the name of a layer below
 */
export function hostOf(name: string, applications: ApplicationRecord): HostClass {
  for (const field of [SAMPLING_FIELD, DETECTOR_FIELD]) {
    if (field in applications) {
      throw new TypeError(`${name}: '${field}' is the layer below, and no application`);
    }
  }
  const below = { [SAMPLING_FIELD]: SAMPLING.gbps, [DETECTOR_FIELD]: DETECTION.none };
  const layers = { ...applications, ...below };
  const { definition } = defineAlgorithm(name, {
    service: true,
    children: layers,
    choices: { [SAMPLING_FIELD]: SAMPLING, [DETECTOR_FIELD]: DETECTION },
  });
  return class extends ApplicationHost {
    static override readonly definition = definition;
  };
}
