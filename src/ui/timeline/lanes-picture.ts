/** The parts of the space-time diagram, and all of it, drawn with a pen: onto the canvas of the page, or into a file. */

import type { NodeId } from '../../core/id.ts';
import type { Flight } from '../../lab/playback.ts';
import { printTime } from '../kit/print-number.ts';
import type { Look, Pen, TextLook } from '../kit/pen.ts';
import type { Scene } from '../stage/scene.ts';
import {
  drawGhosts,
  drawLines,
  drawMarks,
  flightsIn,
  ghostsIn,
  linesOf,
  marksIn,
  thinned,
  thinning,
  type LanesLine,
  type LanesMark,
  type Sheet,
} from './draw-lanes.ts';
import { placeIn, type LightCone } from './light-cone.ts';
import type { Span } from './parley-minimap.ts';
import { ticks } from './time-window.ts';

export const LABEL_WIDTH = 64;
export const RIGHT_MARGIN = 14;
export const AXIS_HEIGHT = 22;
/** Room for the time beside the cursor. */
const NOW_WIDTH = 60;
/** Between two ticks, about. */
const TICK_WIDTH = 120;
/** A stretch of a lane that is shorter has no room for the word. */
const WORD_WIDTH = 90;

/** What is drawn, and where. */
export interface LanesFrame {
  readonly scene: Scene;
  readonly span: Span;
  /** Of the span, in milliseconds: the very same number while the window moves, which a difference is not. */
  readonly lengthMs: number;
  readonly cone: LightCone | undefined;
  readonly width: number;
  readonly height: number;
  readonly laneHeight: number;
  /** How far the lanes are scrolled up beneath the axis. */
  readonly scrolled: number;
}

/** What can be reached of what was drawn. */
export interface LanesDrawn {
  readonly lines: readonly LanesLine[];
  readonly marks: readonly LanesMark[];
  /** Messages of the future that was left: they are seen, and cannot be reached. */
  readonly ghosts: readonly Flight[];
}

/** The nodes in view, with their places. */
type Rows = readonly (readonly [id: NodeId, y: number])[];

const TICK: Look = { stroke: 'var(--parley-line)', dash: [1, 4] };
const LANE: Look = { stroke: 'var(--parley-line-2)' };
const CURSOR: Look = { stroke: 'var(--parley-accent)', width: 1.6 };
const PAST: Look = { stroke: 'var(--parley-accent)', width: 2, alpha: 0.8 };
const FUTURE: Look = { ...PAST, dash: [6, 4] };
const MONO = '0.6563rem var(--parley-mono)';
const TIME: TextLook = { fill: 'var(--parley-ink-3)', font: MONO };
const NOW: TextLook = {
  ...{ fill: 'var(--parley-accent)', font: `600 ${MONO}`, rim: 'var(--parley-surface)' },
};
const LABEL: TextLook = {
  ...{ fill: 'var(--parley-ink)', font: '600 0.71875rem var(--parley-sans)' },
};
const CHOSEN: TextLook = { ...LABEL, fill: 'var(--parley-accent)' };
const WORD: TextLook = {
  ...{ fill: 'var(--parley-ink-3)', font: '0.6563rem var(--parley-sans)' },
  rim: 'var(--parley-surface)',
};

/** Draws all of the diagram. */
export function drawLanesPicture(pen: Pen, frame: LanesFrame): void {
  const sheet = sheetOf(frame);
  drawGround(pen, frame, sheet);
  const { lines, marks, ghosts } = reachable(frame, undefined);
  drawGhosts(pen, sheet, ghosts);
  drawLines(pen, sheet, lines);
  drawMarks(pen, marks);
  drawNow(pen, frame, sheet);
}

/** Where things are in the picture. */
export function sheetOf(frame: LanesFrame): Sheet {
  const { scene, span, laneHeight, scrolled, cone } = frame;
  const perMs = pixelsPerMs(frame);
  const rows = new Map<NodeId, number>();
  for (const [row, { id }] of scene.nodes.entries()) {
    rows.set(id, AXIS_HEIGHT + laneHeight * (row + 0.5) - scrolled);
  }
  return {
    ...{ scene, span, step: scene.viewer.cursor.step, y: (id) => rows.get(id) },
    x: (time) => LABEL_WIDTH + (time - span.from) * perMs,
    coneOf: cone === undefined ? undefined : (index, node) => placeIn(cone, index, node),
  };
}

/** How wide a millisecond of the run is. */
export function pixelsPerMs({ width, lengthMs }: LanesFrame): number {
  return (width - LABEL_WIDTH - RIGHT_MARGIN) / lengthMs;
}

/** Whatever lies within the window. @param every one of so many messages; as their number has it unless given */
export function reachable(frame: LanesFrame, every: number | undefined): LanesDrawn {
  const sheet = sheetOf(frame);
  const { scene, span, height } = frame;
  const all = flightsIn(scene, span);
  const shown = thinned(all, every ?? thinning(all.length));
  return {
    lines: linesOf(sheet, shown).filter((line) => isSeen(line, height)),
    marks: marksIn(sheet).filter(({ y }) => y > 0 && y < height),
    ghosts: ghostsIn(sheet),
  };
}

