/**
 * What draws the busy parts of a picture: shapes and words, in looks of the theme. The same drawing goes onto a canvas, sixty times a
 * second, and into a file of SVG.
 */

/** How shapes look. Those that follow one another in the same look are one path, which is what makes a canvas quick. */
export interface Look {
  /** A colour of the theme, as CSS; nothing is filled unless given. */
  readonly fill?: string;
  readonly stroke?: string;
  /** Of the stroke, in pixels; 1 unless given. */
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly alpha?: number;
  readonly cap?: 'round';
}

/** How words look. */
export interface TextLook {
  readonly fill: string;
  /** In CSS, as for the property `font`. */
  readonly font: string;
  /** A rim around the letters in this colour, so that they can be read on anything. */
  readonly rim?: string;
  readonly alpha?: number;
}

/** Draws. Places are pixels. */
export interface Pen {
  /** The shapes that follow look so. */
  use(look: Look): void;
  move(x: number, y: number): void;
  line(x: number, y: number): void;
  /** A bend to a point, around another. */
  bend(aroundX: number, aroundY: number, x: number, y: number): void;
  circle(x: number, y: number, radius: number): void;
  /** Ends a shape where it began. */
  close(): void;
  text(text: string, x: number, y: number, look: TextLook): void;
  /** What follows is drawn inside of this alone, until the next one. */
  within(x: number, y: number, width: number, height: number): void;
  /** Draws what is still to be drawn. */
  end(): void;
}

type Points = readonly (readonly [x: number, y: number])[];

/** Points on a round corner at most so many radians from one another: rims are a pixel wide. */
const CORNER_STEP = 1.2;

/** A convex shape of points, clockwise on the screen, with a rim of so many pixels and round corners. */
export function grown(points: Points, by: number): Points {
  const directionAfter = (index: number): number => {
    const [x, y] = points[index % points.length]!;
    const [nextX, nextY] = points[(index + 1) % points.length]!;
    // To the outside of the edge that follows.
    return Math.atan2(nextY - y, nextX - x) - Math.PI / 2;
  };
  return points.flatMap(([x, y], index) => {
    const from = directionAfter(index + points.length - 1);
    const turn = (directionAfter(index) - from + 2 * Math.PI) % (2 * Math.PI);
    const steps = Math.max(1, Math.ceil(turn / CORNER_STEP));
    return Array.from({ length: steps + 1 }, (_, step) => {
      const angle = from + (turn * step) / steps;
      return [x + Math.cos(angle) * by, y + Math.sin(angle) * by] as const;
    });
  });
}

/** A closed shape of points around a place, turned. @param angle radians, clockwise */
export function turned(pen: Pen, points: Points, x: number, y: number, angle: number): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let isFirst = true;
  for (const [px, py] of points) {
    const atX = x + px * cos - py * sin;
    const atY = y + px * sin + py * cos;
    if (isFirst) pen.move(atX, atY);
    else pen.line(atX, atY);
    isFirst = false;
  }
  pen.close();
}
