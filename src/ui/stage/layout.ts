/** Where things stand on the stage: formulas, no simulation, so that the same run looks the same everywhere. */

/** A place on the stage, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Nodes on a ring. */
export interface Layout {
  readonly places: readonly Point[];
  readonly centre: Point;
  /** Radius of a node's outline. */
  readonly radius: number;
  /** Radius of the status ring around it: links and messages end there. */
  readonly reach: number;
  /** Whether there is room for a word at each node. */
  readonly labelled: boolean;
  /** Whether there is room for one line of words alone. */
  readonly isLow: boolean;
}

const RADIUS_MAX = 27;
const RADIUS_MIN = 5;
/** Room for half a word beside a node, and for two lines above or below it. */
const LABEL_MARGIN: Point = { x: 70, y: 46 };
/** Where the stage is low there is room for one line alone. */
const LOW_HEIGHT = 300;
const LOW_MARGIN = 34;
/** A ring is so many times as wide as high at most; a low one is flatter, or its nodes would touch. */
const FLATNESS = 1.35;
const LOW_FLATNESS = 1.8;
/** Below this much room for each node on the ring, words would run into one another. */
const LABELLED_SPACING = 64;
/** A line of words of usual length, e.g. `departed`, above and below its baseline. */
const WORD = { width: 58, up: 10, down: 3 };
/** Words nearer than this to another node's ring seem to touch it. */
const WORD_AIR = 2;

/** Puts `count` nodes on a ring, clockwise from the top, with room for words around it unless `margin` says otherwise. */
export function ringLayout(
  count: number,
  width: number,
  height: number,
  margin: Point = {
    x: Math.min(LABEL_MARGIN.x, width * 0.12),
    y: height < LOW_HEIGHT ? LOW_MARGIN : LABEL_MARGIN.y,
  },
): Layout {
  const centre = { x: width / 2, y: height / 2 };
  const outer = Math.min(width / 2 - margin.x, height / 2 - margin.y);
  const spacing = count < 2 ? Infinity : (2 * Math.PI * outer) / count;
  const radius = Math.max(
    RADIUS_MIN,
    Math.min(RADIUS_MAX, spacing * 0.26, Math.min(width, height) * 0.085),
  );
  const reach = radius + Math.max(3, radius * 0.34);
  const verticalRadius = Math.max(0, height / 2 - margin.y - reach);
  const horizontalRadius = Math.max(
    0,
    Math.min(
      width / 2 - margin.x - reach,
      verticalRadius * (height < LOW_HEIGHT ? LOW_FLATNESS : FLATNESS),
    ),
  );
  const places: Point[] = [];
  // Two nodes stand side by side: a message between them reads like a line of text.
  const first = count === 2 ? Math.PI : -Math.PI / 2;
  for (let i = 0; i < count; i++) {
    const angle = first + (i * 2 * Math.PI) / count;
    places.push(
      count === 1
        ? centre
        : {
            x: centre.x + horizontalRadius * Math.cos(angle),
            y: centre.y + verticalRadius * Math.sin(angle),
          },
    );
  }
  return {
    places,
    centre,
    radius,
    reach,
    labelled: spacing >= LABELLED_SPACING,
    isLow: height < LOW_HEIGHT,
  };
}

/** Where the words of a node begin, end or have their middle, seen from the node. */
export interface WordsPlace extends Point {
  readonly anchor: 'start' | 'middle' | 'end';
  /** Further lines stand over the first, not under it. */
  readonly above: boolean;
}

/**
 * Places the words of a node: outside, away from the links, where they keep off the other nodes and on the stage; if nowhere, where they
 * are furthest from them. What the words are makes no difference, so that they stay when a part changes.
 */
