/** Where the nodes of a stage stand: the layout of the wanted kind, made anew only when what it depends on has changed. */

import type { NodeId } from '../../core/id.ts';
import { ringLayout, type Layout, type Point } from './layout.ts';
import { fittingLayout, islandLayout, type Arranged, type LayoutKind } from './layouts.ts';

type ForceModule = typeof import('./force-layout.ts');

/** Nodes with their places. */
export interface Arrangement {
  readonly layout: Layout;
  readonly places: ReadonlyMap<NodeId, Point>;
}

/** Remembers the last arrangement. */
export class Arranger {
  #force: ForceModule | undefined;
  #isLoading = false;
  #key = '';
  #last: Arrangement | undefined;
  readonly #changed: () => void;

  /** @param changed is called when a layout that had to be loaded can be had */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The places. With undefined the kind follows from the number of nodes. */
  arrange(
    wanted: LayoutKind | undefined,
    arranged: Arranged,
    linksKey: string,
    { width, height }: { readonly width: number; readonly height: number },
  ): Arrangement {
    const { ids, cut } = arranged;
    const kind = wanted ?? fittingLayout(ids.length);
    const loaded = kind === 'force' && this.#force === undefined ? 'ring' : kind;
    // A ring depends on nothing but the number of its nodes.
    const graph = loaded === 'ring' ? '' : `${linksKey} ${JSON.stringify(cut)}`;
    const key = `${loaded} ${width} ${height} ${ids.join(' ')} ${graph}`;
    if (kind === 'force' && this.#force === undefined) this.#load();
    if (key === this.#key) return this.#last!;
    const layout = this.#make(loaded, arranged, width, height);
    const places = new Map(ids.map((id, index) => [id, layout.places[index]!]));
    this.#key = key;
    this.#last = { layout, places };
    return this.#last;
  }

  #make(kind: LayoutKind, arranged: Arranged, width: number, height: number): Layout {
    if (kind === 'islands') return islandLayout(arranged, width, height);
    if (kind === 'ring') return ringLayout(arranged.ids.length, width, height);
    return this.#force!.forceLayout(arranged, width, height, new Map());
  }

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    import('./force-layout.ts').then(
      (module) => {
        this.#force = module;
        this.#changed();
        return undefined;
      },
      () => {
        // Without it the ring stays: it is asked for again with the next change.
        this.#isLoading = false;
      },
    );
  }
}
