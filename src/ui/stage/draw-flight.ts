/** What of a message on its way is an element of the page: its place for the keyboard, and what a hand holds. */

import { svg, type TemplateResult } from 'lit';
import type { Flight } from '../../lab/playback.ts';
import type { Point } from './layout.ts';

/** A message that a hand holds, pointing to the right. */
const ARROW = 'M8 0-5 5.5-5-5.5z';

/** The place of a message that a screen reader names and the keyboard reaches; what is seen there is drawn on the canvas. */
export function drawOption(
  { type, from, to }: Flight,
  { x, y }: Point,
  selected: boolean,
  index: number,
): TemplateResult {
  return svg`<g
    class="flight ${selected ? 'selected' : ''}"
    role="option"
    tabindex="-1"
    aria-selected=${selected ? 'true' : 'false'}
    aria-label="${type} from ${from} to ${to}"
    data-index=${index}
    transform="translate(${tenth(x)} ${tenth(y)})"
  ><circle class="target" r="13" /></g>`;
}

/** Draws a message that a hand holds. */
export function drawGrabbed({ x, y }: Point, colour: string): TemplateResult {
  return svg`<g class="grabbed" transform="translate(${x} ${y}) scale(1.5)" aria-hidden="true">
    <circle r="11" />
    <path d=${ARROW} fill=${colour} />
  </g>`;
}

/** Nobody sees less than a tenth of a pixel, and short numbers are quicker to read for the browser, too. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
