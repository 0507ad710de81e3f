/** Into a room: by its code, by a pasted link, or into a new one. */

import { css, html, LitElement, nothing } from 'lit';
import type { CreateRoomOptions } from '../../lab/lab-service.ts';
import { roomAddressIn, roomHash } from '../app/route.ts';
import { base, controls } from '../kit/styles.ts';
import { WORDS } from './words.ts';

/** What a room's code may be, and what may stand behind it. Whether there is such a room is found out on the way in. */
const ADDRESS = /^[A-Za-z0-9-]{4,64}(?:,\S+)?$/;

/** Fewer characters are guessed too soon; the lab refuses them as well. */
const PASSPHRASE_LENGTH_MIN = 8;

/** `<parley-join>`; fires `parley-new-room` with how the room is to be made. A code leads to the room's address. */
export class ParleyJoin extends LitElement {
  static override properties = {
    busy: { type: Boolean },
    problem: {},
    complaint: { state: true },
    access: { state: true },
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

      form:not(.create) {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px;
      }

      .create label {
        display: block;
        margin-bottom: 10px;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      .create select,
      .create .passphrase {
        width: 100%;
        margin-top: 4px;
      }

      form:not(.create) input {
        min-height: 2.6rem;
        background: var(--parley-sunken);
        font: 600 1.15rem var(--parley-mono);
        letter-spacing: 0.22em;
        text-transform: uppercase;
      }

      form:not(.create) input::placeholder {
        color: var(--parley-ink-3);
        opacity: 0.7;
      }

      form:not(.create) button {
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
  declare access: 'open' | 'key' | 'passphrase';

  constructor() {
    super();
    this.access = 'open';
    this.busy = false;
    this.problem = undefined;
    this.complaint = '';
  }

  protected override render(): unknown {
    const complaint = this.complaint || this.problem;
    return html`
      <h2>${WORDS.join}</h2>
      <p>${WORDS.joinHow}</p>
      <form @submit=${this.#join} novalidate>
        <input
          name="code"
          aria-label=${WORDS.code}
          aria-invalid=${complaint ? 'true' : 'false'}
          aria-describedby=${complaint ? 'complaint' : nothing}
          placeholder=${WORDS.codeExample}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          @input=${() => {
            this.complaint = '';
          }}
        />
        <button class="line">${WORDS.joinNow}</button>
      </form>
      ${
        complaint
          ? html`<p class="complaint" id="complaint" role="alert">${complaint}</p>`
          : nothing
      }
      <div class="or">${WORDS.orStart}</div>
      <form class="create" @submit=${this.#create} novalidate>
        <label
          >${WORDS.access}
          <select @change=${this.#chooseAccess}>
            <option value="open">${WORDS.accesses.open}</option>
            <option value="key">${WORDS.accesses.key}</option>
            <option value="passphrase">${WORDS.accesses.passphrase}</option>
          </select>
        </label>
        ${
          this.access === 'passphrase'
            ? html`<label
                >${WORDS.passphrase}
                <input
                  class="passphrase"
                  type="text"
                  autocomplete="off"
                  minlength=${PASSPHRASE_LENGTH_MIN}
                />
              </label>`
            : nothing
        }
        <button class="line new" ?disabled=${this.busy}>
          ${this.busy ? WORDS.opening : WORDS.open}
        </button>
      </form>
      <p class="note">${WORDS.accessNotes[this.access]}</p>
    `;
  }

  readonly #join = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = this.renderRoot.querySelector('input')!;
    const address = roomAddressIn(field.value);
    const [code = '', ...key] = address.split(',');
    if (ADDRESS.test(address)) {
      // The case of a code does not matter, and one room should have one address.
      location.hash = roomHash([code.toUpperCase(), ...key].join(','));
      return;
    }
    this.complaint = code === '' ? WORDS.noCode : WORDS.shortCode;
    field.focus();
  };

  readonly #chooseAccess = ({ target }: Event): void => {
    this.access = (target as HTMLSelectElement).value as ParleyJoin['access'];
    this.complaint = '';
  };

  readonly #create = (event: SubmitEvent): void => {
    event.preventDefault();
    const { access } = this;
    const field = this.renderRoot.querySelector<HTMLInputElement>('.passphrase');
    const passphrase = field?.value ?? '';
    if (field !== null && passphrase.trim().length < PASSPHRASE_LENGTH_MIN) {
      this.complaint = WORDS.shortPassphrase(PASSPHRASE_LENGTH_MIN);
      field.focus();
      return;
    }
    const detail: CreateRoomOptions =
      access === 'passphrase' ? { access, passphrase } : access === 'key' ? { access } : {};
    this.dispatchEvent(new CustomEvent('parley-new-room', { detail }));
  };
}

customElements.define('parley-join', ParleyJoin);

declare global {
  interface HTMLElementTagNameMap {
    'parley-join': ParleyJoin;
  }
}
