/** The topology: nodes on a ring, their links, and the messages on their way at the cursor. A picture of (events, time). */

import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeId } from '../../core/id.ts';
import { flightsAt, type FlightMoment } from '../../lab/picture.ts';
import { sentence } from '../inspect/describe.ts';
import { base } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { drawFlight, drawTrace } from './draw-flight.ts';
import { drawNode } from './draw-node.ts';
import { sidesOf, type CutLine } from './cut-line.ts';
import { linkEnds, ringLayout, type Layout, type Point } from './layout.ts';
import type { Scene, SceneNode } from './scene.ts';
import { stageStyles } from './stage-styles.ts';

/** More messages than this are a cloud, not a picture; the rest is counted in words. */
const FLIGHTS_DRAWN_MAX = 400;
/** So many links are drawn in full strength. */
const LINKS_FULL = 60;
/** A live message is over before one sees it: its link glows for so long afterwards, in milliseconds. */
const GLOW_MS = 500;

/** What a line that was drawn across the stage cuts. */
export interface Cut {
  readonly left: readonly NodeId[];
  readonly right: readonly NodeId[];
  /** The right cannot hear the left, and the left hears the right. */
  readonly isOneWay: boolean;
}

/** `<parley-stage .scene=…>`; where it `cuttable`, a line drawn across it fires `parley-cut` (a {@link Cut}). */
export class ParleyStage extends LitElement {
  static override properties = {
    scene: { attribute: false },
    cuttable: { type: Boolean },
    size: { state: true },
    line: { state: true },
  };
  static override styles = [base, stageStyles];
  declare scene: Scene | undefined;
  declare cuttable: boolean;
  /** The line that is being drawn. */
  declare line: CutLine | undefined;
  declare size: { width: number; height: number };
  #flightHadFocus = false;
  readonly #observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.size = entry.contentRect;
  });

  constructor() {
    super();
    this.size = { width: 720, height: 470 };
    this.cuttable = false;
    this.line = undefined;
    new Subscription(this, () => this.scene?.viewer);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  protected override render(): unknown {
    const { scene } = this;
    if (scene === undefined || scene.nodes.length === 0) return nothing;
    const { width, height } = this.size;
    const layout = ringLayout(scene.nodes.length, width, height);
    const places = new Map(scene.nodes.map(({ id }, index) => [id, layout.places[index]!]));
    const nodes = scene.nodes.map(({ id }) => scene.node(id));
    const flights = this.#flights(scene);
    const drawn = flights.slice(0, FLIGHTS_DRAWN_MAX);
    return html`
      ${this.#words(scene)}
      <div class="canvas">
        <svg
          viewBox="0 0 ${width} ${height}"
          class=${this.cuttable ? 'cuttable' : ''}
          @keydown=${this.#onKey}
          @pointerdown=${this.#beginLine}
          @pointermove=${this.#drawLine}
          @pointerup=${() => this.#endLine(places)}
          @pointercancel=${() => {
            this.line = undefined;
          }}
        >
          <g aria-hidden="true">
            ${guard([scene.nodes, scene.linksKey, width, height], () => this.#links(scene, places, layout))}
            ${this.#glow(scene, places, layout)}
          </g>
          <g
            role="listbox"
            aria-label="Nodes and messages on their way"
            aria-orientation="vertical"
          >
            ${repeat(
              drawn,
              ({ flight }) => flight,
              (moment) => this.#flight(scene, moment, places, layout),
            )}
            ${nodes.map((node) => this.#node(scene, node, places.get(node.id)!, layout))}
          </g>
          ${this.line === undefined ? nothing : drawCut(this.line)}
        </svg>
      </div>
      ${
        flights.length > drawn.length
          ? html`<p class="more">and ${flights.length - drawn.length} more messages</p>`
          : nothing
      }
    `;
  }

  protected override willUpdate(): void {
    this.#flightHadFocus = this.shadowRoot?.activeElement?.classList.contains('flight') ?? false;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector('.canvas');
    if (canvas !== null) this.#observer.observe(canvas);
    // A message that has arrived takes the focus with it into nothing: its place is the node that the tab key reaches.
    if (!this.#flightHadFocus || this.shadowRoot?.activeElement !== null) return;
    this.renderRoot.querySelector<SVGElement>('.node[tabindex="0"]')?.focus();
  }

  #flights(scene: Scene): FlightMoment[] {
    const { recording, cursor, ended, discrete } = scene.viewer;
    const flights = flightsAt(recording, cursor, ended);
    if (!discrete) return flights;
    // Without motion a message stands in the middle of its way until it has arrived.
    return flights.map((moment) => ({ ...moment, progress: 0.5 }));
  }

  #links(scene: Scene, places: ReadonlyMap<NodeId, Point>, { reach }: Layout): TemplateResult {
    const { links } = scene;
    const drawn = links.map(({ from, to, directed }) => {
      const [a, b] = linkEnds(places.get(from)!, places.get(to)!, reach);
      const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
      return svg`<path class="link" d="M${a.x} ${a.y}L${b.x} ${b.y}" />${
        directed
          ? svg`<path class="head" d="M0 0-7 3.5-7-3.5z"
              transform="translate(${b.x} ${b.y}) rotate(${angle})" />`
          : nothing
      }`;
    });
    // A dense mesh is a tint behind the messages, not a wall.
    const strength = Math.max(0.15, Math.min(1, LINKS_FULL / links.length));
    return svg`<g stroke-opacity=${strength}>${drawn}</g>`;
  }

  #glow(
    scene: Scene,
    places: ReadonlyMap<NodeId, Point>,
    layout: Layout,
  ): readonly TemplateResult[] {
    const { viewer, palette } = scene;
    if (!viewer.following) return [];
    const { time, step } = viewer.cursor;
    const result: TemplateResult[] = [];
    for (const flight of viewer.recording.flightsBetween(time - GLOW_MS, time)) {
      const [from, to] = [places.get(flight.from), places.get(flight.to)];
      if (flight.arriveIndex === undefined || flight.arriveIndex >= step) continue;
      if (from === undefined || to === undefined || from === to) continue;
      const strength = 1 - (time - flight.arrivedAt!) / GLOW_MS;
      result.push(drawTrace(from, to, layout.reach, palette.colour(flight.type), strength));
      if (result.length >= FLIGHTS_DRAWN_MAX) break;
    }
    return result;
  }

  #flight(
    scene: Scene,
    moment: FlightMoment,
    places: ReadonlyMap<NodeId, Point>,
    layout: Layout,
  ): TemplateResult | typeof nothing {
    const { flight } = moment;
    const [from, to] = [places.get(flight.from), places.get(flight.to)];
    if (from === undefined || to === undefined) return nothing;
    return drawFlight({
      ...{ moment, from, to, layout },
      selected: scene.viewer.isSelected(flight),
      colour: scene.palette.colour(flight.type),
      onSelect: () => scene.viewer.selectFlight(flight),
    });
  }

  #node(scene: Scene, node: SceneNode, place: Point, layout: Layout): TemplateResult {
    const { selection, cursor } = scene.viewer;
    const selected = selection?.kind === 'node' && selection.node === node.id;
    const isFirst = scene.nodes[0]?.id === node.id;
    return drawNode({
      ...{ node, place, layout, selected },
      current: node.lastIndex !== undefined && node.lastIndex === cursor.step - 1,
      focusable: selected || (selection?.kind !== 'node' && isFirst),
      onSelect: () => scene.viewer.select({ kind: 'node', node: node.id }),
    });
  }

  #words(scene: Scene): TemplateResult {
    const { recording, cursor, run } = scene.viewer;
    const waiting = run?.phase === 'preparing' ? run.waitingFor.join(', ') : '';
    const words =
      waiting !== ''
        ? `Waiting for ${waiting} …`
        : cursor.step === 0
          ? 'Before the first event'
          : sentence(recording, cursor.step - 1);
    return html`<p class="now">${words}</p>`;
  }

  readonly #beginLine = (event: PointerEvent): void => {
    // A line begins on the ground: nodes and messages are there to be chosen.
    if (!this.cuttable || event.button !== 0 || event.target !== event.currentTarget) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const from = { x: event.offsetX, y: event.offsetY };
    this.line = { from, to: from, isOneWay: event.shiftKey };
  };

  readonly #drawLine = (event: PointerEvent): void => {
    if (this.line === undefined) return;
    const to = { x: event.offsetX, y: event.offsetY };
    this.line = { ...this.line, to, isOneWay: event.shiftKey };
  };

  #endLine(places: ReadonlyMap<NodeId, Point>): void {
    const { line } = this;
    this.line = undefined;
    const sides = line && sidesOf(line, places);
    if (sides === undefined) return;
    const detail: Cut = { left: sides[0], right: sides[1], isOneWay: line!.isOneWay };
    this.dispatchEvent(new CustomEvent<Cut>('parley-cut', { detail }));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (direction === 0 && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (direction !== 0) this.#focusItem(direction);
    else if (event.target instanceof SVGElement) event.target.dispatchEvent(new Event('click'));
  };

  /** Moves focus and selection along the nodes, then the messages. */
  #focusItem(direction: 1 | -1): void {
    const nodes = [...this.renderRoot.querySelectorAll<SVGElement>('.node')];
    const items = [...nodes, ...this.renderRoot.querySelectorAll<SVGElement>('.flight')];
    const focused = items.indexOf(this.shadowRoot?.activeElement as SVGElement);
    const selected = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
    const from = focused === -1 ? Math.max(selected, 0) : focused;
    const item = items[(from + direction + items.length) % items.length];
    if (item === undefined) return;
    item.focus();
    item.dispatchEvent(new Event('click'));
  }
}

/** The line, and where only one way is cut, an arrow head to the side that hears nothing any more. */
function drawCut({ from, to, isOneWay }: CutLine): TemplateResult {
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const middle = `translate(${(from.x + to.x) / 2} ${(from.y + to.y) / 2}) rotate(${angle})`;
  return svg`<g class="cut" aria-hidden="true">
    <path d="M${from.x} ${from.y}L${to.x} ${to.y}" />
    ${isOneWay ? svg`<path class="way" transform=${middle} d="M-6 2 0 13 6 2z" />` : nothing}
  </g>`;
}

customElements.define('parley-stage', ParleyStage);

declare global {
  interface HTMLElementTagNameMap {
    'parley-stage': ParleyStage;
  }
}
