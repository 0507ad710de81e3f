/** On the way into a room: what it takes so long, the passphrase if one is needed, and why it did not work. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { JoinRoomOptions, LabService, RoomSession } from '../../lab/lab-service.ts';
import { codeOf } from '../app/route.ts';
import { brand, brandStyle } from '../kit/brand.ts';
import { base, controls } from '../kit/styles.ts';
import { WORDS } from './words.ts';

/** `<parley-entry .service=… .address=…>`; fires `parley-entered` with the session. */
export class ParleyEntry extends LitElement {
  static override properties = {
    service: { attribute: false },
    address: {},
    problem: { state: true },
    asks: { state: true },
    progress: { state: true },
  };
  static override styles = [
    base,
    controls,
    brandStyle,
    css`
      :host {
        display: block;
        max-width: 36rem;
        margin: 18vh auto 0;
        padding: 0 24px;
      }

      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px;
        margin: 14px 0;
      }

      input,
      form button {
        min-height: 2.6rem;
      }

      progress {
        width: 100%;
        accent-color: var(--parley-accent);
      }

      .bad {
        color: var(--parley-bad);
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  declare service: LabService | undefined;
  /** As it stands in a link. */
  declare address: string;
  declare problem: string | undefined;
  /** The room is closed by a passphrase. */
  declare asks: boolean;
  /** The part of its key that is computed. */
  declare progress: number | undefined;
  #giveUp: AbortController | undefined;

  constructor() {
    super();
    this.address = '';
    this.problem = undefined;
    this.asks = false;
    this.progress = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#giveUp?.abort();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('address')) {
      this.asks = false;
      void this.#enter({});
    }
  }

  protected override render(): unknown {
    const code = codeOf(this.address);
    if (this.progress !== undefined) return this.#stretching(this.progress);
    if (this.asks) return this.#asking(code);
    if (this.problem !== undefined) {
      return html`<main>
        ${brand}
        <h1>${WORDS.refused}</h1>
        <p role="alert">${this.problem}</p>
        <p class="ways">
          <button class="primary" @click=${() => void this.#enter({})}>${WORDS.tryAgain}</button>
          <a class="button line" href="#/">${WORDS.toFirstPage}</a>
        </p>
      </main>`;
    }
    return html`<main role="status">
      ${brand}
      <h1>${WORDS.entering(code)}</h1>
      <p>${WORDS.moment}</p>
    </main>`;
  }

  #asking(code: string): TemplateResult {
    return html`<main>
      ${brand}
      <h1>${WORDS.closed(code)}</h1>
      <p>${WORDS.agreed}</p>
      <form @submit=${this.#submit}>
        <input
          name="passphrase"
          type="password"
          autocomplete="current-password"
          aria-label=${WORDS.passphrase}
          aria-invalid=${this.problem === undefined ? 'false' : 'true'}
          aria-describedby=${this.problem === undefined ? nothing : 'complaint'}
        />
        <button class="primary">${WORDS.enter}</button>
      </form>
      ${
        this.problem === undefined
          ? nothing
          : html`<p class="bad" id="complaint" role="alert">${this.problem}</p>`
      }
      <p><a href="#/">${WORDS.toFirstPage}</a></p>
    </main>`;
  }

  #stretching(done: number): TemplateResult {
    return html`<main>
      ${brand}
      <h1>${WORDS.makingKey}</h1>
      <p>${WORDS.slowOnPurpose}</p>
      <progress aria-label=${WORDS.key} max="1" .value=${done}></progress>
      <p><button class="line" @click=${() => this.#giveUp?.abort()}>${WORDS.cancel}</button></p>
    </main>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const passphrase = this.renderRoot.querySelector('input')!.value;
    if (passphrase === '') this.problem = WORDS.typePassphrase;
    else void this.#enter({ passphrase, onProgress: (done) => (this.progress = done) });
  };

  async #enter(options: JoinRoomOptions): Promise<void> {
    this.#giveUp?.abort();
    const giveUp = new AbortController();
    this.#giveUp = giveUp;
    this.problem = undefined;
    try {
      const session = await this.service!.joinRoom(this.address, {
        ...options,
        signal: giveUp.signal,
      });
      // Somebody has gone on to another screen meanwhile.
      if (giveUp !== this.#giveUp || !this.isConnected) return session.leave();
      this.dispatchEvent(new CustomEvent<RoomSession>('parley-entered', { detail: session }));
    } catch (error) {
      if (giveUp === this.#giveUp) this.#refused(error);
    } finally {
      if (giveUp === this.#giveUp) this.progress = undefined;
    }
  }

  #refused(error: unknown): void {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    if (code === 'passphrase-needed') this.asks = true;
    else if (code !== 'aborted') this.problem = message ?? String(error);
  }
}

customElements.define('parley-entry', ParleyEntry);

declare global {
  interface HTMLElementTagNameMap {
    'parley-entry': ParleyEntry;
  }
}