export function placeWords(place: Point, layout: Layout): WordsPlace {
  const { centre, reach } = layout;
  const above: WordsPlace = { x: 0, y: -reach - 9, anchor: 'middle', above: true };
  const below: WordsPlace = { x: 0, y: reach + 17, anchor: 'middle', above: false };
  const right: WordsPlace = { x: reach + 7, y: 4, anchor: 'start', above: false };
  const left: WordsPlace = { x: -reach - 7, y: 4, anchor: 'end', above: false };
  const columns = place.y < centre.y - reach * 0.9 ? [above, below] : [below, above];
  const rows = place.x < centre.x ? [left, right] : [right, left];
  let [best, most] = [columns[0]!, -Infinity];
  for (const words of [columns[0]!, rows[0]!, columns[1]!, rows[1]!]) {
    const room = roomOf(place, words, layout);
    if (room >= WORD_AIR) return words;
    if (room > most) [best, most] = [words, room];
  }
  return best;
}

/** How far words are from the nearest ring of another node, in pixels; far below 0 where they leave the stage. */
function roomOf(
  place: Point,
  { x, y, anchor }: WordsPlace,
  { places, centre, reach }: Layout,
): number {
  const from = place.x + x - { start: 0, middle: WORD.width / 2, end: WORD.width }[anchor];
  const [to, top, bottom] = [from + WORD.width, place.y + y - WORD.up, place.y + y + WORD.down];
  if (from < 0 || to > 2 * centre.x || top < 0 || bottom > 2 * centre.y) return -2 * reach;
  let room = Infinity;
  for (const other of places) {
    const dx = Math.max(from - other.x, other.x - to, 0);
    const dy = Math.max(top - other.y, other.y - bottom, 0);
    room = Math.min(room, Math.hypot(dx, dy) - reach);
  }
  return room;
}

/** Where a message is drawn, and which way it points. */
export interface Placed extends Point {
  /** Degrees, 0 to the right, clockwise. */
  readonly angle: number;
  /** Where its tail begins. */
  readonly tail: Point;
}

/** Messages keep to the right of their link, so that the two directions do not hide each other. */
const LANE_OFFSET = 5;
/** Length of a tail as a part of the way. */
const TAIL = 0.22;

/** Places a message on its way between the rings of two nodes. */
export function placeFlight(from: Point, to: Point, reach: number, progress: number): Placed {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const way = Math.max(0, length - 2 * reach);
  const at = (part: number): Point => ({
    x: from.x + ux * (reach + way * part) - uy * LANE_OFFSET,
    y: from.y + uy * (reach + way * part) + ux * LANE_OFFSET,
  });
  return {
    ...at(progress),
    angle: (Math.atan2(dy, dx) * 180) / Math.PI,
    tail: at(Math.max(0, progress - TAIL)),
  };
}

/** Places a message that a node sends to itself: on a small loop outside the ring. */
export function placeLoop(node: Point, centre: Point, reach: number, progress: number): Placed {
  const outward = Math.atan2(node.y - centre.y, node.x - centre.x);
  const loop = reach * 0.55;
  const middle = {
    x: node.x + Math.cos(outward) * (reach + loop * 0.5),
    y: node.y + Math.sin(outward) * (reach + loop * 0.5),
  };
  const turn = (part: number): number => outward - Math.PI * 0.75 + part * Math.PI * 1.5;
  const at = (part: number): Point => ({
    x: middle.x + Math.cos(turn(part)) * loop,
    y: middle.y + Math.sin(turn(part)) * loop,
  });
  return {
    ...at(progress),
    angle: (turn(progress) * 180) / Math.PI + 90,
    tail: at(Math.max(0, progress - TAIL)),
  };
}

/** The stretch of a link between the rings of its nodes. */
export function linkEnds(from: Point, to: Point, reach: number): readonly [Point, Point] {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(0.5, reach / length);
  const along = (t: number): Point => ({
    x: from.x + (to.x - from.x) * t,
    y: from.y + (to.y - from.y) * t,
  });
  return [along(part), along(1 - part)];
}
