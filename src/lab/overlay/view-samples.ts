/** The views of all nodes over time, taken from a trace: nodemanager's `get_data_sampling`, for every node at once. */

import type { Chapter } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';

/** A view that a node had from this time on. */
export interface ViewSample {
  /** Milliseconds of the run. */
  readonly time: number;
  readonly node: NodeId;
  readonly view: readonly NodeId[];
}

/** Takes a run's events as they come, and says when a view has changed. */
export class ViewSamples {
  readonly #viewOf: Chapter['view'];
  readonly #last = new Map<NodeId, string>();

  /** @param chapter whose states the events have. Where it does not say whom a node knows, the state's `view` does, if it has one */
  constructor({ view }: Pick<Chapter, 'view'>) {
    this.#viewOf = view;
  }

  /** The sample that this event brings; undefined when it changes no view. */
  take(event: TraceEvent): ViewSample | undefined {
    if (event.kind !== 'state' || event.path.includes('.')) return undefined;
    const edges = this.#edgesOf(event.state);
    if (edges === undefined) return undefined;
    const view = [...new Set(edges)];
    const text = view.join(' ');
    if (this.#last.get(event.node) === text) return undefined;
    this.#last.set(event.node, text);
    return { time: event.time, node: event.node, view };
  }

  /** States of live nodes come from outside, and may be anything. */
  #edgesOf(state: unknown): readonly NodeId[] | undefined {
    try {
      return this.#viewOf?.(state).edges ?? namesIn((state as { readonly view?: unknown }).view);
    } catch {
      return undefined;
    }
  }
}

/** All samples of a run so far as JSON, one a line: what the command line writes with `--views`. */
export function viewsFileOf(chapter: Pick<Chapter, 'view'>, events: Iterable<TraceEvent>): string {
  const samples = new ViewSamples(chapter);
  const lines: string[] = [];
  for (const event of events) {
    const sample = samples.take(event);
    if (sample !== undefined) lines.push(`${JSON.stringify(sample)}\n`);
  }
  return lines.join('');
}

function namesIn(view: unknown): readonly NodeId[] | undefined {
  const isName = (peer: unknown): peer is NodeId => typeof peer === 'string';
  return Array.isArray(view) && view.every(isName) ? view : undefined;
}
