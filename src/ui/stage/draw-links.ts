/** Who knows whom: the lines behind the messages. */

import { nothing, svg, type TemplateResult } from 'lit';
import type { PictureLink } from '../../lab/picture.ts';
import { linkEnds, type Point } from './layout.ts';

/** So many links are drawn in full strength. */
const LINKS_FULL = 60;

/** So many links have arrow heads; more of them would hide the nodes they point to. */
const HEADS_MAX = 150;

/** Draws links. A dense mesh is a tint behind the messages, not a wall. */
export function drawLinks(
  links: readonly PictureLink[],
  places: ReadonlyMap<string, Point>,
  reach: number,
): TemplateResult {
  const lines: string[] = [];
  const heads: TemplateResult[] = [];
  for (const { from, to, directed } of links) {
    const [start, end] = [places.get(from), places.get(to)];
    if (start === undefined || end === undefined) continue;
    const [a, b] = linkEnds(start, end, reach);
    lines.push(`M${tenth(a.x)} ${tenth(a.y)}L${tenth(b.x)} ${tenth(b.y)}`);
    if (!directed || links.length > HEADS_MAX) continue;
    const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
    heads.push(
      svg`<path class="head" d="M0 0-7 3.5-7-3.5z"
        transform="translate(${tenth(b.x)} ${tenth(b.y)}) rotate(${Math.round(angle)})" />`,
    );
  }
  const strength = Math.max(0.15, Math.min(1, LINKS_FULL / links.length));
  return svg`<g opacity=${strength}>
    <path class="link" d=${lines.join('')} />
    ${heads.length === 0 ? nothing : heads}
  </g>`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
