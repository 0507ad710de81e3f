/** The picture of a chapter on its card: a real run, small. Its topology on the left, its messages in time on the right. */

import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import type { ChapterEntry, LabService } from '../../lab/lab-service.ts';
import { flightsAt, linksOf } from '../../lab/picture.ts';
import { base } from '../kit/styles.ts';
import { linkEnds, placeFlight, ringLayout, type Point } from '../stage/layout.ts';
import { drawOutline } from '../stage/draw-node.ts';
import { thumbnailRun, type ThumbnailRun } from './thumbnail-runs.ts';

const WIDTH = 320;
const HEIGHT = 128;
const RING_WIDTH = 124;
const MARGIN: Point = { x: 10, y: 14 };
const LANES_FROM = 140;
const LANES_TO = 306;
/** Messages drawn as lines: the beginning of the run, where its shape shows. */
const LINES_MAX = 60;
/** More lanes than this are a grey field. */
const LANES_MAX = 14;
/** Cards so near to the screen are drawn before they are seen. */
const AHEAD = '400px';
/** Looks of the card while its run is not there. */
const PLACEHOLDER_NODES = 5;

/** `<parley-thumbnail .service=… .chapter=…>`. */
export class ParleyThumbnail extends LitElement {
  static override properties = {
    service: { attribute: false },
    chapter: { attribute: false },
    picture: { state: true },
  };
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: 100%;
        background: var(--parley-sunken);
      }

      .link,
      .lane {
        stroke: var(--parley-line-2);
      }

      .body {
        fill: var(--parley-surface);
      }

      .inner {
        fill: none;
      }

      .line {
        stroke-width: 1.4;
      }
    `,
  ];
  declare service: LabService | undefined;
  declare chapter: ChapterEntry | undefined;
  declare picture: ThumbnailRun | undefined;
  readonly #gone = new AbortController();
  readonly #observer = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void this.#load();
    },
    { rootMargin: AHEAD },
  );

  constructor() {
    super();
    this.picture = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#gone.abort();
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.#observer.observe(this);
  }

  protected override render(): unknown {
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="xMinYMid slice"
      fill="none"
      aria-hidden="true"
    >
      ${this.picture === undefined ? placeholder() : drawRun(this.picture)}
    </svg>`;
  }

  async #load(): Promise<void> {
    this.#observer.disconnect();
    if (this.service === undefined || this.chapter === undefined) return;
    this.picture = await thumbnailRun(this.service, this.chapter, this.#gone.signal);
  }
}

function placeholder(): TemplateResult {
  const { places, radius } = ringLayout(PLACEHOLDER_NODES, RING_WIDTH, HEIGHT, MARGIN);
  return svg`${places.map(({ x, y }) => svg`<circle class="lane" cx=${x} cy=${y} r=${radius} />`)}
    ${[0, 1, 2, 3, 4].map((row) => lane(row, 5))}`;
}

function drawRun(run: ThumbnailRun): TemplateResult {
  return svg`${drawRing(run)} ${drawLanes(run)}`;
}

function drawRing({ nodes, recording, scene }: ThumbnailRun): TemplateResult {
  const layout = ringLayout(nodes.length, RING_WIDTH, HEIGHT, MARGIN);
  const reach = layout.radius + 1;
  const places = new Map(nodes.map(({ id }, index) => [id, layout.places[index]!]));
  const links = nodes.length > 40 ? [] : linksOf(nodes);
  const flights = flightsAt(recording, scene.viewer.cursor, false).slice(0, 24);
  return svg`
    ${links.map(({ from, to }) => {
      const [a, b] = linkEnds(places.get(from)!, places.get(to)!, reach);
      return svg`<path class="link" d="M${a.x} ${a.y}L${b.x} ${b.y}" />`;
    })}
    ${flights.map(({ flight, progress }) => {
      const [from, to] = [places.get(flight.from), places.get(flight.to)];
      if (from === undefined || to === undefined || from === to) return nothing;
      const { x, y, angle } = placeFlight(from, to, reach, progress);
      return svg`<path d="M5 0-3 3.4-3-3.4z" fill=${scene.palette.colour(flight.type)}
        transform="translate(${x} ${y}) rotate(${angle})" />`;
    })}
    ${nodes.map(({ id }) => {
      const { x, y } = places.get(id)!;
      const { shape, colour } = scene.node(id).look;
      return svg`<g transform="translate(${x} ${y})">
        ${drawOutline(shape, layout.radius, colour)}
      </g>`;
    })}`;
}

function drawLanes({ nodes, recording, scene }: ThumbnailRun): TemplateResult {
  const shown = nodes.slice(0, LANES_MAX);
  const rows = new Map(shown.map(({ id }, row) => [id, at(row, shown.length)]));
  const flights = [...recording.flightsBetween(0, Infinity)].slice(0, LINES_MAX);
  const end = Math.max(...flights.map((flight) => flight.arrivedAt ?? flight.sentAt), 1e-9);
  const x = (time: number): number => LANES_FROM + 6 + (time / end) * (LANES_TO - LANES_FROM - 10);
  return svg`${shown.map((_, row) => lane(row, shown.length))}
    ${flights.map(({ from, to, sentAt, arrivedAt, type }) => {
      const [y1, y2] = [rows.get(from), rows.get(to)];
      if (y1 === undefined || y2 === undefined || arrivedAt === undefined) return nothing;
      return svg`<path class="line" d="M${x(sentAt)} ${y1}L${x(arrivedAt)} ${y2}"
        stroke=${scene.palette.colour(type)} />`;
    })}`;
}

function lane(row: number, count: number): TemplateResult {
  const y = at(row, count);
  return svg`<path class="lane" d="M${LANES_FROM} ${y}H${LANES_TO}" />`;
}

function at(row: number, count: number): Point['y'] {
  return 18 + ((row + 0.5) * (HEIGHT - 36)) / count;
}

customElements.define('parley-thumbnail', ParleyThumbnail);

declare global {
  interface HTMLElementTagNameMap {
    'parley-thumbnail': ParleyThumbnail;
  }
}
