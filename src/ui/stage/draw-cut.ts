/** Cuts of the network on the stage: the line that is being drawn, and those that stand, to be rubbed out. */

import { nothing, svg, type TemplateResult } from 'lit';
import type { NodeId } from '../../core/id.ts';
import type { NetworkCut } from '../app/deeds.ts';
import { seamBetween } from './cut-seam.ts';
import type { CutLine } from './cut-line.ts';
import type { Point } from './layout.ts';

/** Half of the length of the knot where a cut has no line of its own, in pixels. */
const KNOT = 7;

/** The line, and where only one way is cut, an arrow head to the side that hears nothing any more. */
export function drawCut({ from, to, isOneWay }: CutLine): TemplateResult {
  return svg`<g class="cut" aria-hidden="true">
    <path d="M${from.x} ${from.y}L${to.x} ${to.y}" />
    ${isOneWay ? drawWay(from, to) : nothing}
  </g>`;
}

/** A cut that stands. Where no line keeps its sides apart, its links bear knots. */
export function drawSeam(
  { groups, isOneWay, heal }: NetworkCut,
  places: ReadonlyMap<NodeId, Point>,
  size: { readonly width: number; readonly height: number },
): TemplateResult {
  const [first = [], ...others] = groups;
  const second = others.flat();
  const seam = seamBetween(first, second, places, size);
  const words = `${first.join(', ')} ${isOneWay ? 'cannot be heard by' : 'cut off from'} ${second.join(', ')}`;
  return svg`<g
    class="seam"
    role="button"
    tabindex="0"
    aria-disabled=${heal === undefined ? 'true' : 'false'}
    aria-label="Heal: ${words}"
    @click=${() => heal?.()}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      heal?.();
    }}
  >
    <title>${words}${heal === undefined ? '' : '. Click to rub it out.'}</title>
    ${
      seam === undefined
        ? drawKnots(first, second, places)
        : svg`<path class="rub" d="M${seam.from.x} ${seam.from.y}L${seam.to.x} ${seam.to.y}" />
          <path class="stroke" d="M${seam.from.x} ${seam.from.y}L${seam.to.x} ${seam.to.y}" />
          ${isOneWay ? drawWay(seam.from, seam.to) : nothing}`
    }
  </g>`;
}

function drawWay(from: Point, to: Point): TemplateResult {
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const middle = `translate(${(from.x + to.x) / 2} ${(from.y + to.y) / 2}) rotate(${angle})`;
  return svg`<path class="way" transform=${middle} d="M-7 2 0 15 7 2z" />`;
}

/** Knots half-way between each two that cannot reach each other. */
function drawKnots(
  first: readonly NodeId[],
  second: readonly NodeId[],
  places: ReadonlyMap<NodeId, Point>,
): readonly TemplateResult[] {
  return first.flatMap((a) =>
    second.map((b) => {
      const [from, to] = [places.get(a), places.get(b)];
      if (from === undefined || to === undefined) return svg``;
      const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
      return svg`<path class="stroke knot" d="M${x - KNOT} ${y - KNOT}L${x + KNOT} ${y + KNOT}" />`;
    }),
  );
}
