/** One message on its way: an arrowhead with a tail, placed by time alone. */

import { nothing, svg, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { FlightMoment } from '../../lab/picture.ts';
import { linkEnds, placeFlight, placeLoop, type Layout, type Point } from './layout.ts';

/** What is to be drawn. */
export interface FlightDrawing {
  readonly moment: FlightMoment;
  readonly from: Point;
  readonly to: Point;
  readonly layout: Layout;
  readonly colour: string;
  readonly selected?: boolean;
  /** Of another future: to be seen, and not to be touched. */
  readonly isGhost?: boolean;
  /** One of very many: its head is all that can be seen of it. */
  readonly isCrowded?: boolean;
  readonly onSelect?: (event: MouseEvent) => void;
  readonly onPress?: (event: PointerEvent) => void;
}

/** The head of a message, pointing to the right. */
const ARROW = 'M8 0-5 5.5-5-5.5z';
/** Answers are hollow. */
const HOLLOW = 'var(--parley-surface)';

/** Draws a message. */
export function drawFlight(drawing: FlightDrawing): TemplateResult {
  const { moment, from, to, layout, colour, onSelect, onPress } = drawing;
  const { selected = false, isGhost = false } = drawing;
  const { flight, progress, fate } = moment;
  const at =
    from === to
      ? placeLoop(from, layout.centre, layout.reach, progress)
      : placeFlight(from, to, layout.reach, progress);
  const isAnswer = flight.role === 'reply' || flight.role === 'error';
  const size = layout.radius < 12 ? 0.7 : 1;
  // One attribute changes from frame to frame: everything in it stays where it is.
  const turn = `translate(${tenth(at.x)} ${tenth(at.y)}) rotate(${Math.round(at.angle)})`;
  if (isGhost) return svg`<path class="ghost" transform=${turn} d=${ARROW} stroke=${colour} />`;
  const tail = Math.round(Math.hypot(at.x - at.tail.x, at.y - at.tail.y));
  const isCrowded = drawing.isCrowded === true && !selected;
  return svg`<g
    class=${classMap({ flight: true, selected, lost: fate === 'lost' })}
    role="option"
    tabindex="-1"
    aria-selected=${selected ? 'true' : 'false'}
    aria-label="${flight.type} from ${flight.from} to ${flight.to}"
    transform=${turn}
    @click=${onSelect}
    @pointerdown=${onPress}
  >
    ${
      isCrowded
        ? nothing
        : svg`<path class="tail" d="M${-tail} 0L0 0" stroke=${colour} />
          <circle class="target" r="12" />`
    }
    <path
      d=${ARROW}
      transform=${size === 1 ? nothing : `scale(${size})`}
      fill=${isAnswer ? HOLLOW : colour}
      stroke=${colour}
      stroke-width="1.6"
      stroke-linejoin="round"
    />
    ${fate === 'lost' ? svg`<path class="cross" d="M-6-6 6 6M6-6-6 6" />` : nothing}
  </g>`;
}

/** Nobody sees less than a tenth of a pixel, and short numbers are quicker to read for the browser, too. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Draws a message that a hand holds. */
export function drawGrabbed({ x, y }: Point, colour: string): TemplateResult {
  return svg`<g class="grabbed" transform="translate(${x} ${y}) scale(1.5)" aria-hidden="true">
    <circle r="11" />
    <path d=${ARROW} fill=${colour} />
  </g>`;
}

/** Draws what a message leaves on its link for a moment. */
export function drawTrace(
  from: Point,
  to: Point,
  reach: number,
  colour: string,
  strength: number,
): TemplateResult {
  const [a, b] = linkEnds(from, to, reach);
  return svg`<path class="trace" d="M${a.x} ${a.y}L${b.x} ${b.y}" stroke=${colour}
    opacity=${Math.max(0, Math.min(1, strength)) * 0.7} />`;
}