/** Whether something of a line lies within the height of the picture. */
export function isSeen({ y1, y2 }: LanesLine, height: number): boolean {
  return Math.max(y1, y2) > 0 && Math.min(y1, y2) < height;
}

/** Draws the axis, the lanes and the light cone; what follows is drawn between the labels and the right edge. */
export function drawGround(pen: Pen, frame: LanesFrame, sheet: Sheet): void {
  const { width, height, cone } = frame;
  drawAxis(pen, frame, sheet.x, sheet.x(frame.scene.viewer.cursor.time));
  pen.within(0, AXIS_HEIGHT - 4, width, height - AXIS_HEIGHT + 4);
  const rows: Rows = frame.scene.nodes.flatMap(({ id }) => {
    const y = sheet.y(id)!;
    return y > 0 && y < height ? [[id, y] as const] : [];
  });
  drawLanes(pen, frame, rows);
  withinLanes(pen, frame);
  if (cone !== undefined) drawCone(pen, frame, rows, cone, sheet.x);
}

/** What follows is drawn where the lines are. @param from pixels from the left; all of it unless given */
export function withinLanes(
  pen: Pen,
  { width, height }: LanesFrame,
  from = LABEL_WIDTH - 6,
  to = width,
): void {
  const left = Math.max(from, LABEL_WIDTH - 6);
  const across = Math.max(0, Math.min(to, width) - left);
  pen.within(left, AXIS_HEIGHT - 4, across, height - AXIS_HEIGHT + 4);
}

/** Draws the cursor. */
export function drawNow(pen: Pen, { scene, width, height }: LanesFrame, { x }: Sheet): void {
  const { time } = scene.viewer.cursor;
  const now = x(time);
  pen.within(0, 0, width, height);
  pen.use(CURSOR);
  pen.move(now, 14);
  pen.line(now, height);
  pen.text(printTime(time), Math.min(now + 5, width - 66), 12, NOW);
  pen.end();
}

function drawAxis(pen: Pen, frame: LanesFrame, x: (time: number) => number, now: number): void {
  const { span, width, height } = frame;
  const times = ticks(span, width / TICK_WIDTH);
  pen.use(TICK);
  for (const time of times) {
    pen.move(x(time), 16);
    pen.line(x(time), height);
  }
  for (const time of times) {
    const at = x(time);
    // No label under that of the cursor, nor one cut off at the edge.
    if (Math.abs(at - now) < NOW_WIDTH || at > width - NOW_WIDTH) continue;
    pen.text(printTick(time), at + 4, 12, TIME);
  }
}

function drawLanes(pen: Pen, { scene, width }: LanesFrame, rows: Rows): void {
  const { selection } = scene.viewer;
  pen.use(LANE);
  for (const [, y] of rows) {
    pen.move(LABEL_WIDTH - 6, y);
    pen.line(width - RIGHT_MARGIN, y);
  }
  for (const [id, y] of rows) {
    const isChosen = selection?.kind === 'node' && selection.node === id;
    pen.text(id.length > 7 ? `${id.slice(0, 6)}…` : id, 12, y + 4, isChosen ? CHOSEN : LABEL);
  }
}

/** What led to the tip as a solid stretch of each lane, what came of it as a dashed one; what lies between is named, once. */
function drawCone(
  pen: Pen,
  { scene, span, width }: LanesFrame,
  rows: Rows,
  { past, future }: LightCone,
  x: (time: number) => number,
): void {
  const { events, endTime } = scene.viewer.recording;
  const left = Math.max(x(Math.max(span.from, 0)), LABEL_WIDTH);
  const right = Math.min(x(Math.min(span.to, endTime)), width - RIGHT_MARGIN);
  const bounds = rows.map(([id, y]) => {
    const [last, first] = [past.get(id), future.get(id)];
    const from = last === undefined ? left : Math.max(left, x(events[last]!.time));
    const to = first === undefined ? right : Math.min(right, x(events[first]!.time));
    return { y, from, to };
  });
  pen.use(PAST);
  for (const { y, from } of bounds) if (from > left) segment(pen, left, Math.min(from, right), y);
  pen.use(FUTURE);
  for (const { y, to } of bounds) if (to < right) segment(pen, Math.max(to, left), right, y);
  const widest = bounds.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  if (widest === undefined || widest.to - widest.from < WORD_WIDTH) return;
  pen.text('concurrent', (widest.from + widest.to) / 2 - WORD_WIDTH / 3, widest.y - 5, WORD);
}

function segment(pen: Pen, from: number, to: number, y: number): void {
  pen.move(from, y);
  pen.line(to, y);
}

function printTick(time: number): string {
  // The distances are round numbers: what stands behind the third decimal is the machine's.
  return `${Math.round(time * 1000) / 1000} ms`;
}
