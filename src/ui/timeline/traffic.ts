/** The lines and marks of the diagram on the screen: on tiles that are kept, as long as what they show stays the same. */

import type { Flight, Recording } from '../../lab/playback.ts';
import type { CanvasPen } from '../kit/canvas-pen.ts';
import type { ThemeValues } from '../kit/theme-values.ts';
import { colours } from '../kit/theme.ts';
import {
  AHEAD,
  drawGhosts,
  drawLines,
  drawMarks,
  flightsIn,
  ghostsIn,
  linesOf,
  marksIn,
  thinned,
  thinning,
  type Sheet,
} from './draw-lanes.ts';
import { isSeen, LABEL_WIDTH, pixelsPerMs, withinLanes, type LanesFrame } from './lanes-picture.ts';
import type { Span } from './parley-minimap.ts';
import { TileRow, type TimeScale } from './tile-row.ts';

/** Marks and the ends of lines reach so far beyond their time, in pixels. */
const OVERHANG = 10;

/** Draws the traffic of one diagram. */
export class Traffic {
  readonly #lines: TileRow;
  readonly #ghosts: TileRow;
  #recording: Recording | undefined;
  #length = 0;
  #gathered: readonly unknown[] = [];
  #flights: readonly Flight[] = [];
  #every = 1;
  #areGhostsWhole = true;

  constructor(theme: ThemeValues) {
    this.#lines = new TileRow(theme);
    this.#ghosts = new TileRow(theme);
  }

  /** One of so many messages is drawn. */
  get every(): number {
    return this.#every;
  }

  /** True when nothing in view waits for another frame to be drawn. */
  get isWhole(): boolean {
    return this.#lines.isWhole && this.#areGhostsWhole;
  }

  /** Draws what is in the window, or as much of it as a frame has time for. What lies ahead of the cursor is faint, but for the messages that are under way. */
  draw(pen: CanvasPen, frame: LanesFrame, sheet: Sheet): void {
    const { scene, span, width, height, cone } = frame;
    const scale: TimeScale = { span, left: LABEL_WIDTH, perMs: pixelsPerMs(frame), height };
    this.#drawGhosts(pen, frame, sheet, scale);
    this.#prepare(frame, sheet, scale);
    if (cone !== undefined) return this.#lines.show(pen, scale, 1);
    const now = sheet.x(scene.viewer.cursor.time);
    withinLanes(pen, frame, undefined, now);
    this.#lines.show(pen, scale, 1, { from: 0, to: now });
    if (now >= width) return;
    withinLanes(pen, frame, now);
    this.#lines.show(pen, scale, AHEAD, { from: now, to: width });
    const { step } = sheet;
    const underWay = this.#flights.filter(
      ({ sendIndex, arriveIndex = Infinity }) => sendIndex < step && arriveIndex >= step,
    );
    const lines = linesOf(sheet, underWay).filter((line) => line.x2 > now && isSeen(line, height));
    drawLines(pen, sheet, lines);
  }

  #prepare(frame: LanesFrame, sheet: Sheet, scale: TimeScale): void {
    const { scene, cone } = frame;
    const { recording, selection } = scene.viewer;
    this.#grow(recording, scale);
    this.#gather(frame, scale);
    const looks = [...looksOf(frame, scale), cone, selection, this.#every];
    this.#lines.madeOf([...placesOf(frame), recording], looks);
    this.#lines.prepare(scale, (pen, tile) => {
      const within = tileSheet(sheet, tile, scale);
      const { from, to } = within.span;
      const flights = this.#flights.filter(
        ({ sentAt, arrivedAt = Infinity }) => sentAt <= to && arrivedAt >= from,
      );
      const lines = linesOf(within, flights).filter((line) => isSeen(line, scale.height));
      drawLines(pen, within, lines);
      drawMarks(
        pen,
        marksIn(within).filter(({ y }) => y > 0 && y < scale.height),
      );
    });
  }

  /** What came since the last picture spoils the tiles that it is on. */
  #grow(recording: Recording, scale: TimeScale): void {
    const { length, events } = recording;
    if (recording === this.#recording) {
      let since = Infinity;
      for (let index = this.#length; index < length; index++) {
        const event = events[index]!;
        since = Math.min(since, event.time, recording.flightAt(index)?.sentAt ?? Infinity);
      }
      if (since < Infinity) this.#lines.spoil(since - OVERHANG / scale.perMs, scale);
    }
    this.#recording = recording;
    this.#length = length;
  }

  /** The messages of all tiles in view. How many of them are left out depends on how many there are in a window. */
  #gather({ scene, lengthMs }: LanesFrame, scale: TimeScale): void {
    const range = this.#lines.range(scale);
    const { recording } = scene.viewer;
    const gathered = [recording, recording.length, scene.lens.version, range.from, range.to];
    if (gathered.every((one, at) => one === this.#gathered[at])) return;
    this.#gathered = gathered;
    const all = flightsIn(scene, range);
    const part = lengthMs / (range.to - range.from);
    this.#every = thinning(all.length * part);
    this.#flights = thinned(all, this.#every);
  }

  #drawGhosts(pen: CanvasPen, frame: LanesFrame, sheet: Sheet, scale: TimeScale): void {
    const { ghost, viewer } = frame.scene;
    this.#areGhostsWhole = true;
    if (ghost === undefined || scale.span.to < ghost.fromMs) return;
    const { recording, fromMs } = ghost;
    const lengths = [recording.length, viewer.recording.length];
    const places = [...placesOf(frame), recording, viewer.recording];
    this.#ghosts.madeOf(places, [...looksOf(frame, scale), fromMs, ...lengths]);
    this.#ghosts.prepare(scale, (onTile, tile) => {
      const within = tileSheet(sheet, tile, scale);
      drawGhosts(onTile, within, ghostsIn(within));
    });
    this.#areGhostsWhole = this.#ghosts.isWhole;
    this.#ghosts.show(pen, scale, 1);
  }
}

/** What says where the lanes of every tile are, and in which colours. */
function placesOf({ scene, laneHeight, scrolled, height }: LanesFrame): unknown[] {
  return [scene.nodes, laneHeight, scrolled, height, colours.version, devicePixelRatio];
}

/** What every tile depends on beside that. */
function looksOf({ scene }: LanesFrame, { perMs }: TimeScale): unknown[] {
  const { lens, viewer } = scene;
  return [lens.version, perMs, viewer.recording.typicalJourney()];
}

/** A tile as a sheet of its own: nothing on it lies ahead, and what reaches into it from its sides is drawn too. */
function tileSheet(sheet: Sheet, { from, to }: Span, { perMs }: TimeScale): Sheet {
  const beyond = OVERHANG / perMs;
  return {
    ...sheet,
    span: { from: from - beyond, to: to + beyond },
    step: Infinity,
    x: (time) => (time - from) * perMs,
  };
}
