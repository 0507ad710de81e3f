/** The space-time diagram: a lane per node, a line per message, and the cursor. Draws what its window of time holds, no more. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { sentence } from '../inspect/describe.ts';
import { CanvasPen } from '../kit/canvas-pen.ts';
import { saveSvg, savePng } from '../kit/save-picture.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { SvgPen } from '../kit/svg-pen.ts';
import { colours } from '../kit/theme.ts';
import { ThemeValues } from '../kit/theme-values.ts';
import type { Scene } from '../stage/scene.ts';
import {
  AXIS_HEIGHT,
  drawGround,
  drawLanesPicture,
  drawNow,
  LABEL_WIDTH,
  reachable,
  RIGHT_MARGIN,
  sheetOf,
  type LanesDrawn,
  type LanesFrame,
} from './lanes-picture.ts';
import { ConeMaker, type LightCone } from './light-cone.ts';
import type { Span } from './parley-minimap.ts';
import { reachedAt, type Reached } from './reach.ts';
import { spacetimeStyles } from './spacetime-styles.ts';
import { Traffic } from './traffic.ts';
import { initialLength, keepInView, zoomed } from './time-window.ts';

const LANE_HEIGHT_MIN = 22;
const LANE_HEIGHT_MAX = 44;
const NOTHING_DRAWN: LanesDrawn = { lines: [], marks: [], ghosts: [] };

/** `<parley-spacetime .scene=…>`; tells the window it shows with `parley-span`. */
export class ParleySpacetime extends LitElement {
  static override properties = {
    scene: { attribute: false },
    size: { state: true },
    zoom: { state: true },
  };
  static override styles = [base, controls, spacetimeStyles];
  declare scene: Scene | undefined;
  declare size: { width: number; height: number };
  /** Chosen by the reader; undefined as long as the diagram may choose. */
  declare zoom: number | undefined;
  #from = 0;
  #shownTime = -1;
  #shownRecording: unknown;
  #told: Span | undefined;
  #pen: CanvasPen | undefined;
  #traffic: Traffic | undefined;
  #every = 1;
  #frameAsked = 0;
  #scrolled = 0;
  readonly #cones = new ConeMaker();
  readonly #observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.size = entry.contentRect;
  });

  constructor() {
    super();
    this.size = { width: 1000, height: 160 };
    this.zoom = undefined;
    new Subscription(this, () => this.scene?.viewer);
    new Subscription(this, () => colours);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frameAsked);
    this.#frameAsked = 0;
  }

  /** What is drawn at the moment. */
  get drawn(): LanesDrawn {
    if (this.#pen === undefined || this.scene === undefined) return NOTHING_DRAWN;
    return reachable(this.#frame(this.scene), this.#every);
  }

  /** True when nothing that is in view waits for another frame to be drawn. */
  get isWhole(): boolean {
    return !this.isUpdatePending && (this.#traffic?.isWhole ?? true);
  }

  /** Shows a longer (1) or shorter (−1) stretch of time. */
  zoomBy(direction: 1 | -1): void {
    if (this.scene === undefined) return;
    const { cursor, recording } = this.scene.viewer;
    const span = zoomed(this.shownSpan, direction, cursor.time, recording.endTime);
    this.#from = span.from;
    this.zoom = span.to - span.from;
  }

  /** Moves the window by a part of its length. */
  panBy(part: number): void {
    if (this.scene === undefined) return;
    const { from, to } = this.shownSpan;
    const most = Math.max(0, this.scene.viewer.recording.endTime - (to - from) * 0.5);
    this.#from = Math.max(0, Math.min(from + (to - from) * part, most));
    this.requestUpdate();
  }

  /** Puts the picture, with all lanes, into a file. */
  save(format: 'svg' | 'png'): void {
    const { scene } = this;
    if (scene === undefined) return;
    const height = AXIS_HEIGHT + this.#laneHeight(scene.nodes.length) * scene.nodes.length + 6;
    const pen = new SvgPen(new ThemeValues(this.renderRoot.querySelector('canvas')!));
    drawLanesPicture(pen, { ...this.#frame(scene), height, scrolled: 0 });
    const picture = { elements: pen.elements, width: this.size.width, height };
    const name = `${scene.viewer.run?.algorithm ?? 'trace'}-space-time`;
    if (format === 'svg') saveSvg(name, picture, pen.ground);
    else void savePng(name, picture, pen.ground);
  }

  protected override willUpdate(): void {
    const viewer = this.scene?.viewer;
    if (viewer === undefined) return;
    const { time } = viewer.cursor;
    if (viewer.recording !== this.#shownRecording) {
      this.#shownRecording = viewer.recording;
      // A branch goes on at the moment that is shown: there the window stays.
      if (time === 0 || time !== this.#shownTime) {
        this.#from = 0;
        this.zoom = undefined;
      }
    }
    if (time === this.#shownTime) return;
    this.#shownTime = time;
    const { from, to } = this.shownSpan;
    this.#from = keepInView(from, to - from, time, viewer.endTime);
  }

  protected override render(): unknown {
    const { scene } = this;
    if (scene === undefined || scene.nodes.length === 0) return nothing;
    const count = scene.nodes.length;
    const height = AXIS_HEIGHT + this.#laneHeight(count) * count + 6;
    return html`
      <div class="lanes">
        <canvas aria-hidden="true"></canvas>
        <div
          class="scroll"
          role="group"
          aria-label="Lanes"
          tabindex=${this.#overflows(height) ? 0 : nothing}
          @scroll=${this.#onScroll}
        >
          <div
            class="sheet"
            style="height: ${height}px"
            role="img"
            aria-label="Space-time diagram of ${count} nodes. The events tab lists the same in words."
            @pointerdown=${this.#onPress}
            @pointermove=${this.#onPointer}
            @wheel=${this.#onWheel}
          ></div>
        </div>
      </div>
      ${this.#tools(scene)}
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#paint();
    const span = this.shownSpan;
    if (this.#told?.from === span.from && this.#told.to === span.to) return;
    this.#told = span;
    this.dispatchEvent(new CustomEvent<Span>('parley-span', { detail: span }));
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null || this.scene === undefined) {
      this.#pen = undefined;
      return;
    }
    if (this.#pen === undefined) {
      this.#observer.disconnect();
      this.#observer.observe(canvas);
      const theme = new ThemeValues(canvas);
      this.#pen = new CanvasPen(canvas, theme);
      this.#traffic = new Traffic(theme);
    }
    const frame = this.#frame(this.scene);
    const sheet = sheetOf(frame);
    this.#pen.begin(frame.width, frame.height);
    drawGround(this.#pen, frame, sheet);
    this.#traffic!.draw(this.#pen, frame, sheet);
    drawNow(this.#pen, frame, sheet);
    this.#pen.finish();
    // What a frame had no time for comes with the next one.
    if (!this.#traffic!.isWhole && this.#frameAsked === 0) {
      this.#frameAsked = requestAnimationFrame(() => {
        this.#frameAsked = 0;
        this.requestUpdate();
      });
    }
    // How many are left out is known only now, and changes rarely.
    if (this.#traffic!.every !== this.#every) this.requestUpdate();
    this.#every = this.#traffic!.every;
  }

  #frame(scene: Scene): LanesFrame {
    return {
      ...{ scene, span: this.shownSpan, lengthMs: this.#length, cone: this.#cones.coneOf(scene) },
      ...{ width: this.size.width, height: this.size.height },
      laneHeight: this.#laneHeight(scene.nodes.length),
      scrolled: this.#scrolled,
    };
  }

  /** The stretch of time that is shown. */
  get shownSpan(): Span {
    return { from: this.#from, to: this.#from + this.#length };
  }

  get #length(): number {
    if (this.zoom !== undefined) return this.zoom;
    const recording = this.scene?.viewer.recording;
    return initialLength(recording?.typicalJourney() ?? 0, recording?.endTime ?? 0);
  }

  /** What does not fit is scrolled, by keyboard too. */
  #overflows(height: number): boolean {
    return height > this.size.height;
  }

  #laneHeight(count: number): number {
    const fitting = (this.size.height - AXIS_HEIGHT - 8) / count;
    return Math.max(LANE_HEIGHT_MIN, Math.min(LANE_HEIGHT_MAX, fitting));
  }

  #tools(scene: Scene): TemplateResult {
    const { lens, viewer, nodes } = scene;
    const every = this.#every;
    const chosen = viewer.selection?.kind === 'node' ? [viewer.selection.node] : undefined;
    const collapsing = chosen ?? nodes.map(({ id }) => id);
    const cone: LightCone | undefined = this.#cones.coneOf(scene);
    return html`<div class="tools">
      ${every > 1 ? html`<span>one of ${every} messages drawn</span>` : nothing}
      ${
        cone === undefined
          ? nothing
          : html`<span class="key"
              ><i class="past"></i>led to it <i class="future"></i>came of it, the rest is
              concurrent</span
            >`
      }
      <input
        type="search"
        aria-label="Show messages and steps with these words alone"
        placeholder="Filter"
        .value=${lens.text}
        @input=${(event: Event) => lens.search((event.target as HTMLInputElement).value)}
      />
      <button
        aria-pressed=${lens.areCollapsed(collapsing) ? 'true' : 'false'}
        title="Leave out timers, outputs and logs of ${chosen?.[0] ?? 'all nodes'}"
        @click=${() => lens.toggleCollapsed(collapsing)}
      >
        Messages only
      </button>
      <button title="Save this diagram as SVG" @click=${() => this.save('svg')}>SVG</button>
      <button title="Save this diagram as PNG" @click=${() => this.save('png')}>PNG</button>
      <button aria-label="Show a shorter time" title="Zoom in (W)" @click=${() => this.zoomBy(-1)}>
        +
      </button>
      <button aria-label="Show a longer time" title="Zoom out (S)" @click=${() => this.zoomBy(1)}>
        −
      </button>
    </div>`;
  }

  /** What is under the pointer: a line, a mark, or the name of a lane. */
  #reached(event: PointerEvent): Reached | undefined {
    const { left, top } = this.getBoundingClientRect();
    const { lines, marks } = this.drawn;
    return reachedAt(event.clientX - left, event.clientY - top, lines, marks);
  }

  readonly #onPress = (event: PointerEvent): void => {
    const { scene } = this;
    if (scene === undefined || event.button !== 0) return;
    const { left, top } = this.getBoundingClientRect();
    if (event.clientX - left < LABEL_WIDTH - 6) {
      const y = event.clientY - top - AXIS_HEIGHT + this.#scrolled;
      const node = scene.nodes[Math.floor(y / this.#laneHeight(scene.nodes.length))];
      if (node !== undefined) scene.viewer.select({ kind: 'node', node: node.id });
      return;
    }
    const reached = this.#reached(event);
    if (reached?.kind === 'line') scene.viewer.selectFlight(reached.line.flight);
    else if (reached !== undefined) scene.viewer.selectEvent(reached.mark.index);
    else {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      this.#seek(event, scene);
    }
  };

  readonly #onPointer = (event: PointerEvent): void => {
    const { scene } = this;
    const sheet = event.currentTarget as HTMLElement;
    if (scene === undefined) return;
    if (event.buttons === 1) {
      if (sheet.hasPointerCapture(event.pointerId)) this.#seek(event, scene);
      return;
    }
    const reached = this.#reached(event);
    sheet.style.cursor = reached === undefined ? '' : 'pointer';
    sheet.title = reached === undefined ? '' : wordsOf(scene, reached);
  };

  readonly #onScroll = (event: Event): void => {
    this.#scrolled = (event.currentTarget as Element).scrollTop;
    this.requestUpdate();
  };

  #seek(event: PointerEvent, { viewer }: Scene): void {
    const { from, to } = this.shownSpan;
    const { left, width } = this.getBoundingClientRect();
    const part = (event.clientX - left - LABEL_WIDTH) / (width - LABEL_WIDTH - RIGHT_MARGIN);
    viewer.seek(from + Math.max(0, Math.min(1, part)) * (to - from));
  }

  readonly #onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey) this.zoomBy(event.deltaY > 0 ? 1 : -1);
    else if (event.deltaX !== 0) this.panBy(event.deltaX / this.size.width);
    else return;
    event.preventDefault();
  };
}

function wordsOf({ viewer }: Scene, reached: Reached): string {
  if (reached.kind === 'mark') return sentence(viewer.recording, reached.mark.index);
  const { type, from, to } = reached.line.flight;
  return `${type} from ${from} to ${to}`;
}

customElements.define('parley-spacetime', ParleySpacetime);

declare global {
  interface HTMLElementTagNameMap {
    'parley-spacetime': ParleySpacetime;
  }
}
