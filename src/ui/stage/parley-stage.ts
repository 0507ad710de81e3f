/** The topology: nodes and their links, and the messages on their way at the cursor. A picture of (events, time). */

import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeId } from '../../core/id.ts';
import { flightsAt, type FlightMoment } from '../../lab/picture.ts';
import type { Flight } from '../../lab/playback.ts';
import { sentence } from '../inspect/describe.ts';
import { Calm } from '../kit/calm.ts';
import { CanvasPen } from '../kit/canvas-pen.ts';
import type { Pen } from '../kit/pen.ts';
import { savePng, saveSvg } from '../kit/save-picture.ts';
import { copyOf } from '../kit/svg-copy.ts';
import { SvgPen } from '../kit/svg-pen.ts';
import { ThemeValues } from '../kit/theme-values.ts';
import { printTime } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { colours } from '../kit/theme.ts';
import type { Deeds } from '../app/deeds.ts';
import { Arranger, type Arrangement } from './arrangement.ts';
import { drawCut, drawSeam } from './draw-cut.ts';
import { drawGrabbed, drawOption } from './draw-flight.ts';
import {
  drawFlights,
  drawGhosts,
  drawReached,
  drawTraces,
  flightNear,
  placeFlights,
  type PlacedFlight,
} from './draw-flights.ts';
import { drawLinks } from './draw-links.ts';
import { drawNode } from './draw-node.ts';
import { sidesOf, type CutLine } from './cut-line.ts';
import type { Layout, Point } from './layout.ts';
import type { LayoutKind } from './layouts.ts';
import type { Scene, SceneNode } from './scene.ts';
import { StageHand, type Grab } from './stage-hand.ts';
import type { Selection } from './viewer.ts';
import { stageStyles } from './stage-styles.ts';

