/** Into a room: by its code, by a pasted link, or into a new one. */

import { css, html, LitElement, nothing } from 'lit';
import { roomCodeIn, roomLink } from '../app/route.ts';
import { base, controls } from '../kit/styles.ts';

/** What a room's code may be: letters, digits and hyphens. The server says whether there is such a room. */
const CODE = /^[A-Za-z0-9-]{4,64}$/;

/** `<parley-join>`; fires `parley-new-room`. A code leads to the room's address. */
export class ParleyJoin extends LitElement {
  static override properties = {
    busy: { type: Boolean },
    problem: {},
    complaint: { state: true },
  };
  static override styles = [
    base,
    controls,
    css`
      :host {
        padding: 18px;
        border: 1px solid var(--parley-line);
        border-radius: 16px;
        background: var(--parley-surface);
        box-shadow: var(--parley-shadow);
      }

      h2 {
        margin: 0 0 4px;
        color: inherit;
        font-size: var(--parley-large);
        font-weight: 650;
      }

      p {
        margin: 0 0 14px;
        color: var(--parley-ink-2);
        font-size: var(--parley-text);
      }

      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px;
      }

      input {
        min-height: 2.6rem;
        background: var(--parley-sunken);
        font: 600 1.15rem var(--parley-mono);
        letter-spacing: 0.22em;
        text-transform: uppercase;
      }

      input::placeholder {
        color: var(--parley-ink-3);
        opacity: 0.7;
      }

      form button {
        min-height: 2.6rem;
        padding: 0 16px;
      }

      .complaint {
        margin: 8px 0 0;
        color: var(--parley-bad);
      }

      .or {
        display: flex;
        gap: 10px;
        align-items: center;
        margin: 14px 0;
        color: var(--parley-ink-3);
        font-size: 0.75rem;
      }

      .or::before,
      .or::after {
        flex: 1;
        height: 1px;
        background: var(--parley-line);
        content: '';
      }

      .new {
        width: 100%;
        min-height: 2.4rem;
      }

      .note {
        margin: 10px 0 0;
        font-size: 0.75rem;
      }
    `,
  ];
  declare busy: boolean;
  /** Why the last attempt failed. */
  declare problem: string | undefined;
  declare complaint: string;

  constructor() {
    super();
    this.busy = false;
    this.problem = undefined;
    this.complaint = '';
  }

  protected override render(): unknown {
    const complaint = this.complaint || this.problem;
    return html`
      <h2>Join a room</h2>
      <p>Type its code, or open its link on another device.</p>
      <form @submit=${this.#join} novalidate>
        <input
          name="code"
          aria-label="Code of the room"
          aria-invalid=${complaint ? 'true' : 'false'}
          aria-describedby=${complaint ? 'complaint' : nothing}
          placeholder="7KQ4XM"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          @input=${() => {
            this.complaint = '';
          }}
        />
        <button class="line">Join</button>
      </form>
      ${
        complaint
          ? html`<p class="complaint" id="complaint" role="alert">${complaint}</p>`
          : nothing
      }
      <div class="or">or start one here</div>
      <button
        class="line new"
        ?disabled=${this.busy}
        @click=${() => this.dispatchEvent(new Event('parley-new-room'))}
      >
        ${this.busy ? 'Opening …' : 'Open a new room'}
      </button>
      <p class="note">
        Phones and laptops on this network join by scanning its code. What the nodes say goes from
        tab to tab.
      </p>
    `;
  }

  readonly #join = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = this.renderRoot.querySelector('input')!;
    const code = roomCodeIn(field.value).toUpperCase();
    if (CODE.test(code)) {
      location.hash = roomLink(code);
      return;
    }
    this.complaint =
      code === ''
        ? 'Type the code that the room shows.'
        : 'A code has at least four letters or digits.';
    field.focus();
  };
}

customElements.define('parley-join', ParleyJoin);

declare global {
  interface HTMLElementTagNameMap {
    'parley-join': ParleyJoin;
  }
}
