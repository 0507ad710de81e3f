/** The space-time diagram: a lane per node, a line per message, and the cursor. Draws what its window of time holds, no more. */

import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeId } from '../../core/id.ts';
import { causesOf } from '../../lab/picture.ts';
import { printTime } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import { drawGhost, drawLine, drawMark, flightsIn, ghostsIn, marksIn } from './draw-lanes.ts';
import type { Sheet } from './draw-lanes.ts';
import type { Span } from './parley-minimap.ts';
import { spacetimeStyles } from './spacetime-styles.ts';
import { initialLength, keepInView, ticks, zoomed } from './time-window.ts';

const LABEL_WIDTH = 64;
const RIGHT_MARGIN = 14;
/** Room for the time beside the cursor. */
const NOW_WIDTH = 60;
const AXIS_HEIGHT = 22;
const LANE_HEIGHT_MIN = 22;
const LANE_HEIGHT_MAX = 44;

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
  readonly #observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.size = entry.contentRect;
  });

  constructor() {
    super();
    this.size = { width: 1000, height: 196 };
    this.zoom = undefined;
    new Subscription(this, () => this.scene?.viewer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  /** Shows a longer (1) or shorter (−1) stretch of time. */
  zoomBy(direction: 1 | -1): void {
    if (this.scene === undefined) return;
    const { cursor, recording } = this.scene.viewer;
    const span = zoomed(this.#span(), direction, cursor.time, recording.endTime);
    this.#from = span.from;
    this.zoom = span.to - span.from;
  }

  /** Moves the window by a part of its length. */
  panBy(part: number): void {
    if (this.scene === undefined) return;
    const { from, to } = this.#span();
    const most = Math.max(0, this.scene.viewer.recording.endTime - (to - from) * 0.5);
    this.#from = Math.max(0, Math.min(from + (to - from) * part, most));
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    const viewer = this.scene?.viewer;
    if (viewer === undefined) return;
    if (viewer.recording !== this.#shownRecording) {
      this.#shownRecording = viewer.recording;
      this.#from = 0;
      this.zoom = undefined;
    }
    if (viewer.cursor.time === this.#shownTime) return;
    this.#shownTime = viewer.cursor.time;
    const { from, to } = this.#span();
    this.#from = keepInView(from, to - from, viewer.cursor.time, viewer.endTime);
  }

  protected override render(): unknown {
    const { scene } = this;
    if (scene === undefined || scene.nodes.length === 0) return nothing;
    const { viewer } = scene;
    const { width } = this.size;
    const lane = this.#laneHeight(scene.nodes.length);
    const height = AXIS_HEIGHT + lane * scene.nodes.length + 6;
    const span = this.#span();
    const scale = (width - LABEL_WIDTH - RIGHT_MARGIN) / (span.to - span.from);
    // What is drawn keeps its place on a sheet that moves as a whole: a frame then touches only what comes and goes.
    const length = span.to - span.from;
    const anchor = Math.floor(span.from / length) * length;
    const place = (time: number, origin: number): number =>
      Math.round((LABEL_WIDTH + (time - origin) * scale) * 10) / 10;
    const x = (time: number): number => place(time, span.from);
    const rows = new Map(scene.nodes.map(({ id }, row) => [id, AXIS_HEIGHT + lane * (row + 0.5)]));
    const sheet: Sheet = {
      ...{ scene, span, x: (time) => place(time, anchor), y: (id) => rows.get(id) },
      isLit: this.#light(scene),
    };
    const { flights, every } = flightsIn(sheet);
    const now = x(viewer.cursor.time);
    return html`
      <div class="scroll">
        <svg
          width=${width}
          height=${height}
          role="img"
          aria-label="Space-time diagram of ${scene.nodes.length} nodes. The events tab lists the same in words."
          @pointerdown=${this.#onPointer}
          @pointermove=${this.#onPointer}
          @wheel=${this.#onWheel}
        >
          <clipPath id="window">
            <rect x=${LABEL_WIDTH - 6} width=${width - LABEL_WIDTH + 6} height=${height} />
          </clipPath>
          ${ticks(span, width / 120).map((time) => {
            const at = x(time);
            // No label under that of the cursor, nor one cut off at the edge.
            const covered = Math.abs(at - now) < NOW_WIDTH || at > width - NOW_WIDTH;
            return drawTick(at, height, covered ? '' : printTick(time));
          })}
          ${guard([scene.nodes, width, lane, viewer.selection], () =>
            this.#lanes(scene, rows, width),
          )}
          <g clip-path="url(#window)">
            <g transform="translate(${(anchor - span.from) * scale} 0)">
              ${ghostsIn(sheet).map((flight) => drawGhost(sheet, flight))}
              ${repeat(
                flights,
                (flight) => flight,
                (flight) => drawLine(sheet, flight),
              )}
              ${repeat(
                marksIn(sheet),
                (index) => index,
                (index) => drawMark(sheet, index),
              )}
            </g>
          </g>
          <path class="cursor" d="M${now} 14V${height}" />
          <text class="now" x=${Math.min(now + 5, width - 66)} y="12">
            ${printTime(viewer.cursor.time)}
          </text>
        </svg>
      </div>
      ${this.#tools(every)}
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    const span = this.#span();
    if (this.#told?.from === span.from && this.#told.to === span.to) return;
    this.#told = span;
    this.dispatchEvent(new CustomEvent<Span>('parley-span', { detail: span }));
  }

  #span(): Span {
    const recording = this.scene?.viewer.recording;
    const fitting = initialLength(recording?.typicalJourney() ?? 0, recording?.endTime ?? 0);
    return { from: this.#from, to: this.#from + (this.zoom ?? fitting) };
  }

  #laneHeight(count: number): number {
    const fitting = (this.size.height - AXIS_HEIGHT - 8) / count;
    return Math.max(LANE_HEIGHT_MIN, Math.min(LANE_HEIGHT_MAX, fitting));
  }

  /** With a selection, and the picture at rest: what it depends on is lit. */
  #light(scene: Scene): Sheet['isLit'] {
    const { selection, recording, moving } = scene.viewer;
    if (selection === undefined || moving) return undefined;
    const index =
      selection.kind === 'event'
        ? selection.index
        : selection.kind === 'node'
          ? scene.node(selection.node).lastIndex
          : recording.flight(selection.message, selection.to)?.arriveIndex;
    if (index === undefined || index >= recording.length) return undefined;
    const causes = causesOf(recording, index);
    return (candidate, node) => candidate <= (causes.get(node) ?? -1);
  }

  #lanes(scene: Scene, rows: ReadonlyMap<NodeId, number>, width: number): TemplateResult[] {
    const { viewer } = scene;
    return scene.nodes.map(({ id }) => {
      const at = rows.get(id)!;
      const selected = viewer.selection?.kind === 'node' && viewer.selection.node === id;
      return svg`<path class="lane" d="M${LABEL_WIDTH - 6} ${at}H${width - RIGHT_MARGIN}" />
        <text
          class="label ${selected ? 'selected' : ''}"
          x="16"
          y=${at + 4}
          @click=${() => viewer.select({ kind: 'node', node: id })}
        >${id.length > 7 ? `${id.slice(0, 6)}…` : id}</text>`;
    });
  }

  #tools(every: number): TemplateResult {
    return html`<div class="tools">
      ${every > 1 ? html`<span>one of ${every} messages drawn</span>` : nothing}
      <button aria-label="Show a shorter time" title="Zoom in (W)" @click=${() => this.zoomBy(-1)}>
        +
      </button>
      <button aria-label="Show a longer time" title="Zoom out (S)" @click=${() => this.zoomBy(1)}>
        −
      </button>
    </div>`;
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const viewer = this.scene?.viewer;
    const target = event.target as Element;
    if (viewer === undefined || event.buttons !== 1) return;
    const svgElement = event.currentTarget as SVGSVGElement;
    if (event.type === 'pointerdown') {
      if (target.closest('.message, .mark, .label') !== null) return;
      svgElement.setPointerCapture(event.pointerId);
    } else if (!svgElement.hasPointerCapture(event.pointerId)) return;
    const { from, to } = this.#span();
    const { left, width } = svgElement.getBoundingClientRect();
    const part = (event.clientX - left - LABEL_WIDTH) / (width - LABEL_WIDTH - RIGHT_MARGIN);
    viewer.seek(from + Math.max(0, Math.min(1, part)) * (to - from));
  };

  readonly #onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey) this.zoomBy(event.deltaY > 0 ? 1 : -1);
    else if (event.deltaX !== 0) this.panBy(event.deltaX / this.size.width);
    else return;
    event.preventDefault();
  };
}

function drawTick(x: number, height: number, label: string): TemplateResult {
  return svg`<path class="tick" d="M${x} 16V${height}" />
    <text class="time" x=${x + 4} y="12">${label}</text>`;
}

function printTick(time: number): string {
  // The distances are round numbers: what stands behind the third decimal is the machine's.
  return `${Math.round(time * 1000) / 1000} ms`;
}

customElements.define('parley-spacetime', ParleySpacetime);

declare global {
  interface HTMLElementTagNameMap {
    'parley-spacetime': ParleySpacetime;
  }
}
