/** Says, when a filter let nothing through, what was probably meant: names of nodes and types are long, and easily mistyped. */

import type { TraceRecord } from '../../check/trace/trace-record.ts';
import { nearest } from '../../core/nearest-name.ts';
import type { FilterOptions } from './options.ts';

/** Names kept of each sort. */
const NAMES_MAX = 1000;

const SORTS = ['node', 'kind', 'path', 'type'] as const;

type Sort = (typeof SORTS)[number];

/** Watches what a filter does. */
export class Missed {
  readonly #options: FilterOptions;
  readonly #seen: Readonly<Record<Sort, Set<string>>> = {
    node: new Set(),
    kind: new Set(),
    path: new Set(),
    type: new Set(),
  };
  #events = 0;
  #chosen = 0;

  constructor(options: FilterOptions) {
    this.#options = options;
  }

  take({ event }: TraceRecord, isChosen: boolean): void {
    this.#events++;
    if (isChosen) this.#chosen++;
    this.#note('node', event.node);
    this.#note('kind', event.kind);
    if ('path' in event) this.#note('path', event.path);
    if ('type' in event) this.#note('type', event.type);
  }

  /** Lines for the reader: names that nothing had, and whether nothing fitted at all. */
  lines(): string[] {
    const lines: string[] = [];
    for (const sort of SORTS) {
      for (const name of this.#options[sort] ?? []) {
        const seen = this.#seen[sort];
        const isThere =
          sort === 'path'
            ? [...seen].some((path) => `${path}.`.startsWith(`${name}.`))
            : seen.has(name);
        if (isThere || this.#events === 0) continue;
        const suggestion = nearest(name, seen);
        const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
        lines.push(`! --${sort} ${name}: no event has it${hint}`);
      }
    }
    if (this.#chosen === 0 && this.#events > 0) lines.push('! none of the events fits');
    return lines;
  }

  #note(sort: Sort, name: string): void {
    const seen = this.#seen[sort];
    if (seen.size < NAMES_MAX) seen.add(name);
  }
}
