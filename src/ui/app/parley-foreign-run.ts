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

      p {
        max-width: 64ch;
        overflow-wrap: anywhere;
      }

      /* What is asked stays in sight, however long the source is that one reads first. */
      .row {
        position: sticky;
        top: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        max-width: none;
        margin: 0;
        padding: 10px 0;
        background: var(--parley-paper);
      }

      pre {
        margin: 4px 0 0;
        padding: 12px 14px;
        border: 1px solid var(--parley-line);
        border-radius: 8px;
        background: var(--parley-surface);
        font: var(--parley-small) / 1.5 var(--parley-mono);
        overflow-x: auto;
      }

      @media (max-width: 599px) {
        main {
          margin: 16px auto;
          padding: 0 14px;
        }
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
      ${source === undefined ? nothing : html`<pre tabindex="0" aria-label="Source">${source}</pre>`}
    </main>`;
  }
}

customElements.define('parley-foreign-run', ParleyForeignRun);

declare global {
  interface HTMLElementTagNameMap {
    'parley-foreign-run': ParleyForeignRun;
  }
}
