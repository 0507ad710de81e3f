/** Where the nodes of a stage stand: the layout of the wanted kind, made anew only when what it depends on has changed. */

import type { NodeId } from '../../core/id.ts';
import type { PictureLink } from '../../lab/picture.ts';
import type { RunNode } from '../../lab/run.ts';
import { ringLayout, type Layout, type Point } from './layout.ts';
import { fittingLayout, islandLayout, type Arranged, type LayoutKind } from './layouts.ts';

type ForceModule = typeof import('./force-layout.ts');

/** Nodes with their places. */
export interface Arrangement {
  readonly layout: Layout;
  readonly places: ReadonlyMap<NodeId, Point>;
}

/** What is known of the nodes: the same arrays as long as it is the same. */
export interface Known {
  readonly nodes: readonly RunNode[];
  readonly links: readonly PictureLink[];
  /** Parts of the network that cannot reach each other at the moment. */
  readonly cut: readonly (readonly NodeId[])[];
}

/** Remembers the last arrangement. */
export class Arranger {
  #force: ForceModule | undefined;
  #isLoading = false;
  #key = '';
  #nodes: readonly RunNode[] = [];
  #links: readonly PictureLink[] = [];
  #last: Arrangement | undefined;
  readonly #changed: () => void;

  /** @param changed is called when a layout that had to be loaded can be had */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * The places. With undefined the kind follows from the number of nodes.
   *
   * Forces are let loose once: views that change from moment to moment move lines, not nodes.
   */
  arrange(
    wanted: LayoutKind | undefined,
    { nodes, links, cut }: Known,
    { width, height }: { readonly width: number; readonly height: number },
  ): Arrangement {
    const kind = wanted ?? fittingLayout(nodes.length);
    const loaded = kind === 'force' && this.#force === undefined ? 'ring' : kind;
    if (kind === 'force' && this.#force === undefined) this.#load();
    const graph =
      loaded === 'ring' ? '' : `${links.length > 0} ${cut.map((group) => group.join()).join(';')}`;
    const key = `${loaded} ${width} ${height} ${graph}`;
    const isSame = nodes === this.#nodes && (loaded !== 'islands' || links === this.#links);
    if (key === this.#key && isSame) return this.#last!;
    const ids = nodes.map(({ id }) => id);
    const layout = this.#make(loaded, { ids, links, cut }, width, height);
    const places = new Map(ids.map((id, index) => [id, layout.places[index]!]));
    this.#key = key;
    this.#nodes = nodes;
    this.#links = links;
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
