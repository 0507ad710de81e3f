/** The whole run in one strip: how much happened when, where it went wrong, and the cursor. The slider of time. */

import { css, html, LitElement, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { printTime } from '../kit/print-number.ts';
import { base } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import type { Viewer } from '../stage/viewer.ts';

/** A stretch of time, in milliseconds of the run. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const BARS = 240;
const HEIGHT = 22;
/** Page up and down move by this part of the run. */
const PAGE = 0.1;
/** Marks of violations in the strip. */
const VIOLATIONS_MAX = 20;

/** `<parley-minimap .scene=… .span=…>`. */
export class ParleyMinimap extends LitElement {
  static override properties = { scene: { attribute: false }, span: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        min-width: 120px;
        height: 26px;
      }

      .strip {
        position: relative;
        height: 100%;
        border-radius: 4px;
        cursor: ew-resize;
        touch-action: none;
      }

      svg {
        display: block;
        width: 100%;
        height: 100%;
      }

      .base {
        stroke: var(--parley-line-2);
        vector-effect: non-scaling-stroke;
      }

      .bars {
        fill: var(--parley-line-2);
      }

      .past {
        fill: var(--parley-ink-3);
      }

      .span {
        fill: var(--parley-accent);
        opacity: 0.13;
      }

      .cursor {
        stroke: var(--parley-accent);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }

      .violation {
        stroke: var(--parley-bad);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
    `,
  ];
  declare scene: Scene | undefined;
  declare span: Span | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.scene?.viewer);
  }

  protected override render(): unknown {
    const viewer = this.scene?.viewer;
    if (viewer === undefined) return nothing;
    const { recording, cursor } = viewer;
    const end = viewer.endTime;
    const x = (time: number): number => (end === 0 ? 0 : (time / end) * BARS);
    // The bars change only when events come: while the cursor moves they are left alone.
    const barsEnd = viewer.following ? recording.endTime : end;
    return html`<div
      class="strip"
      role="slider"
      tabindex="0"
      aria-label="Time"
      aria-valuemin="0"
      aria-valuemax=${Math.round(end * 10) / 10}
      aria-valuenow=${Math.round(cursor.time * 10) / 10}
      aria-valuetext="${printTime(cursor.time)}, event ${recording.numberOf(cursor.step)}"
      aria-disabled=${recording.length === 0 ? 'true' : 'false'}
      @pointerdown=${this.#onPointer}
      @pointermove=${this.#onPointer}
      @keydown=${this.#onKey}
    >
      <svg viewBox="0 0 ${BARS} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        <path class="base" d="M0 ${HEIGHT - 0.5}H${BARS}" />
        ${guard([recording, recording.length, viewer.run?.events.length, barsEnd], () => {
          const bars = drawBars(viewer.density(BARS));
          return svg`<path class="bars" d=${bars} />
            <clipPath id="past"><path d=${bars} /></clipPath>`;
        })}
        <rect class="past" clip-path="url(#past)" width=${x(cursor.time)} height=${HEIGHT} />
        ${
          this.span === undefined
            ? nothing
            : svg`<rect class="span" x=${x(this.span.from)} height=${HEIGHT}
                width=${Math.max(0, x(Math.min(this.span.to, end)) - x(this.span.from))} />`
        }
        ${violationTimes(viewer).map((time) => svg`<path class="violation" d="M${x(time)} 0V${HEIGHT}" />`)}
        <path class="cursor" d="M${x(cursor.time)} 0V${HEIGHT}" />
      </svg>
    </div>`;
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const strip = event.currentTarget as HTMLElement;
    const viewer = this.scene?.viewer;
    if (viewer === undefined || (event.type === 'pointermove' && event.buttons !== 1)) return;
    if (event.type === 'pointerdown') {
      strip.setPointerCapture(event.pointerId);
      strip.focus();
      event.preventDefault();
    }
    const { left, width } = strip.getBoundingClientRect();
    viewer.seek(((event.clientX - left) / width) * viewer.endTime);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const viewer = this.scene?.viewer;
    if (viewer === undefined) return;
    const page = viewer.endTime * PAGE;
    if (event.key === 'PageUp') viewer.seek(viewer.cursor.time + page);
    else if (event.key === 'PageDown') viewer.seek(viewer.cursor.time - page);
    else if (event.key === 'ArrowUp') viewer.stepBy(1);
    else if (event.key === 'ArrowDown') viewer.stepBy(-1);
    // Left, right, home and end mean the same everywhere in the lab: the lab hears them.
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** When something broke, in all of the run; the first few are enough to see where. */
function violationTimes({ run, recording }: Viewer): readonly number[] {
  const before = run?.archive?.stretches.flatMap(({ violationsMs }) => violationsMs) ?? [];
  const here = recording.violations.map((index) => recording.events[index]!.time);
  return [...new Set([...before, ...here])].slice(0, VIOLATIONS_MAX);
}

function drawBars(counts: readonly number[]): string {
  const most = Math.max(...counts, 1);
  return counts
    .map((count, index) => {
      if (count === 0) return '';
      // The root keeps quiet stretches visible beside a burst.
      const height = 2 + Math.sqrt(count / most) * (HEIGHT - 3);
      return `M${index} ${HEIGHT}v${-height}h.7v${height}z`;
    })
    .join('');
}

customElements.define('parley-minimap', ParleyMinimap);

declare global {
  interface HTMLElementTagNameMap {
    'parley-minimap': ParleyMinimap;
  }
}
