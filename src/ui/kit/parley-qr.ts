/** A text as a QR code. */

import { encode } from 'uqr';
import { css, html, LitElement, svg } from 'lit';
import { base } from './styles.ts';

/** Modules of quiet around the code: what the standard asks for, without which some cameras miss it. */
const QUIET = 4;

/** `<parley-qr text=… label=…>`. */
export class ParleyQr extends LitElement {
  static override properties = { text: {}, label: {} };
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        border-radius: 6px;
        background: var(--parley-qr-light);
        forced-color-adjust: none;
      }

      path {
        fill: var(--parley-qr-dark);
      }
    `,
  ];
  declare text: string;
  declare label: string;

  constructor() {
    super();
    this.text = '';
    this.label = 'QR code';
  }

  protected override render(): unknown {
    const { data, size } = encode(this.text, { border: QUIET });
    const path = data
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('');
    return html`<svg
      viewBox="0 0 ${size} ${size}"
      role="img"
      aria-label=${this.label}
      shape-rendering="crispEdges"
    >
      ${svg`<path d=${path} />`}
    </svg>`;
  }
}

customElements.define('parley-qr', ParleyQr);

declare global {
  interface HTMLElementTagNameMap {
    'parley-qr': ParleyQr;
  }
}
