/** What the space-time diagram draws inside its window of time: lines of messages, and marks of what happened at a node. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { countWhere, type Flight } from '../../lab/playback.ts';
import { turned, type Look, type Pen } from '../kit/pen.ts';
import type { Scene } from '../stage/scene.ts';
import type { Span } from './parley-minimap.ts';

/** Lines and marks drawn at most; beyond that every second, fourth … one, and the reader is told. */
const DRAWN_MAX = 800;

/** Marks of one look that are nearer to each other cannot be told apart, in pixels. */
const MARK_STEP = 1;

/** The window of time on its sheet of pixels. */
export interface Sheet {
  readonly scene: Scene;
  readonly span: Span;
  readonly x: (time: number) => number;
  readonly y: (node: NodeId) => number | undefined;
  /** Events from here on lie ahead, and are faint. */
  readonly step: number;
  /** Which part of the light cone of the selection an event belongs to; undefined lights everything. */
  readonly coneOf: ((index: number, node: NodeId) => Cone) | undefined;
}

/** A message that has not arrived ends in nothing, after such a part of a usual journey. */
const NOWHERE = 0.5;

/** Where an event lies: what led to the selected one, what came of it, or neither. */
export type Cone = 'past' | 'future' | 'concurrent';

/** A message as a line. */
export interface LanesLine {
  readonly flight: Flight;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Its sender is its receiver. */
  readonly isLoop: boolean;
  readonly emphasis: Emphasis;
}

/** Something that happened at a node. */
export interface LanesMark {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly shape: MarkShape;
  readonly emphasis: Emphasis;
}

/** ahead: it has not happened at the cursor. */
type Emphasis = 'ahead' | 'lit' | 'dim' | 'plain';

/** How strong it is what has not happened. */
export const AHEAD = 0.22;

const ALPHAS: { readonly [emphasis in Emphasis]: number } = {
  ...{ ahead: AHEAD, lit: 1, dim: 0.3, plain: 1 },
};

/** The messages of a stretch of time that the reader wants to see. */
export function flightsIn(scene: Scene, { from, to }: Span): Flight[] {
  const { recording } = scene.viewer;
  const flights = recording.flightsBetween(from, to, from - recording.typicalJourney() * NOWHERE);
  return scene.lens.isNarrow ? flights.filter((one) => scene.lens.showsFlight(one)) : flights;
}

/** One of how many messages is drawn, when there are so many. */
export function thinning(count: number): number {
  let every = 1;
  while (count > DRAWN_MAX * every) every *= 2;
  return every;
}

/** One of so many messages. Which ones depends on the message alone, so that nothing flickers while the window moves. */
export function thinned(flights: Flight[], every: number): Flight[] {
  return every === 1 ? flights : flights.filter((one) => scatter(one) % every === 0);
}

/** The messages of a window in the future that was left, but for those that this one has as well. */
export function ghostsIn({ scene, span }: Sheet): Flight[] {
  const { ghost, viewer } = scene;
  if (ghost === undefined || span.to < ghost.fromMs) return [];
  const from = Math.max(span.from, ghost.fromMs);
  const result: Flight[] = [];
  for (const flight of ghost.recording.flightsBetween(from, span.to)) {
    const same = viewer.recording.flight(flight.message, flight.to);
    if (same?.sentAt === flight.sentAt && same.arrivedAt === flight.arrivedAt) continue;
    if (flight.arrivedAt !== undefined) result.push(flight);
    if (result.length >= DRAWN_MAX) break;
  }
  return result;
}

/** Draws messages of the future that was left: to be seen, and not to be touched. */
export function drawGhosts(pen: Pen, { scene, x, y }: Sheet, flights: readonly Flight[]): void {
  for (const type of new Set(flights.map((flight) => flight.type))) {
    const stroke = scene.palette.colour(type);
    pen.use({ stroke, width: 1.2, dash: [1, 5], cap: 'round', alpha: 0.6 });
    for (const flight of flights) {
      const [from, to] = [y(flight.from), y(flight.to)];
      if (flight.type !== type || from === undefined || to === undefined) continue;
      pen.move(x(flight.sentAt), from);
      pen.line(x(flight.arrivedAt!), to);
    }
  }
}

