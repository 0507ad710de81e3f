/** The topology: nodes and their links, and the messages on their way at the cursor. A picture of (events, time). */

import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeId } from '../../core/id.ts';
import { flightsAt, type FlightMoment } from '../../lab/picture.ts';
import { sentence } from '../inspect/describe.ts';
import { base } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Deeds } from '../app/deeds.ts';
import { Arranger, type Arrangement } from './arrangement.ts';
import { drawCut, drawSeam } from './draw-cut.ts';
import { drawFlight, drawGrabbed, drawTrace } from './draw-flight.ts';
import { drawNode } from './draw-node.ts';
import { sidesOf, type CutLine } from './cut-line.ts';
import { linkEnds, type Layout, type Point } from './layout.ts';
import type { LayoutKind } from './layouts.ts';
import type { Scene, SceneNode } from './scene.ts';
import { StageHand, type Grab } from './stage-hand.ts';
import type { Selection } from './viewer.ts';
import { stageStyles } from './stage-styles.ts';

/** More messages than this are a cloud, not a picture; the rest is counted in words. */
const FLIGHTS_DRAWN_MAX = 400;
/** Of more messages than this only the heads are drawn: tails would cover one another. */
const CROWD = 120;
/** So many links are drawn in full strength. */
const LINKS_FULL = 60;
/** A live message is over before one sees it: its link glows for so long afterwards, in milliseconds. */
const GLOW_MS = 500;

/** A message that is flung so near to the edge of the stage is thrown off it, in pixels. */
const EDGE = 14;
/** A message that is let go so near to its receiver is delivered, in pixels from the receiver's ring. */
const AIM = 14;

/** Where a menu of deeds shall stand. */
export interface MenuPlace {
  /** What it is about. */
  readonly of: Selection;
  readonly x: number;
  readonly y: number;
}

/**
 * `<parley-stage .scene=… .deeds=…>`; where there are deeds, lines drawn across it cut the network, messages can be grabbed, and
 * `parley-menu` (a {@link MenuPlace}) asks for the menu of a node or message.
 */
