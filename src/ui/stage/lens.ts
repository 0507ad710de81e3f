/** What of a run the reader wants to see: kinds of messages, words, and whose local steps. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { Flight } from '../../lab/playback.ts';

/** Shared by the stage, its legend and the diagram; every change makes the pictures anew. */
export class Lens {
  readonly #hiddenKinds = new Set<string>();
  readonly #collapsed = new Set<NodeId>();
  readonly #changed: () => void;
  #version = 0;
  #text = '';
  #words: readonly string[] = [];

  /** @param changed is called after each change */
  constructor(changed: () => void) {
    this.#changed = () => {
      this.#version++;
      changed();
    };
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** The words that messages and marks have to fit. */
  get text(): string {
    return this.#text;
  }

  /** True when something is left out. */
  get isNarrow(): boolean {
    return this.#hiddenKinds.size > 0 || this.#words.length > 0;
  }

  /** Words to look for: names of nodes, kinds, parts of kinds; all of them have to fit. */
  search(text: string): void {
    this.#text = text;
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#changed();
  }

  /** Whether messages of this kind are drawn. */
  showsKind(kind: string): boolean {
    return !this.#hiddenKinds.has(kind);
  }

  /** Leaves messages of a kind out, or draws them again. */
  toggleKind(kind: string): void {
    if (!this.#hiddenKinds.delete(kind)) this.#hiddenKinds.add(kind);
    this.#changed();
  }

  /** Whether what these nodes do on their own is left out. */
  areCollapsed(nodes: readonly NodeId[]): boolean {
    return nodes.length > 0 && nodes.every((node) => this.#collapsed.has(node));
  }

  /** Leaves out what these nodes do on their own, or draws it again. */
  toggleCollapsed(nodes: readonly NodeId[]): void {
    const isNow = this.areCollapsed(nodes);
    for (const node of nodes) {
      if (isNow) this.#collapsed.delete(node);
      else this.#collapsed.add(node);
    }
    this.#changed();
  }

  showsFlight({ type, from, to }: Flight): boolean {
    if (this.#hiddenKinds.has(type)) return false;
    if (this.#words.length === 0) return true;
    return this.#fits([from.toLowerCase(), to.toLowerCase()], type.toLowerCase());
  }

  /** Local steps are timers, outputs and lines of a log; faults, ends and violations are always shown. */
  showsMark(event: TraceEvent): boolean {
    const isLocal = event.kind === 'timer' || event.kind === 'output' || event.kind === 'log';
    if (isLocal && this.#collapsed.has(event.node)) return false;
    if (this.#words.length === 0) return true;
    return this.#fits([event.node.toLowerCase()], event.kind);
  }

  #fits(names: readonly string[], text: string): boolean {
    return this.#words.every((word) => names.includes(word) || text.includes(word));
  }
}
