/** One application in its cluster: on the way in, what is waited for; then the application beside the cluster that keeps it. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { appsLink } from '../app/route.ts';
import '../kit/parley-qr.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { entryOf } from './app-entries.ts';
import type { PlaceSession } from './place-session.ts';

/** `<parley-app-page .session=…>`; fires `parley-again` when it is to be tried again. */
export class ParleyAppPage extends LitElement {
  static override properties = {
    session: { attribute: false },
    copied: { state: true },
  };
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }

      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(17rem, 22rem);
        gap: 24px;
        align-items: start;
      }

      /* In letters, not pixels: with the larger type of a projector the columns are too narrow sooner. */
      @container (max-width: 54rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }

      h1 {
        margin: 0 0 16px;
        font-size: 1.5rem;
      }

      .panel {
        margin: 0 0 16px;
        padding: 16px;
        border: 1px solid var(--parley-line);
        border-radius: 14px;
        background: var(--parley-surface);
      }

      .code {
        margin: 0 0 10px;
        font: 600 1.25rem var(--parley-mono);
        letter-spacing: 0.12em;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }

      parley-qr {
        max-width: 11rem;
        margin: 12px 0 0;
      }

      progress {
        width: 100%;
        accent-color: var(--parley-accent);
      }
    `,
  ];
  declare session: PlaceSession | undefined;
  /** How copying the link went. */
  declare copied: string;

  constructor() {
    super();
    this.copied = '';
    new Subscription(this, () => this.session);
  }

  protected override render(): unknown {
    const { session } = this;
    const entry = session && entryOf(session.code.app);
    if (session === undefined || entry === undefined) return nothing;
    const { isIn } = session;
    return html`<h1>${entry.title}</h1>
      <div class="columns">
        <div>${isIn ? entry.draw(session) : this.#way(session)}</div>
        <aside aria-label="Cluster">
          ${isIn ? entry.drawAside(session) : nothing} ${this.#invitation(session)}
        </aside>
      </div>`;
  }

  /** Not in it, or not any more. */
  #way(session: PlaceSession): TemplateResult {
    if (session.problem !== undefined) {
      return html`<section class="panel" role="alert">
        <p><b>This tab takes no part.</b> ${session.problem}</p>
        <div class="row">
          <button class="primary" @click=${() => this.dispatchEvent(new Event('parley-again'))}>
            Try again
          </button>
          <a class="button line" href=${appsLink()}>To the applications</a>
        </div>
      </section>`;
    }
    const { members } = session.code;
    const missing = session.waiting?.missing.length ?? members - 1;
    return html`<section class="panel" role="status">
      <p>
        <b>${members - missing} of ${members} tabs are here.</b>
        ${
          missing === 0
            ? 'Waiting for one of them to answer.'
            : `Open this page in ${missing === 1 ? 'one more tab' : `${missing} more tabs`}, here or on another device: the cluster begins when all of its members have come once.`
        }
      </p>
      <progress
        max=${members}
        value=${members - missing}
        aria-label="Tabs that are here"
      ></progress>
    </section>`;
  }

  #invitation({ code }: PlaceSession): TemplateResult {
    const link = location.href;
    return html`<section class="panel" aria-labelledby="invite">
      <h2 id="invite">Open another tab</h2>
      <p class="code">${code.code}</p>
      ${
        code.isClosed
          ? html`<p class="dim">
              The link holds the key: whoever has it can read along, and nobody else.
            </p>`
          : nothing
      }
      <div class="row">
        <a class="button line" href=${link} target="_blank" rel="noopener">Open one here</a>
        <button class="line" @click=${() => void this.#copy(link)}>Copy the link</button>
      </div>
      <p class="dim" role="status">${this.copied}</p>
      <parley-qr text=${link} label="Link to this cluster, for a phone"></parley-qr>
    </section>`;
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = 'The link was copied.';
    } catch {
      // Plain-http pages may not.
      this.copied = 'This page may not copy: take the address from the address bar.';
    }
  }
}

customElements.define('parley-app-page', ParleyAppPage);

declare global {
  interface HTMLElementTagNameMap {
    'parley-app-page': ParleyAppPage;
  }
}
