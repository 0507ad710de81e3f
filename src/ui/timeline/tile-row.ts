/**
 * A picture along the axis of time, drawn once in tiles. While time passes they are only moved, which costs next to nothing. When the picture
 * becomes another one, by a zoom or a light cone, its tiles are drawn a few a frame, and until then what was there stands in their place,
 * as long or as short as the new scale has it.
 */

import { CanvasPen } from '../kit/canvas-pen.ts';
import type { ThemeValues } from '../kit/theme-values.ts';
import type { Span } from './parley-minimap.ts';

/** How wide a tile is, in pixels of the page: few to be moved, and one of them is drawn within a frame. */
const TILE_WIDTH = 128;
/** Tiles out of view that are kept for whoever turns back. */
const SPARE_TILES = 8;
/** A frame goes on with tiles for so long, in milliseconds; one is drawn in any case. */
const BUDGET_MS = 1;

/** What stands in is kept while its scale is at most so many times the new one's, or the other way round: beyond that one sees how coarse it is. */
const STRETCH_MAX = 2.5;

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
  /** There is nothing newer to be drawn on it. */
  isDrawn: boolean;
  /** Which drawing of this row it was, of the picture as it is; 0 when it shows nothing of it. */
  turn: number;
}

/** What was seen before the picture became another one. */
interface Backdrop {
  readonly canvas: HTMLCanvasElement;
  readonly pen: CanvasPen;
  span: Span;
}

/** The tiles of one picture. */
export class TileRow {
  readonly #theme: ThemeValues;
  readonly #tiles = new Map<number, Tile>();
  #places: readonly unknown[] = [];
  #looks: readonly unknown[] = [];
  #turn = 0;
  #isWhole = true;
  #isPatient = true;
  #shown: TimeScale | undefined;
  #backdrop: Backdrop | undefined;
  #spare: Backdrop | undefined;
  #taster: CanvasRenderingContext2D | undefined;

  constructor(theme: ThemeValues) {
    this.#theme = theme;
  }

