/** Messages on their way, drawn with a pen: arrowheads with tails, placed by time alone; and which of them a hand reaches. */

import { grown, turned, type Look, type Pen } from '../kit/pen.ts';
import type { Flight } from '../../lab/playback.ts';
import type { FlightMoment } from '../../lab/picture.ts';
import {
  linkEnds,
  placeFlight,
  placeLoop,
  type Layout,
  type Placed,
  type Point,
} from './layout.ts';

/** A message at its place on the stage. */
export interface PlacedFlight extends FlightMoment {
  readonly at: Placed;
}

/** How messages are to be drawn. */
export interface FlightStyle {
  readonly colourOf: (type: string) => string;
  /** So many that only their heads are drawn: tails would cover one another. */
  readonly isCrowded: boolean;
  /** Nodes are small. */
  readonly isSmall: boolean;
}

/** The head of a message, pointing to the right. */
const ARROW = [
  [8, 0],
  [-5, 5.5],
  [-5, -5.5],
] as const;
const SMALL_ARROW = ARROW.map(([x, y]) => [x * 0.7, y * 0.7] as const);
/** The width of its rim. */
const RIM = 1.6;
/** The same with its rim as one shape: filling that is half of the work. */
const WHOLE = grown(ARROW, RIM / 2);
const SMALL_WHOLE = grown(SMALL_ARROW, RIM / 2);
/** Answers are hollow. */
const HOLLOW = 'var(--parley-surface)';
/** A hand reaches so far, in pixels. */
const REACH = 12;
const CROSS: Look = { stroke: 'var(--parley-bad)', width: 2, cap: 'round' };
const HALO: Look = { fill: 'var(--parley-sunken)', stroke: 'var(--parley-line-2)' };
const SELECTED: Look = { fill: 'var(--parley-accent-soft)', stroke: 'var(--parley-accent)' };

/** Where messages are; those whose ends are not on the stage are nowhere. */
export function placeFlights(
  moments: readonly FlightMoment[],
  places: ReadonlyMap<string, Point>,
  { centre, reach }: Layout,
): PlacedFlight[] {
  const result: PlacedFlight[] = [];
  for (const moment of moments) {
    const { flight, progress, fate } = moment;
    const [from, to] = [places.get(flight.from), places.get(flight.to)];
    if (from === undefined || to === undefined) continue;
    const at =
      from === to
        ? placeLoop(from, centre, reach, progress)
        : placeFlight(from, to, reach, progress);
    result.push({ flight, progress, fate, at });
  }
  return result;
}

/** The message that a hand at `point` reaches: the nearest, and of equal ones the one on top. */
export function flightNear(
  placed: readonly PlacedFlight[],
  { x, y }: Point,
): PlacedFlight | undefined {
  let nearest: PlacedFlight | undefined;
  let least = REACH;
  for (const one of placed) {
    const distance = Math.hypot(one.at.x - x, one.at.y - y);
    if (distance <= least) [nearest, least] = [one, distance];
  }
  return nearest;
}

/** Draws messages, kind after kind. */
export function drawFlights(pen: Pen, placed: readonly PlacedFlight[], style: FlightStyle): void {
  const arrow = style.isSmall ? SMALL_ARROW : ARROW;
  const whole = style.isSmall ? SMALL_WHOLE : WHOLE;
  const looks = new Map<string, PlacedFlight[]>();
  for (const one of placed) {
    const isAnswer = one.flight.role === 'reply' || one.flight.role === 'error';
    const key = `${one.fate === 'lost' ? 1 : 0}${isAnswer ? 1 : 0}${one.flight.type}`;
    const alike = looks.get(key);
    if (alike === undefined) looks.set(key, [one]);
    else alike.push(one);
  }
  for (const [key, alike] of looks) {
    const stroke = style.colourOf(alike[0]!.flight.type);
    const alpha = key[0] === '1' ? 0.75 : 1;
    if (!style.isCrowded) {
      pen.use({ stroke, width: 2, alpha: 0.4 * alpha, cap: 'round' });
      for (const { at } of alike) {
        pen.move(at.tail.x, at.tail.y);
        pen.line(at.x, at.y);
      }
    }
    const isHollow = key[1] === '1';
    pen.use(isHollow ? { fill: HOLLOW, stroke, width: RIM, alpha } : { fill: stroke, alpha });
    const shape = isHollow ? arrow : whole;
    for (const { at } of alike) turned(pen, shape, at.x, at.y, radians(at.angle));
    if (alpha === 1) continue;
    pen.use(CROSS);
    for (const { at } of alike) {
      for (const sign of [1, -1]) {
        pen.move(at.x - 6, at.y - 6 * sign);
        pen.line(at.x + 6, at.y + 6 * sign);
      }
    }
  }
}

/** Draws the ground under a message that a hand reaches, or that is selected. */
export function drawReached(pen: Pen, { at }: PlacedFlight, isSelected: boolean): void {
  pen.use(isSelected ? SELECTED : HALO);
  pen.circle(at.x, at.y, REACH);
}

/** Draws messages of another future: to be seen, and not to be touched. */
export function drawGhosts(
  pen: Pen,
  placed: readonly PlacedFlight[],
  colourOf: FlightStyle['colourOf'],
): void {
  const kinds = new Set(placed.map(({ flight }) => flight.type));
  for (const type of kinds) {
    pen.use({ stroke: colourOf(type), width: 1.4, dash: [3, 2], alpha: 0.75 });
    for (const { flight, at } of placed) {
      if (flight.type === type) turned(pen, ARROW, at.x, at.y, radians(at.angle));
    }
  }
}

/** What messages leave on their links for a moment. @param strengthOf from 0 to 1 */
export function drawTraces(
  pen: Pen,
  flights: readonly Flight[],
  places: ReadonlyMap<string, Point>,
  reach: number,
  colourOf: FlightStyle['colourOf'],
  strengthOf: (flight: Flight) => number,
): void {
  for (const flight of flights) {
    const [from, to] = [places.get(flight.from), places.get(flight.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const [a, b] = linkEnds(from, to, reach);
    const alpha = Math.max(0, Math.min(1, strengthOf(flight))) * 0.7;
    pen.use({ stroke: colourOf(flight.type), width: 2.4, alpha, cap: 'round' });
    pen.move(a.x, a.y);
    pen.line(b.x, b.y);
  }
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
