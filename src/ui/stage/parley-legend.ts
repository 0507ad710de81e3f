/** Which colour is which kind of message, and which kinds are drawn; there when the first has been sent. */

import { css, html, LitElement, nothing } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import { base, controls } from '../kit/styles.ts';
import { narrow } from '../kit/media.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from './scene.ts';

/** `<parley-legend .scene=…>`. */
export class ParleyLegend extends LitElement {
  static override properties = { scene: { attribute: false } };
  static override styles = [
    base,
    controls,
    css`
      ul {
        display: flex;
        flex-wrap: var(--legend-wrap, wrap);
        gap: 2px 14px;
        margin: 0;
        padding: 0;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
        /* Two lines: with more there is no room for the picture. The rest is scrolled to. */
        max-height: 3.2rem;
        overflow: auto;
        list-style: none;
        scrollbar-width: none;
      }

      li {
        flex: none;
        display: flex;
        gap: 6px;
        align-items: center;
      }

      button {
        display: flex;
        gap: 6px;
        align-items: center;
        min-height: 1.5rem;
        padding: 0 2px;
        border: 0;
      }

      button,
      button[aria-pressed='true'],
      button[aria-pressed='false'] {
        background: none;
        color: inherit;
        font-size: inherit;
        font-weight: 400;
      }

      button:hover {
        color: var(--parley-ink);
      }

      button[aria-pressed='false'] {
        text-decoration: line-through;
      }

      button[aria-pressed='false'] i {
        opacity: 0.35;
      }

      i {
        width: 12px;
        height: 10px;
        background: var(--colour);
        clip-path: polygon(100% 50%, 0 100%, 0 0);
        forced-color-adjust: none;
      }
    `,
  ];
  declare scene: Scene | undefined;

  constructor() {
    super();
    new Subscription(
      this,
      () => this.scene?.viewer,
      () => {
        const { viewer, lens, palette } = this.scene!;
        return [viewer.recording, viewer.recording.kinds.size, palette.kinds.length, lens.version];
      },
    );
  }

  protected override render(): unknown {
    if (this.scene === undefined || this.scene.viewer.recording.flightCount === 0) return nothing;
    const { palette, lens, viewer } = this.scene;
    const kinds = palette.kinds.filter((kind) => viewer.recording.kinds.has(kind));
    return html`<ul aria-label="Kinds of messages" tabindex=${narrow.matches ? 0 : nothing}>
      ${kinds.map(
        (kind) =>
          html`<li>
            <button
              aria-pressed=${lens.showsKind(kind) ? 'true' : 'false'}
              title="Show or hide ${kind}"
              @click=${() => lens.toggleKind(kind)}
            >
              <i style=${styleMap({ '--colour': palette.colour(kind) })}></i>${kind}
            </button>
          </li>`,
      )}
    </ul>`;
  }
}

customElements.define('parley-legend', ParleyLegend);

declare global {
  interface HTMLElementTagNameMap {
    'parley-legend': ParleyLegend;
  }
}
