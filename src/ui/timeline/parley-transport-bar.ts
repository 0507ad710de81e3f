/** Play, hold, step, speed, and the slider of time. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { createRef, ref } from 'lit/directives/ref.js';
import { Calm } from '../kit/calm.ts';
import {
  backIcon,
  endIcon,
  liveIcon,
  pauseIcon,
  playIcon,
  startIcon,
  stepIcon,
} from '../kit/icons.ts';
import { printCount, printTime } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import { printSpeed, SPEEDS } from '../stage/speed.ts';
import type { Viewer } from '../stage/viewer.ts';
import './parley-minimap.ts';
import type { ParleyMinimap, Span } from './parley-minimap.ts';

/** `<parley-transport-bar .scene=… .span=…>`. */
export class ParleyTransportBar extends LitElement {
  static override properties = { scene: { attribute: false } };
  static override styles = [
    base,
    controls,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
      }

      .buttons {
        display: flex;
        gap: 2px;
        align-items: center;
      }

      .play {
        min-width: 6.4rem;
        margin: 0 4px;
      }

      .time {
        min-width: 10.5rem;
        color: var(--parley-ink-2);
        font-family: var(--parley-mono);
        font-size: var(--parley-small);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      parley-minimap {
        flex: 1 1 140px;
      }

      .live[aria-pressed='true'] {
        background: none;
        color: var(--parley-bad);
      }

      @media (max-width: 599px) {
        kbd {
          display: none;
        }

        .play {
          min-width: 5rem;
        }

        .buttons {
          flex: 1;
        }

        .time {
          order: 2;
          min-width: 4.4rem;
        }

        .time .event {
          display: none;
        }

        parley-minimap {
          order: 3;
        }

        label {
          order: 1;
        }
      }
    `,
  ];
  declare scene: Scene | undefined;
  #span: Span | undefined;
  readonly #minimap = createRef<ParleyMinimap>();

  readonly #calm = new Calm<readonly [time: string, event: string]>();

  constructor() {
    super();
    new Subscription(this, () => this.scene?.viewer);
  }

  /** A stretch of time that is marked in the strip. It moves with time: nothing but the strip is drawn anew for it. */
  get span(): Span | undefined {
    return this.#span;
  }

  set span(span: Span | undefined) {
    this.#span = span;
    if (this.#minimap.value !== undefined) this.#minimap.value.span = span;
  }

  protected override render(): unknown {
    const viewer = this.scene?.viewer;
    if (viewer === undefined) return nothing;
    const { cursor, recording } = viewer;
    const empty = recording.length === 0;
    const atStart = empty || (cursor.step === 0 && recording.before === 0);
    const atEnd = empty || (cursor.step === recording.length && cursor.time >= viewer.endTime);
    const going = viewer.playing || viewer.following;
    return html`<div class="bar">
      <div class="buttons" role="group" aria-label="Playback">
        ${button('To the start', 'Home', startIcon, atStart, () => viewer.toStart())}
        ${button('One event back', '←', backIcon, atStart, () => viewer.stepBy(-1))}
        <button class="line play" ?disabled=${empty} @click=${() => viewer.toggle()}>
          ${going ? pauseIcon : playIcon} ${going ? 'Hold' : 'Play'} <kbd>Space</kbd>
        </button>
        ${button('One event on', '→', stepIcon, atEnd, () => viewer.stepBy(1))}
        ${button('To the end', 'End', endIcon, atEnd, () => viewer.toEnd())}
        ${
          viewer.live
            ? html`<button
                class="live"
                aria-pressed=${viewer.following ? 'true' : 'false'}
                title="Follow what happens now (L)"
                @click=${() => viewer.follow()}
              >
                ${liveIcon} Live
              </button>`
            : nothing
        }
      </div>
      ${this.#time(viewer)}
      <parley-minimap
        ${ref(this.#minimap)}
        .scene=${this.scene}
        .span=${this.#span}
      ></parley-minimap>
      ${this.#speed()}
    </div>`;
  }

  #time(viewer: Viewer): TemplateResult {
    const [time, event] = this.#calm.words(() => {
      const { cursor, recording } = viewer;
      return [printTime(cursor.time), printCount(recording.numberOf(cursor.step))] as const;
    }, viewer.moving);
    return html`<span class="time">${time}<span class="event"> · event ${event}</span></span>`;
  }

  #speed(): unknown {
    const viewer = this.scene!.viewer;
    return html`<label title="Speed of playing (− and +): time of the run per second">
      <span class="hidden">Speed</span>
      <select
        @change=${(event: Event) => {
          viewer.setSpeed(Number((event.target as HTMLSelectElement).value));
        }}
      >
        ${guard([viewer.speed], () =>
          SPEEDS.map(
            (speed) =>
              html`<option value=${speed} .selected=${speed === viewer.speed}>
                ${printSpeed(speed)}
              </option>`,
          ),
        )}
      </select>
    </label>`;
  }
}

/** Never truly disabled: a button that took the focus to the end of the run must not lose it there. */
function button(
  name: string,
  key: string,
  icon: unknown,
  disabled: boolean,
  onClick: () => void,
): unknown {
  return html`<button
    aria-label=${name}
    title="${name} (${key})"
    aria-disabled=${disabled ? 'true' : 'false'}
    @click=${onClick}
  >
    ${icon}
  </button>`;
}

customElements.define('parley-transport-bar', ParleyTransportBar);

declare global {
  interface HTMLElementTagNameMap {
    'parley-transport-bar': ParleyTransportBar;
  }
}