/** A number that is as good as random, the same for the same message. */
function scatter({ sendIndex }: Flight): number {
  return Math.imul(sendIndex + 1, 0x9e_37_79_b1) >>> 16;
}

/** Where the messages of a window lie, from their sending to their arrival. */
export function linesOf(sheet: Sheet, flights: readonly Flight[]): LanesLine[] {
  const { scene, x, y } = sheet;
  const usual = scene.viewer.recording.typicalJourney();
  const lines: LanesLine[] = [];
  for (const flight of flights) {
    const [from, to] = [y(flight.from), y(flight.to)];
    if (from === undefined || to === undefined) continue;
    const arrived = flight.arrivedAt !== undefined;
    const endTime = flight.arrivedAt ?? flight.sentAt + usual * NOWHERE;
    lines.push({
      ...{ flight, x1: x(flight.sentAt), y1: from, x2: x(endTime) },
      ...{ y2: arrived ? to : (from + to) / 2, isLoop: from === to },
      emphasis: emphasisOf(sheet, flight),
    });
  }
  return lines;
}

/** How far the bend of a message to its own sender rises. */
const LOOP = 16;

/** Draws lines, look after look. */
export function drawLines(pen: Pen, { scene }: Sheet, lines: readonly LanesLine[]): void {
  const groups = new Map<string, LanesLine[]>();
  for (const line of lines) {
    const { flight, emphasis } = line;
    const key = `${emphasis} ${scene.viewer.isSelected(flight)} ${flight.arrivedAt === undefined} ${flight.type}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  // In the same order wherever they are drawn, what is dim below what is lit: a tile may begin with another message than its neighbour.
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [, group] of ordered) drawAlike(pen, scene, group);
}

function drawAlike(pen: Pen, scene: Scene, group: readonly LanesLine[]): void {
  const [{ flight, emphasis }] = group as [LanesLine];
  const isSelected = scene.viewer.isSelected(flight);
  const isArrived = flight.arrivedAt !== undefined;
  const stroke = scene.palette.colour(flight.type);
  const alpha = isSelected ? 1 : ALPHAS[emphasis];
  const width = isSelected ? 3 : emphasis === 'lit' ? 1.9 : 1.3;
  const dash = isArrived ? scene.palette.dashes(flight.type) : [2, 4];
  pen.use({ stroke, width, alpha, ...(dash.length === 0 ? {} : { dash }) });
  for (const { x1, y1, x2, y2, isLoop } of group) {
    pen.move(x1, y1);
    if (isLoop) pen.bend((x1 + x2) / 2, y1 - LOOP, x2, y1);
    else pen.line(x2, y2);
  }
  pen.use({ fill: stroke, alpha });
  for (const { x1, y1 } of group) pen.circle(x1, y1, 2.6);
  if (isArrived) {
    pen.use({ fill: 'var(--parley-surface)', stroke, width: 1.3, alpha });
    for (const { x2, y2, flight: one } of group) {
      if (one.dropped === undefined) pen.circle(x2, y2, 2.6);
    }
  }
  pen.use({ stroke: 'var(--parley-bad)', width: 1.8, alpha });
  for (const { x2, y2, flight: one } of group) if (one.dropped !== undefined) cross(pen, x2, y2, 4);
}

function cross(pen: Pen, x: number, y: number, size: number): void {
  for (const sign of [1, -1]) {
    pen.move(x - size, y - size * sign);
    pen.line(x + size, y + size * sign);
  }
}

function emphasisOf(sheet: Sheet, flight: Flight): Emphasis {
  const { step } = sheet;
  const { arriveIndex, sendIndex } = flight;
  if (sheet.coneOf === undefined) return sendIndex >= step ? 'ahead' : 'plain';
  if (arriveIndex === undefined) return 'dim';
  const cone = sheet.coneOf(sendIndex, flight.from);
  // A message belongs to the past or the future when both of its ends do.
  return cone !== 'concurrent' && sheet.coneOf(arriveIndex, flight.to) === cone ? 'lit' : 'dim';
}

/** The events of a window that get a mark at their lane: outputs, timers, ends, complaints, violations. */
export function marksIn(sheet: Sheet): LanesMark[] {
  const { scene, span, x, y } = sheet;
  const { recording } = scene.viewer;
  const { asides, events } = recording;
  const first = countWhere(asides.length, (at) => events[asides[at]!]!.time < span.from);
  const result: LanesMark[] = [];
  /** Of each lane and shape, the place of the last mark: what would cover it is left out. */
  const last = new Map<string, number>();
  for (let at = first; at < asides.length && result.length < DRAWN_MAX; at++) {
    const index = asides[at]!;
    const event = events[index]!;
    if (event.time > span.to) break;
    const shape = markShape(event);
    if (shape === undefined || !scene.lens.showsMark(event)) continue;
    const lane = y(event.node);
    if (lane === undefined) continue;
    const emphasis = markEmphasis(sheet, index, event.node);
    const place = `${lane} ${shape} ${emphasis}`;
    const across = x(event.time);
    if (across - (last.get(place) ?? -Infinity) < MARK_STEP) continue;
    last.set(place, across);
    result.push({ index, x: across, y: lane, shape, emphasis });
  }
  return result;
}

function markEmphasis({ coneOf, step }: Sheet, index: number, node: NodeId): Emphasis {
  const cone = coneOf?.(index, node);
  if (cone === undefined) return index >= step ? 'ahead' : 'plain';
  return cone === 'concurrent' ? 'dim' : 'lit';
}

type MarkShape = 'diamond' | 'tick' | 'fault' | 'violation' | 'square' | 'warning';

const INK = 'var(--parley-ink-2)';
const SURFACE = 'var(--parley-surface)';
const BAD = 'var(--parley-bad)';

/** Marks of the same look are drawn together. */
const MARK_LOOKS: { readonly [shape in MarkShape]: Look } = {
  diamond: { fill: SURFACE, stroke: INK, width: 1.5 },
  tick: { stroke: INK, width: 1.5 },
  fault: { stroke: INK, width: 1.5 },
  violation: { stroke: BAD, width: 2.4 },
  square: { fill: SURFACE, stroke: INK, width: 1.5 },
  warning: { fill: BAD },
};

const POINTS = {
  diamond: [
    [0, -6],
    [6, 0],
    [0, 6],
    [-6, 0],
  ],
  square: [
    [-3.5, -3.5],
    [3.5, -3.5],
    [3.5, 3.5],
    [-3.5, 3.5],
  ],
  warning: [
    [0, -9],
    [4, -3],
    [-4, -3],
  ],
} as const;

/** Draws marks. */
export function drawMarks(pen: Pen, marks: readonly LanesMark[]): void {
  for (const shape of new Set(marks.map((mark) => mark.shape))) {
    for (const emphasis of ['ahead', 'dim', 'plain', 'lit'] as const) {
      pen.use({ ...MARK_LOOKS[shape], alpha: ALPHAS[emphasis] });
      for (const mark of marks) {
        if (mark.shape !== shape || mark.emphasis !== emphasis) continue;
        const { x, y } = mark;
        if (shape === 'tick') {
          pen.move(x, y - 5);
          pen.line(x, y + 5);
        } else if (shape === 'fault' || shape === 'violation') cross(pen, x, y, 6);
        else turned(pen, POINTS[shape], x, y, 0);
      }
    }
  }
}

function markShape(event: TraceEvent): MarkShape | undefined {
  switch (event.kind) {
    case 'output':
      return 'diamond';
    case 'timer':
      return 'tick';
    case 'fault':
    case 'violation':
      return event.kind;
    case 'status':
      return event.status === 'running' ? undefined : 'square';
    case 'log':
      return event.level === 'warn' || event.level === 'error' ? 'warning' : undefined;
    case 'send':
    case 'deliver':
    case 'drop':
    case 'state':
      return undefined;
  }
}
