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

/** A closed shape of points around a place, turned. @param angle radians, clockwise */
export function turned(
  pen: Pen,
  points: readonly (readonly [x: number, y: number])[],
  x: number,
  y: number,
  angle: number,
  scale = 1,
): void {
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  for (const [index, [px, py]] of points.entries()) {
    const [atX, atY] = [x + px * cos - py * sin, y + px * sin + py * cos];
    if (index === 0) pen.move(atX, atY);
    else pen.line(atX, atY);
  }
  pen.close();
}
