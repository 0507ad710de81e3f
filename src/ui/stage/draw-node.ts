/** One node of the topology: outline by its part, ring by its status, words beneath. */

import { nothing, svg, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { filledPart } from './gauge.ts';
import { placeWords, type Layout, type Point } from './layout.ts';
import { outline, STATUS_LOOKS, type Shape } from './looks.ts';
import type { SceneNode } from './scene.ts';

/** What is to be drawn. */
export interface NodeDrawing {
  readonly node: SceneNode;
  readonly place: Point;
  readonly layout: Layout;
  readonly selected: boolean;
  /** How high it is filled, from 0 to 1, where nodes are compared. */
  readonly level: number | undefined;
  /** The event at the cursor happened here. */
  readonly current: boolean;
  /** The tab key reaches it. */
  readonly focusable: boolean;
  /** The part that it plays at this moment in the future that was left, where that is another. */
  readonly ghostRole: string | undefined;
  readonly onSelect: () => void;
}

/** Below this radius there is no room for a second line inside. */
const BADGE_RADIUS = 18;
/** A longer badge stands beneath the node. */
const INNER_BADGE_LENGTH = 6;
/** Letters of badges beneath a node; the inspector has them all. */
const BADGES_LENGTH_MAX = 26;
/** Below this radius there is no room for the id inside. */
const ID_RADIUS = 9;

/** Draws a node. */
export function drawNode(drawing: NodeDrawing): TemplateResult {
  const { node, place, layout, level, selected, current, focusable, onSelect } = drawing;
  const { radius, reach } = layout;
  const status = STATUS_LOOKS[node.status];
  const badge = radius >= BADGE_RADIUS ? innerBadge(node) : '';
  const classes = { node: true, selected, current, faded: status.faded };
  return svg`<g
    class=${classMap(classes)}
    role="option"
    tabindex=${focusable ? 0 : -1}
    aria-selected=${selected ? 'true' : 'false'}
    aria-label=${label(node, badge)}
    transform="translate(${place.x} ${place.y})"
    @click=${onSelect}
  >
    ${radius < ID_RADIUS ? svg`<title>${node.id}</title>` : nothing}
    <circle class="halo" r=${reach + 5} />
    <circle
      class="ring"
      r=${reach}
      stroke=${status.colour}
      stroke-width=${radius > 12 ? 3 : 1.6}
      stroke-dasharray=${status.dashed ? '5 5' : 'none'}
    />
    ${drawOutline(node.look.shape, radius, node.look.colour)}
    ${level === undefined ? nothing : svg`<path class="level" d=${filledPart(node.look.shape, radius, level)} fill=${node.look.colour} />`}
    ${
      radius >= ID_RADIUS
        ? svg`<text class="id" y=${badge === '' ? radius * 0.18 : radius * 0.04}
            font-size=${idSize(node.id, radius)}>${node.id}</text>`
        : nothing
    }
    ${badge === '' ? nothing : svg`<text class="badge" y=${radius * 0.52} style=${badgeSize(badge, radius)}>${badge}</text>`}
    ${drawSign(status.sign, status.colour, reach)}
    ${drawWords(drawing)}
  </g>`;
}

/** The outline of a part, filled. */
export function drawOutline(shape: Shape, radius: number, colour: string): TemplateResult {
  const width = radius > 12 ? 2.3 : 1.8;
  const path = outline(shape, radius);
  if (path !== undefined) {
    return svg`<path class="body" d=${path} stroke=${colour} stroke-width=${width}
      stroke-linejoin="round" />`;
  }
  return svg`<circle class="body" r=${radius} stroke=${colour} stroke-width=${width} />${
    shape === 'double' && radius > 7
      ? svg`<circle class="inner" r=${radius - 4} stroke=${colour} stroke-width="1.2" />`
      : nothing
  }`;
}

function drawSign(sign: string, colour: string, reach: number): TemplateResult | typeof nothing {
  if (sign === '' || reach < 12) return nothing;
  const at = reach * 0.74;
  return svg`<g class="sign" transform="translate(${at} ${-at})">
    <circle r="8" fill=${colour} />
    <text y="3.6" aria-hidden="true">${sign}</text>
  </g>`;
}

function drawWords({
  node,
  place,
  layout,
  selected,
  ghostRole,
}: NodeDrawing): TemplateResult | typeof nothing {
  if (!layout.labelled && !selected) return nothing;
  const role = partOf(node);
  const name = layout.radius < ID_RADIUS ? `${node.id} ` : '';
  const words = `${name}${role}${ghostRole === undefined ? '' : ` (before: ${ghostRole})`}`;
  const badges = innerBadge(node) === '' && !layout.isLow ? shorten(node.badges.join(' · ')) : '';
  const { x, y, anchor, above } = placeWords(place, layout);
  const style = `text-anchor: ${anchor}`;
  if (badges === '') return svg`<text class="words" x=${x} y=${y} style=${style}>${words}</text>`;
  // Above a node the first line makes room for the second, below it the other way round.
  const [first, second] = above ? ['-1.2em', '0'] : ['0', '1.25em'];
  return svg`<text class="words" x=${x} y=${y} dy=${first} style=${style}>${words}</text>
    <text class="words badge" x=${x} y=${y} dy=${second} style=${style}>${badges}</text>`;
}

/** The part that a node plays. Whoever is gone plays none, whatever it said last. */
export function partOf({ isGone, role, status }: SceneNode): string {
  return (isGone ? undefined : role) ?? STATUS_LOOKS[status].word;
}

function innerBadge({ badges }: SceneNode): string {
  const text = badges.join(' ');
  return text.length <= INNER_BADGE_LENGTH ? text : '';
}

function shorten(text: string): string {
  return text.length > BADGES_LENGTH_MAX ? `${text.slice(0, BADGES_LENGTH_MAX - 1)}…` : text;
}

function idSize(id: string, radius: number): string {
  return `${Math.min(14, (radius * 2.6) / Math.max(2, id.length)) / 16}rem`;
}

/** As large as small type is, unless the chord of the node is shorter than the words. */
function badgeSize(badge: string, radius: number): string {
  return `font-size: min(0.6563rem, ${((radius * 2.6) / Math.max(4, badge.length)).toFixed(1)}px)`;
}

/** What is written at the node, in that order, so that speech input finds it by what is seen; then its status. */
function label(node: SceneNode, badge: string): string {
  const { word } = STATUS_LOOKS[node.status];
  const seen = [node.id, badge, node.role, badge === '' ? node.badges.join(' · ') : ''];
  return [seen.filter(Boolean).join(' '), word].filter(Boolean).join(', ');
}
