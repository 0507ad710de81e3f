/** A picture along the axis of time, drawn once in tiles. While time passes they are only moved, which costs next to nothing. */

import { CanvasPen } from '../kit/canvas-pen.ts';
import type { ThemeValues } from '../kit/theme-values.ts';
import type { Span } from './parley-minimap.ts';

/** How wide a tile is, in pixels of the page: few to be moved, and little to be drawn when one of them comes into view. */
const TILE_WIDTH = 256;
/** Tiles out of view that are kept for whoever turns back. */
const SPARE_TILES = 4;

/** How time lies on the page. */
export interface TimeScale {
  readonly span: Span;
  /** Where the span begins, in pixels of the page. */
  readonly left: number;
  /** Pixels of the page per millisecond of the run. */
  readonly perMs: number;
  readonly height: number;
}

interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly pen: CanvasPen;
  isDrawn: boolean;
}

/** The tiles of one picture. */
export class TileRow {
  readonly #theme: ThemeValues;
  readonly #tiles = new Map<number, Tile>();
  #of: readonly unknown[] = [];

  constructor(theme: ThemeValues) {
    this.#theme = theme;
  }

  /** Says what the picture is made of. When one of these is another than the last time, all of it is drawn anew. */
  madeOf(...things: readonly unknown[]): void {
    const isSame =
      things.length === this.#of.length && things.every((one, at) => one === this.#of[at]);
    if (isSame) return;
    this.#of = things;
    for (const tile of this.#tiles.values()) tile.isDrawn = false;
  }

  /** What lies behind a time, in milliseconds, is drawn anew. */
  spoil(sinceMs: number, scale: TimeScale): void {
    const length = tileMs(scale);
    for (const [at, tile] of this.#tiles) {
      if ((at + 1) * length >= sinceMs) tile.isDrawn = false;
    }
  }

  /** The time that the tiles of a span cover. */
  range(scale: TimeScale): Span {
    const [first, last] = tilesOf(scale);
    const length = tileMs(scale);
    return { from: first * length, to: (last + 1) * length };
  }

  /** Draws the tiles of a span that are not drawn. @param draw gets a clean sheet whose left edge is `from` */
  prepare(scale: TimeScale, draw: (pen: CanvasPen, tile: Span) => void): void {
    const [first, last] = tilesOf(scale);
    const length = tileMs(scale);
    for (let at = first; at <= last; at++) {
      const tile = this.#tileAt(at, first, last);
      if (tile.isDrawn) continue;
      tile.pen.begin(tileWidth() / devicePixelRatio, scale.height);
      draw(tile.pen, { from: at * length, to: (at + 1) * length });
      tile.pen.finish();
      tile.isDrawn = true;
    }
  }

  /** Puts the tiles of a span in their place. @param alpha how strong they are */
  show(pen: CanvasPen, scale: TimeScale, alpha: number): void {
    const [first, last] = tilesOf(scale);
    const { span, left, perMs } = scale;
    // Whole pixels of the screen: between them a picture would blur.
    const begin = left + (first * tileMs(scale) - span.from) * perMs;
    const beginPixel = Math.round(begin * devicePixelRatio);
    for (let at = first; at <= last; at++) {
      const tile = this.#tiles.get(at);
      if (tile !== undefined)
        pen.picture(tile.canvas, beginPixel + (at - first) * tileWidth(), alpha);
    }
  }

  /** The tile at a place; one that is far from the view becomes another. */
  #tileAt(at: number, first: number, last: number): Tile {
    let tile = this.#tiles.get(at);
    if (tile !== undefined) return tile;
    for (const [other, spare] of this.#tiles) {
      if (this.#tiles.size <= last - first + SPARE_TILES || (other >= first && other <= last)) {
        continue;
      }
      this.#tiles.delete(other);
      tile ??= spare;
    }
    if (tile === undefined) {
      const canvas = document.createElement('canvas');
      tile = { canvas, pen: new CanvasPen(canvas, this.#theme), isDrawn: false };
    }
    tile.isDrawn = false;
    this.#tiles.set(at, tile);
    return tile;
  }
}

/** In pixels of the screen, whole ones. */
function tileWidth(): number {
  return Math.round(TILE_WIDTH * devicePixelRatio);
}

function tileMs({ perMs }: TimeScale): number {
  return tileWidth() / devicePixelRatio / perMs;
}

/** The first and the last tile of a span. */
function tilesOf(scale: TimeScale): readonly [number, number] {
  const length = tileMs(scale);
  return [Math.floor(scale.span.from / length), Math.floor(scale.span.to / length)];
}