/** More messages than this are a cloud, not a picture; the rest is counted in words. */
const FLIGHTS_DRAWN_MAX = 2000;
/** So many of them are named to a screen reader; the table of events has all. */
const OPTIONS_MAX = 200;
/** Below this radius of nodes, messages are small, too. */
const SMALL_RADIUS = 12;
/** Of more messages than this only the heads are drawn: tails would cover one another. */
const CROWD = 120;
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
  static override styles = [base, controls, stageStyles];
  declare scene: Scene | undefined;
  declare deeds: Deeds | undefined;
  /** How nodes are arranged; as it fits their number unless given. */
  declare arrangedAs: LayoutKind | undefined;
  declare size: { width: number; height: number };
  readonly #calm = new Calm<string>();
  /** A mark that went from node to node with every frame would be seen by nobody, and have all nodes painted anew. */
  readonly #calmPlace = new Calm<NodeId>();
  #flightHadFocus = false;
  #placed: readonly PlacedFlight[] = [];
  #hovered: Flight | undefined;
  #pen: CanvasPen | undefined;
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
    new Subscription(this, () => colours);
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
    const drawn =
      flights.length > FLIGHTS_DRAWN_MAX ? flights.slice(0, FLIGHTS_DRAWN_MAX) : flights;
    const { recording, cursor, moving } = scene.viewer;
    const happenedAt = this.#calmPlace.words(
      () => recording.events[cursor.step - 1]?.node ?? '',
      moving,
    );
    const { line, grab } = this.#hand;
    this.#placed = placeFlights(
      grab === undefined ? drawn : drawn.filter(({ flight }) => flight !== grab.flight),
      places,
      layout,
    );
    return html`
      ${this.#words(scene)}
      <div class="canvas">
        <svg class="ground" viewBox="0 0 ${width} ${height}" aria-hidden="true">
          ${guard([scene.links, places], () => drawLinks(scene.links, places, layout.reach))}
        </svg>
        <canvas aria-hidden="true"></canvas>
        <svg
          viewBox="0 0 ${width} ${height}"
          class="figures ${isOpen ? 'cuttable' : ''}"
          @click=${this.#onClick}
          @keydown=${this.#onKey}
          @contextmenu=${this.#onContextMenu}
          @pointerdown=${this.#onPress}
          @pointermove=${this.#onMove}
          @pointerleave=${() => this.#hover(undefined)}
          @pointerup=${() => this.#hand.end()}
          @pointercancel=${() => this.#hand.cancel()}
        >
          <g
            role="listbox"
            aria-label="Nodes and messages on their way"
            aria-orientation="vertical"
          >
            ${this.#options(scene)}
            ${scene.nodes.map(({ id }) =>
              this.#node(scene, scene.node(id), places.get(id)!, layout, id === happenedAt),
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
    const { nodes, links } = scene;
    this.#arrangement = this.#arranger.arrange(this.arrangedAs, { nodes, links, cut }, this.size);
    return this.#arrangement;
  }

  /** Puts the picture of this moment into a file. */
  save(format: 'svg' | 'png'): void {
    const { scene } = this;
    const sheet = this.renderRoot.querySelector('canvas');
    if (scene === undefined || sheet === null) return;
    const theme = new ThemeValues(sheet);
    const pen = new SvgPen(theme);
    this.#draw(pen, scene);
    const [ground, figures] = this.renderRoot.querySelectorAll<SVGSVGElement>('.canvas > svg');
    const elements = [copyOf(ground!), pen.elements, copyOf(figures!)].join('\n');
    const name = `${scene.viewer.run?.algorithm ?? 'trace'}-stage`;
    const picture = { elements, width: this.size.width, height: this.size.height };
    if (format === 'svg') saveSvg(name, picture, pen.ground);
    else void savePng(name, picture, pen.ground);
  }

  protected override willUpdate(): void {
    this.#flightHadFocus = this.shadowRoot?.activeElement?.classList.contains('flight') ?? false;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector('.canvas');
    if (canvas !== null) this.#observer.observe(canvas);
    this.#paint();
    const focused = this.shadowRoot?.activeElement ?? null;
    // A message that has arrived takes the focus with it into nothing: its place is the node that the tab key reaches.
    const isLost = this.#flightHadFocus && focused === null;
    // A node that is chosen by its number takes the focus from the one before.
    const isBehind =
      this.scene?.viewer.selection?.kind === 'node' &&
      focused?.matches('.node:not([tabindex="0"])') === true;
    if (isLost || isBehind) {
      this.renderRoot.querySelector<SVGElement>('.node[tabindex="0"]')?.focus();
    }
  }

  #flights(scene: Scene): FlightMoment[] {
    const { recording, cursor, ended, discrete } = scene.viewer;
    const all = flightsAt(recording, cursor, ended, this.deeds?.heldSinceMs);
    const flights = scene.lens.isNarrow
      ? all.filter(({ flight }) => scene.lens.showsFlight(flight))
      : all;
    if (!discrete) return flights;
    // Without motion a message stands in the middle of its way until it has arrived.
    return flights.map((moment) => ({ ...moment, progress: 0.5 }));
  }

  #paint(): void {
    const sheet = this.renderRoot.querySelector('canvas');
    if (sheet === null || this.scene === undefined) {
      this.#pen = undefined;
      return;
    }
    this.#pen ??= new CanvasPen(sheet);
    this.#pen.begin(this.size.width, this.size.height);
    this.#draw(this.#pen, this.scene);
    this.#pen.finish();
  }

  /** All that is between the links and the nodes. */
  #draw(pen: Pen, scene: Scene): void {
    const { places, layout } = this.#arrangement!;
    const colourOf = (type: string) => scene.palette.colour(type);
    this.#glow(pen, scene, places, layout);
    drawGhosts(pen, this.#ghosts(scene, places, layout), colourOf);
    const hovered = this.#placed.find(({ flight }) => flight === this.#hovered);
    if (hovered !== undefined) drawReached(pen, hovered, false);
    const selected = this.#placed.find(({ flight }) => scene.viewer.isSelected(flight));
    if (selected !== undefined) drawReached(pen, selected, true);
    const isSmall = layout.radius < SMALL_RADIUS;
    const isCrowded = this.#placed.length > CROWD;
    drawFlights(pen, this.#placed, { colourOf, isCrowded, isSmall });
  }

  #glow(pen: Pen, scene: Scene, places: ReadonlyMap<NodeId, Point>, { reach }: Layout): void {
    const { viewer, palette } = scene;
    if (!viewer.following) return;
    const { time, step } = viewer.cursor;
    /** The last message of each link: an older one is hidden beneath it. */
    const last = new Map<string, Flight>();
    for (const flight of viewer.recording.flightsBetween(time - GLOW_MS, time, Infinity)) {
      if (flight.arriveIndex === undefined || flight.arriveIndex >= step) continue;
      last.set(`${flight.from} ${flight.to}`, flight);
    }
    const strengthOf = ({ arrivedAt = time }: Flight) => 1 - (time - arrivedAt) / GLOW_MS;
    const colourOf = (type: string) => palette.colour(type);
    drawTraces(pen, [...last.values()], places, reach, colourOf, strengthOf);
  }

  /** What was on its way at this moment in the future that was left. */
  #ghosts(scene: Scene, places: ReadonlyMap<NodeId, Point>, layout: Layout): PlacedFlight[] {
    const { ghost } = scene;
    const { time } = scene.viewer.cursor;
    if (ghost === undefined || time < ghost.fromMs) return [];
    const { recording } = ghost;
    const moments = flightsAt(recording, { time, step: recording.stepAt(time) }, true);
    return placeFlights(moments.slice(0, FLIGHTS_DRAWN_MAX), places, layout);
  }

  /** While time passes nobody can read a list of what is on its way: then only the message that is selected is named. */
  #options(scene: Scene): unknown {
    const { viewer } = scene;
    // What is held back stands still, although the time of a live run goes on.
    const isPassing = viewer.moving && this.deeds?.heldSinceMs === undefined;
    const named: (readonly [PlacedFlight, number])[] = [];
    for (const [index, one] of this.#placed.entries()) {
      const isNamed = !isPassing && named.length < OPTIONS_MAX;
      if (isNamed || viewer.isSelected(one.flight)) named.push([one, index]);
    }
    return repeat(
      named,
      ([{ flight }]) => flight,
      ([{ flight, at }, index]) => drawOption(flight, at, viewer.isSelected(flight), index),
    );
  }

  #node(scene: Scene, node: SceneNode, place: Point, layout: Layout, current: boolean): unknown {
    const { selection } = scene.viewer;
    const selected = selection?.kind === 'node' && selection.node === node.id;
    const isFirst = scene.nodes[0]?.id === node.id;
    const focusable = selected || (selection?.kind !== 'node' && isFirst);
    const ghostRole = scene.ghostRole(node.id);
    const level = scene.levelOf(node);
    return guard([scene, node, place, layout, level, selected, current, focusable, ghostRole], () =>
      drawNode({
        ...{ node, place, layout, level, selected, current, focusable, ghostRole },
        onSelect: () => scene.viewer.select({ kind: 'node', node: node.id }),
      }),
    );
  }

  #words(scene: Scene): TemplateResult {
    const { recording, cursor, run, isCatchingUp, moving } = scene.viewer;
    if (isCatchingUp) {
      const breakOff = this.deeds?.breakOff;
      const words = `Run anew, up to ${printTime(scene.viewer.lookedAtMs)} …`;
      return html`<p class="now anew">
        <span role="status">${words}</span>
        <progress aria-label="How far it has come" .value=${scene.viewer.caughtUp}></progress>
        ${breakOff === undefined ? nothing : html`<button class="line" @click=${breakOff}>Cancel <kbd>Esc</kbd></button>`}
      </p>`;
    }
    const waiting = run?.phase === 'preparing' ? run.waitingFor.join(', ') : '';
    const words =
      waiting !== ''
        ? `Waiting for ${waiting} …`
        : cursor.step === 0
          ? 'Before the first event'
          : this.#calm.words(() => sentence(recording, cursor.step - 1), moving);
    return html`<p class="now">${words}</p>`;
  }

  #placeOf(event: MouseEvent): Point {
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

  /** The message that an event is about: that of the element in which it began, or the one under the pointer. */
  #flightOf(event: Event): PlacedFlight | undefined {
    const target = event.target as Element;
    const option = target.closest<SVGElement>('.flight');
    if (option !== null) return this.#placed[Number(option.dataset['index'])];
    if (target.closest('.node, .seam') !== null || !(event instanceof MouseEvent)) return undefined;
    return flightNear(this.#placed, this.#placeOf(event));
  }

  readonly #onClick = (event: MouseEvent): void => {
    if (event.detail > 0 && this.#hand.takesClick()) return;
    const flight = this.#flightOf(event)?.flight;
    if (flight === undefined) return;
    this.scene!.viewer.selectFlight(flight);
    // The keyboard walks along the messages with clicks that no pointer made.
    if (event.detail > 0 && this.deeds?.isUnderWay(flight) === true)
      this.#askForMenu(event.clientX, event.clientY);
  };

  readonly #onPress = (event: PointerEvent): void => {
    const flight = this.#flightOf(event)?.flight;
    if (flight === undefined) {
      if (this.deeds?.isOpen === true) this.#hand.beginLine(event);
    } else if (this.deeds?.isUnderWay(flight) === true) this.#hand.press(event, flight);
  };

  readonly #onMove = (event: PointerEvent): void => {
    this.#hand.move(event);
    if (event.buttons === 0) this.#hover(this.#flightOf(event)?.flight);
  };

  #hover(flight: Flight | undefined): void {
    if (flight === this.#hovered) return;
    this.#hovered = flight;
    this.renderRoot.querySelector('.figures')?.classList.toggle('reaching', flight !== undefined);
    this.requestUpdate();
  }

  readonly #onContextMenu = (event: MouseEvent): void => {
    if (this.deeds?.isOpen !== true) return;
    const node = (event.target as Element).closest<SVGElement>('.node');
    const flight = this.#flightOf(event)?.flight;
    if (node === null && flight === undefined) return;
    event.preventDefault();
    if (node !== null) node.dispatchEvent(new Event('click'));
    else this.scene!.viewer.selectFlight(flight!);
    this.#askForMenu(event.clientX, event.clientY);
  };

  #askForMenu(x: number, y: number): void {
    const viewer = this.scene?.viewer;
    const of = viewer?.selection;
    if (viewer === undefined || of === undefined) return;
    // A node stands where it is: what is done to it live is to be seen at once.
    if (of.kind === 'message' || !viewer.following) viewer.pause();
    const detail: MenuPlace = { of, x: x + 6, y: y + 6 };
    this.dispatchEvent(new CustomEvent<MenuPlace>('parley-menu', { detail }));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (direction === 0 && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (direction !== 0) this.#focusItem(direction);
    else if (event.target instanceof SVGElement) this.#enter(event.target);
  };

  /** Selects an item; what is selected already is asked what can be done to it. */
  #enter(item: SVGElement): void {
    if (item.getAttribute('aria-selected') === 'true') this.#askBeside(item);
    else item.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }

  #askBeside(item: SVGElement): void {
    if (this.deeds?.isOpen !== true) return;
    const { right, top } = item.getBoundingClientRect();
    this.#askForMenu(right, top);
  }

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
    item.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }
}

customElements.define('parley-stage', ParleyStage);

declare global {
  interface HTMLElementTagNameMap {
    'parley-stage': ParleyStage;
  }
}
