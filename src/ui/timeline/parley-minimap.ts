/** The whole run in one strip: how much happened when, where it went wrong, and the cursor. The slider of time. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { styleMap } from 'lit/directives/style-map.js';
import { Calm } from '../kit/calm.ts';
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
        overflow: hidden;
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

      .over {
        position: absolute;
        inset: 0;
      }

      /* What moves with time is moved by the compositor: nothing is laid out or painted for it. */
      .moving {
        pointer-events: none;
        will-change: transform;
      }

      .curtain {
        overflow: hidden;
      }

      .span {
        background: var(--parley-accent);
        opacity: 0.13;
        transform-origin: 0 0;
      }

      .cursor {
        left: -1px;
        right: 1px;
        border-left: 2px solid var(--parley-accent);
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
  readonly #calm = new Calm<SliderWords>();

  constructor() {
    super();
    new Subscription(this, () => this.scene?.viewer);
  }

  protected override render(): unknown {
    const viewer = this.scene?.viewer;
    if (viewer === undefined) return nothing;
    const { recording, cursor } = viewer;
    const end = viewer.endTime;
    const part = (time: number): number => (end === 0 ? 0 : (Math.min(time, end) / end) * 100);
    const now = part(cursor.time);
    const { time, step } = this.#calm.words(
      () => ({ time: cursor.time, step: recording.numberOf(cursor.step) }),
      viewer.moving,
    );
    return html`<div
      class="strip"
      role="slider"
      tabindex="0"
      aria-label="Time"
      aria-valuemin="0"
      aria-valuemax=${Math.round(end * 10) / 10}
      aria-valuenow=${Math.round(time * 10) / 10}
      aria-valuetext="${printTime(time)}, event ${step}"
      aria-disabled=${recording.length === 0 ? 'true' : 'false'}
      @pointerdown=${this.#onPointer}
      @pointermove=${this.#onPointer}
      @keydown=${this.#onKey}
    >
      ${this.#bars(viewer, end, now)} ${this.#shownSpan(part)}
      <div class="over moving cursor" style=${styleMap(shifted(now))}></div>
    </div>`;
  }

  /** The bars twice: strong in front of a curtain that opens as time passes. */
  #bars(viewer: Viewer, end: number, now: number): TemplateResult {
    const { recording, following, run } = viewer;
    // The bars change only when events come: while the cursor moves they are left alone.
    const barsEnd = following ? recording.endTime : end;
    const key = [recording, recording.length, run?.events.length, barsEnd];
    return html`${guard(key, () => drawStrip('bars', barsOf(viewer), violationsOf(viewer, end)))}
      <div class="over moving curtain" style=${styleMap(shifted(now - 100))}>
        <div class="over moving" style=${styleMap(shifted(100 - now))}>
          ${guard(key, () => drawStrip('bars past', barsOf(viewer), violationsOf(viewer, end)))}
        </div>
      </div>`;
  }

  #shownSpan(part: (time: number) => number): TemplateResult | typeof nothing {
    if (this.span === undefined) return nothing;
    const from = part(this.span.from);
    const transform = `translateX(${from}%) scaleX(${(part(this.span.to) - from) / 100})`;
    return html`<div class="over moving span" style=${styleMap({ transform })}></div>`;
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

interface SliderWords {
  readonly time: number;
  readonly step: number;
}

/** Moved to the right by a part of its own width. */
function shifted(percent: number): { readonly transform: string } {
  return { transform: `translateX(${percent}%)` };
}

function drawStrip(name: string, bars: string, violations: string): TemplateResult {
  return html`<svg
    class="over"
    viewBox="0 0 ${BARS} ${HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <path class="base" d="M0 ${HEIGHT - 0.5}H${BARS}" />
    <path class=${name} d=${bars} />
    <path class="violation" d=${violations} />
  </svg>`;
}

/** When something broke, in all of the run; the first few are enough to see where. */
function violationsOf({ run, recording }: Viewer, end: number): string {
  const before = run?.archive?.stretches.flatMap(({ violationsMs }) => violationsMs) ?? [];
  const here = recording.violations.map((index) => recording.events[index]!.time);
  const times = [...new Set([...before, ...here])].slice(0, VIOLATIONS_MAX);
  return times.map((time) => `M${end === 0 ? 0 : (time / end) * BARS} 0V${HEIGHT}`).join('');
}

function barsOf(viewer: Viewer): string {
  const counts = viewer.density(BARS);
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
