/** Which colour is which kind of message; there when the first has been sent. */

import { css, html, LitElement, nothing } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import { base } from '../kit/styles.ts';
import { narrow } from '../kit/media.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from './scene.ts';

/** `<parley-legend .scene=…>`. */
export class ParleyLegend extends LitElement {
  static override properties = { scene: { attribute: false } };
  static override styles = [
    base,
    css`
      ul {
        display: flex;
        flex-wrap: var(--legend-wrap, wrap);
        gap: 2px 14px;
        margin: 0;
        padding: 0;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
        overflow-x: auto;
        list-style: none;
        scrollbar-width: none;
      }

      li {
        flex: none;
        display: flex;
        gap: 6px;
        align-items: center;
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
    new Subscription(this, () => this.scene?.viewer);
  }

  protected override render(): unknown {
    if (this.scene === undefined || this.scene.viewer.recording.flightCount === 0) return nothing;
    const { palette } = this.scene;
    return html`<ul aria-label="Kinds of messages" tabindex=${narrow.matches ? 0 : nothing}>
      ${palette.kinds.map(
        (kind) =>
          html`<li><i style=${styleMap({ '--colour': palette.colour(kind) })}></i>${kind}</li>`,
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
