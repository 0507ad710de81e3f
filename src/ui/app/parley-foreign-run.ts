/** A link whose algorithm this page does not have: what it is, its source as text, and the question whether to run it. */

import { css, html, LitElement, nothing } from 'lit';
import type { OpenedLink } from '../../lab/link/open-link.ts';
import { base, controls } from '../kit/styles.ts';

/** `<parley-foreign-run .opened=…>`; fires `parley-trust` when its reader wants to run it. */
export class ParleyForeignRun extends LitElement {
  static override properties = { opened: { attribute: false } };
  static override styles = [
    base,
    controls,
    css`
      main {
        max-width: 60rem;
        margin: 6vh auto;
        padding: 0 24px;
      }

      h1 {
        margin: 0 0 8px;
        font-size: 1.4rem;
      }

      .row {
        display: flex;
        gap: 8px;
      }

      pre {
        max-height: 60vh;
        padding: 12px 14px;
        border: 1px solid var(--parley-line);
        border-radius: 8px;
        background: var(--parley-surface);
        font: var(--parley-small) / 1.5 var(--parley-mono);
        overflow: auto;
      }
    `,
  ];
  declare opened: OpenedLink | undefined;

  protected override render(): unknown {
    if (this.opened === undefined) return nothing;
    const { algorithm, source, property, seed } = this.opened.linked;
    const why =
      source === undefined
        ? html`This page has no algorithm of that name. Whoever sent the link has a module of their
            own: <code>parley lab ./module.ts</code> makes a page with it.`
        : html`It carries an algorithm of its sender's. Read it first: when you run it, it runs in a
          sandbox, without network and without anything that this page keeps.`;
    return html`<main>
      <h1>A run of ${algorithm}</h1>
      <p>
        Seed ${seed}.
        ${property === undefined ? nothing : html`It breaks: <strong>${property}</strong>.`}
      </p>
      <p role="alert">${why}</p>
      ${source === undefined ? nothing : html`<pre tabindex="0" aria-label="Source">${source}</pre>`}
      <p class="row">
        ${
          source === undefined
            ? nothing
            : html`<button
                class="primary"
                @click=${() => this.dispatchEvent(new Event('parley-trust'))}
              >
                Run it
              </button>`
        }
        <a class="button line" href="#/">To the first page</a>
      </p>
    </main>`;
  }
}

customElements.define('parley-foreign-run', ParleyForeignRun);

declare global {
  interface HTMLElementTagNameMap {
    'parley-foreign-run': ParleyForeignRun;
  }
}