export class ParleyStage extends LitElement {
  static override properties = {
    scene: { attribute: false },
    deeds: { attribute: false },
    arrangedAs: { attribute: false },
    size: { state: true },
  };
  static override styles = [base, stageStyles];
  declare scene: Scene | undefined;
  declare deeds: Deeds | undefined;
  /** How nodes are arranged; as it fits their number unless given. */
  declare arrangedAs: LayoutKind | undefined;
  declare size: { width: number; height: number };
  #flightHadFocus = false;
  #isCrowded = false;
  #arrangement: Arrangement | undefined;
  readonly #arranger = new Arranger(() => this.requestUpdate());
  readonly #hand = new StageHand({
    placeOf: (event) => this.#placeOf(event),
    grabbed: () => this.scene?.viewer.pause(),
    released: (grab) => this.#release(grab),
    drawn: (line) => this.#cut(line),
    changed: () => this.requestUpdate(),
  });
  readonly #observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.size = entry.contentRect;
  });

  constructor() {
    super();
    this.size = { width: 720, height: 470 };
    this.deeds = undefined;
    this.arrangedAs = undefined;
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
    const isOpen = this.deeds?.isOpen ?? false;
    const cuts = this.deeds?.cuts ?? [];
    const { layout, places } = this.#arrange(scene, cuts[0]?.groups ?? []);
    const flights = this.#flights(scene);
    const drawn = flights.slice(0, FLIGHTS_DRAWN_MAX);
    this.#isCrowded = drawn.length > CROWD;
    const { line, grab } = this.#hand;
    return html`
      ${this.#words(scene)}
      <div class="canvas">
        <svg
          viewBox="0 0 ${width} ${height}"
          class=${isOpen ? 'cuttable' : ''}
          @keydown=${this.#onKey}
          @contextmenu=${this.#onContextMenu}
          @pointerdown=${(event: PointerEvent) => isOpen && this.#hand.beginLine(event)}
          @pointermove=${(event: PointerEvent) => this.#hand.move(event)}
          @pointerup=${() => this.#hand.end()}
          @pointercancel=${() => this.#hand.cancel()}
        >
          <g aria-hidden="true">
            ${guard([scene.nodes, scene.linksKey, places], () => this.#links(scene, places, layout))}
            ${this.#glow(scene, places, layout)} ${this.#ghosts(scene, places, layout)}
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
            ${scene.nodes.map(({ id }) =>
              this.#node(scene, scene.node(id), places.get(id)!, layout),
            )}
          </g>
          ${
            cuts.length === 0
              ? nothing
              : svg`<g role="group" aria-label="Cuts of the network">
                  ${cuts.map((cut) => drawSeam(cut, places, this.size))}
                </g>`
          }
          ${line === undefined ? nothing : drawCut(line)}
          ${grab === undefined ? nothing : drawGrabbed(grab.at, scene.palette.colour(grab.flight.type))}
        </svg>
      </div>
      ${
        flights.length > drawn.length
          ? html`<p class="more">and ${flights.length - drawn.length} more messages</p>`
          : nothing
      }
    `;
  }

  #arrange(scene: Scene, cut: readonly (readonly NodeId[])[]): Arrangement {
    const arranged = {
      ids: scene.nodes.map(({ id }) => id),
      ...{ cut },
      get links() {
        return scene.links;
      },
    };
    const nodesKey = scene.nodes.map(({ neighbours }) => neighbours.join(' ')).join('|');
    const linksKey = `${scene.linksKey} ${nodesKey}`;
    this.#arrangement = this.#arranger.arrange(this.arrangedAs, arranged, linksKey, this.size);
    return this.#arrangement;
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
    const flights = flightsAt(recording, cursor, ended, this.deeds?.heldSinceMs);
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

  /** What was on its way at this moment in the future that was left. */
  #ghosts(
    scene: Scene,
    places: ReadonlyMap<NodeId, Point>,
    layout: Layout,
  ): readonly (TemplateResult | typeof nothing)[] {
    const { ghost } = scene;
    const { time } = scene.viewer.cursor;
    if (ghost === undefined || time < ghost.fromMs) return [];
    const { recording } = ghost;
    const moments = flightsAt(recording, { time, step: recording.stepAt(time) }, true);
    return moments.slice(0, FLIGHTS_DRAWN_MAX).map((moment) => {
      const { flight } = moment;
      const [from, to] = [places.get(flight.from), places.get(flight.to)];
      if (from === undefined || to === undefined) return nothing;
      const colour = scene.palette.colour(flight.type);
      return drawFlight({ moment, from, to, layout, colour, isGhost: true });
    });
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
    if (this.#hand.grab?.flight === flight) return nothing;
    return drawFlight({
      ...{ moment, from, to, layout, isCrowded: this.#isCrowded },
      selected: scene.viewer.isSelected(flight),
      colour: scene.palette.colour(flight.type),
      onSelect: (event) => {
        scene.viewer.selectFlight(flight);
        // The keyboard walks along the messages with clicks that no pointer made.
        if (event.detail > 0 && this.deeds?.isUnderWay(flight) === true) this.#askForMenu(event);
      },
      onPress: (event) => {
        if (this.deeds?.isUnderWay(flight) === true) this.#hand.press(event, flight);
      },
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
      ghostRole: scene.ghostRole(node.id),
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

  #placeOf(event: PointerEvent): Point {
    const canvas = this.renderRoot.querySelector('.canvas')!.getBoundingClientRect();
    return { x: event.clientX - canvas.left, y: event.clientY - canvas.top };
  }

  #cut(line: CutLine): void {
    const sides = this.#arrangement && sidesOf(line, this.#arrangement.places);
    if (sides !== undefined) this.deeds?.cut(sides[0], sides[1], line.isOneWay);
  }

  /** Off the stage a message is dropped, at its receiver it is delivered; anywhere else it flies on. */
  #release({ flight, at }: Grab): void {
    const { width, height } = this.size;
    const isOff = at.x < EDGE || at.y < EDGE || at.x > width - EDGE || at.y > height - EDGE;
    const receiver = this.#arrangement?.places.get(flight.to);
    if (isOff) this.deeds?.drop(flight);
    else if (
      receiver !== undefined &&
      Math.hypot(at.x - receiver.x, at.y - receiver.y) <= this.#arrangement!.layout.reach + AIM
    ) {
      this.deeds?.deliver(flight);
    }
  }

  readonly #onContextMenu = (event: MouseEvent): void => {
    const item = (event.target as Element).closest<SVGElement>('.node, .flight');
    if (item === null || this.deeds?.isOpen !== true) return;
    event.preventDefault();
    item.dispatchEvent(new Event('click'));
    this.#askForMenu(event);
  };

  #askForMenu(event: MouseEvent): void {
    const of = this.scene?.viewer.selection;
    if (of === undefined) return;
    this.scene!.viewer.pause();
    const detail: MenuPlace = { of, x: event.clientX + 6, y: event.clientY + 6 };
    this.dispatchEvent(new CustomEvent<MenuPlace>('parley-menu', { detail }));
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

customElements.define('parley-stage', ParleyStage);

declare global {
  interface HTMLElementTagNameMap {
    'parley-stage': ParleyStage;
  }
}
