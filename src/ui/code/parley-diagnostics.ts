/** What is wrong in a text: a list of places to go to. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Diagnostic } from '../../lab/lab-service.ts';
import { base, controls } from '../kit/styles.ts';

const SIGNS = { error: '✗', warning: '!', info: 'i' } as const;

/** `<parley-diagnostics .diagnostics=… label=…>`; fires `parley-go` with the one that was chosen. */
export class ParleyDiagnostics extends LitElement {
  static override properties = { diagnostics: { attribute: false }, label: {} };
  static override styles = [
    base,
    controls,
    css`
      ul {
        max-height: var(--diagnostics-height, 9.5rem);
        margin: 8px 0 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }

      button {
        display: grid;
        grid-template-columns: 1.1rem 1fr;
        justify-items: start;
        align-items: start;
        width: 100%;
        min-height: 0;
        padding: 4px 6px;
        font-size: var(--parley-small);
        text-align: left;
        white-space: normal;
        overflow-wrap: anywhere;
      }

      .error b {
        color: var(--parley-bad);
      }

      .warning b {
        color: var(--parley-warn);
      }

      .info b {
        color: var(--parley-accent);
      }

      .where {
        color: var(--parley-ink-3);
        font-family: var(--parley-mono);
      }
    `,
  ];
  declare diagnostics: readonly Diagnostic[];
  declare label: string;

  constructor() {
    super();
    this.diagnostics = [];
    this.label = 'Problems';
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.diagnostics.length === 0) return nothing;
    return html`<ul aria-label=${this.label}>
      ${this.diagnostics.map(
        (diagnostic) =>
          html`<li class=${diagnostic.severity}>
            <button @click=${() => this.#go(diagnostic)}>
              <b aria-hidden="true">${SIGNS[diagnostic.severity]}</b>
              <span><span class="where">line ${diagnostic.line}</span> ${diagnostic.message}</span>
            </button>
          </li>`,
      )}
    </ul>`;
  }

  #go(detail: Diagnostic): void {
    this.dispatchEvent(new CustomEvent<Diagnostic>('parley-go', { detail }));
  }
}

customElements.define('parley-diagnostics', ParleyDiagnostics);

declare global {
  interface HTMLElementTagNameMap {
    'parley-diagnostics': ParleyDiagnostics;
  }
}