  /** True when nothing in view waits to be drawn. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * Says what the picture is made of. When it is another than the last time, all of it is drawn anew.
   *
   * @param places what says where things are from top to bottom; with others, nothing of the old picture can stand in for the new
   */
  madeOf(places: readonly unknown[], looks: readonly unknown[]): void {
    const isSamePlace = areSame(places, this.#places);
    if (isSamePlace && areSame(looks, this.#looks)) return;
    if (isSamePlace) this.#keep();
    else this.#backdrop = undefined;
    this.#isPatient = isSamePlace;
    this.#places = places;
    this.#looks = looks;
    for (const tile of this.#tiles.values()) [tile.isDrawn, tile.turn] = [false, 0];
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

  /** Draws tiles of a span that are not drawn, as many as a frame has time for. @param draw gets a clean sheet whose left edge is `from` */
  prepare(scale: TimeScale, draw: (pen: CanvasPen, tile: Span) => void): void {
    const beganMs = performance.now();
    const waiting = this.#waiting(scale);
    const length = tileMs(scale);
    let done = 0;
    for (const [at, tile] of waiting) {
      if (done > 0 && this.#isPatient && performance.now() - beganMs > BUDGET_MS) break;
      tile.pen.begin(tileWidth() / devicePixelRatio, scale.height);
      draw(tile.pen, { from: at * length, to: (at + 1) * length });
      tile.pen.finish();
      tile.isDrawn = true;
      tile.turn = ++this.#turn;
      done++;
      this.#taste(tile.canvas);
    }
    this.#isWhole = done === waiting.length;
    // What stood in for it is not needed any more.
    if (this.#isWhole) [this.#spare, this.#backdrop] = [this.#backdrop ?? this.#spare, undefined];
    this.#isPatient = true;
  }

  /** Puts the tiles of a span in their place. @param alpha how strong they are */
  show(pen: CanvasPen, scale: TimeScale, alpha: number, { from, to }: Span = EVERYWHERE): void {
    const [first, last] = tilesOf(scale);
    const { span, left, perMs } = scale;
    // Whole pixels of the screen: between them a picture would blur.
    const begin = left + (first * tileMs(scale) - span.from) * perMs;
    const beginPixel = Math.round(begin * devicePixelRatio);
    this.#shown = scale;
    for (let at = first; at <= last; at++) {
      const at0 = beginPixel + (at - first) * tileWidth();
      if (at0 > to * devicePixelRatio || at0 + tileWidth() < from * devicePixelRatio) continue;
      const tile = this.#tiles.get(at);
      if (tile !== undefined && tile.turn > 0) pen.picture(tile.canvas, at0, alpha);
      else this.#standIn(pen, at * tileMs(scale), at0, scale, alpha);
    }
  }

  /** The tiles of a span that are not drawn, the most urgent first. */
  #waiting(scale: TimeScale): (readonly [at: number, tile: Tile])[] {
    const [first, last] = tilesOf(scale);
    const length = tileMs(scale);
    const covered = this.#backdrop?.span;
    const result: (readonly [at: number, tile: Tile])[] = [];
    for (let at = first; at <= last; at++) {
      const tile = this.#tileAt(at, first, last);
      if (!tile.isDrawn) result.push([at, tile]);
    }
    const isEmpty = (at: number) =>
      covered === undefined || at * length < covered.from || (at + 1) * length > covered.to;
    // What shows nothing comes first, then whoever waits longest: events that come all the time leave nobody behind.
    return result.toSorted(
      ([a, one], [b, other]) => one.turn - other.turn || Number(isEmpty(b)) - Number(isEmpty(a)),
    );
  }

  /** A canvas becomes pixels when it is copied for the first time: that belongs to what its frame has time for. */
  #taste(canvas: HTMLCanvasElement): void {
    if (canvas.width === 0 || canvas.height === 0) return;
    this.#taster ??= document.createElement('canvas').getContext('2d')!;
    this.#taster.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
  }

  /** What is seen at the moment becomes the backdrop of the next picture. */
  #keep(): void {
    const scale = this.#shown;
    if (scale === undefined) return;
    // While the picture changes with every frame there is not much of it, and copying all of it has its price.
    if (!this.#isWhole && this.#backdrop !== undefined) {
      const { canvas, span } = this.#backdrop;
      const stretch = (scale.perMs * devicePixelRatio * (span.to - span.from)) / canvas.width;
      if (Math.max(stretch, 1 / stretch) <= STRETCH_MAX) return;
    }
    const fresh = this.#spare ?? this.#newBackdrop();
    const { span, perMs, height } = scale;
    fresh.pen.begin((span.to - span.from) * perMs, height);
    this.show(fresh.pen, { ...scale, left: 0 }, 1);
    fresh.pen.finish();
    fresh.span = span;
    this.#spare = this.#backdrop;
    this.#backdrop = fresh;
  }

  #newBackdrop(): Backdrop {
    const canvas = document.createElement('canvas');
    return { canvas, pen: new CanvasPen(canvas, this.#theme), span: { from: 0, to: 0 } };
  }

  /** Where a tile shows nothing yet: the part of the backdrop that belongs there. */
  #standIn(pen: CanvasPen, fromMs: number, left: number, scale: TimeScale, alpha: number): void {
    const backdrop = this.#backdrop;
    if (backdrop === undefined) return;
    const { span, canvas } = backdrop;
    const perMs = canvas.width / (span.to - span.from);
    const [from, to] = [
      Math.max(fromMs, span.from),
      Math.min(fromMs + tileMs(scale), span.to),
    ] as const;
    if (to <= from) return;
    const across = scale.perMs * devicePixelRatio;
    pen.picture(canvas, left + (from - fromMs) * across, alpha, {
      ...{ from: (from - span.from) * perMs, to: (to - span.from) * perMs },
      width: (to - from) * across,
    });
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
      tile = { canvas, pen: new CanvasPen(canvas, this.#theme), isDrawn: false, turn: 0 };
    }
    [tile.isDrawn, tile.turn] = [false, 0];
    this.#tiles.set(at, tile);
    return tile;
  }
}

const EVERYWHERE: Span = { from: -Infinity, to: Infinity };

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
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
