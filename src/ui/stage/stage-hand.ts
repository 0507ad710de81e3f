/** What a pointer does on the stage: draws a line that cuts the network, or grabs a message in flight. */

import type { Flight } from '../../lab/playback.ts';
import type { CutLine } from './cut-line.ts';
import type { Point } from './layout.ts';

/** A message that is held by the pointer. */
export interface Grab {
  readonly flight: Flight;
  readonly at: Point;
}

/** What happens then. */
export interface StageHandHost {
  /** Where a pointer is on the stage. */
  placeOf(event: PointerEvent): Point;
  /** A message was taken up: its time stands still. */
  grabbed(flight: Flight): void;
  /** It was let go. */
  released(grab: Grab): void;
  /** A line was drawn. */
  drawn(line: CutLine): void;
  changed(): void;
}

/** A hand that moved less has clicked, in CSS pixels. */
const MOVED_MIN = 6;

/** One pointer's doing. */
export class StageHand {
  line: CutLine | undefined;
  grab: Grab | undefined;
  readonly #host: StageHandHost;
  #pressed: { readonly flight: Flight; readonly at: Point } | undefined;
  #swallowClick = false;

  constructor(host: StageHandHost) {
    this.#host = host;
  }

  /** The click that follows a drag means nothing. */
  takesClick(): boolean {
    const takes = this.#swallowClick;
    this.#swallowClick = false;
    return takes;
  }

  /** A line begins on the ground. */
  beginLine(event: PointerEvent): void {
    if (event.button !== 0 || event.target !== event.currentTarget) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const from = this.#host.placeOf(event);
    this.line = { from, to: from, isOneWay: event.shiftKey };
    this.#swallowClick = false;
    this.#host.changed();
  }

  /** A message was pressed. */
  press(event: PointerEvent, flight: Flight): void {
    this.#swallowClick = false;
    if (event.button === 0) this.#pressed = { flight, at: this.#host.placeOf(event) };
  }

  move(event: PointerEvent): void {
    const to = this.#host.placeOf(event);
    if (this.line !== undefined) this.line = { ...this.line, to, isOneWay: event.shiftKey };
    else if (this.#pressed !== undefined) this.#drag(event, to);
    else return;
    this.#host.changed();
  }

  end(): void {
    const { line, grab } = this;
    this.cancel();
    if (line !== undefined && distance(line.from, line.to) >= MOVED_MIN) this.#swallowClick = true;
    if (line !== undefined) this.#host.drawn(line);
    if (grab !== undefined) this.#host.released(grab);
  }

  cancel(): void {
    this.line = undefined;
    this.grab = undefined;
    this.#pressed = undefined;
    this.#host.changed();
  }

  #drag(event: PointerEvent, at: Point): void {
    const { flight, at: from } = this.#pressed!;
    if (this.grab === undefined) {
      if (distance(from, at) < MOVED_MIN) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      this.#swallowClick = true;
      this.#host.grabbed(flight);
    }
    this.grab = { flight, at };
  }
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
