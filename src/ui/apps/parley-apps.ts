/** Applications on a cluster of tabs: which one, how many members, or into one that is there. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { appsLink } from '../app/route.ts';
import { mark } from '../kit/icons.ts';
import '../kit/parley-theme-choice.ts';
import { base, controls } from '../kit/styles.ts';
import { addressOf, newAppCode, readAppCode } from './app-code.ts';
import { APPS, entryOf, type AppEntry } from './app-entries.ts';
import { appStyles } from './apps-styles.ts';
import './parley-app-page.ts';
import type { PlaceSession } from './place-session.ts';

/** `<parley-apps code=…>`: without a code, the choice. */
export class ParleyApps extends LitElement {
  static override properties = {
    code: {},
    complaint: { state: true },
    session: { state: true },
  };
  static override styles = [
    base,
    controls,
    appStyles,
    css`
      .wrap {
        max-width: 1120px;
        margin: 0 auto;
        padding: 0 20px 64px;
      }

      header {
        display: flex;
        gap: 18px;
        align-items: center;
        padding: 18px 0;
      }

      header a {
        display: flex;
        gap: 9px;
        align-items: center;
        color: inherit;
        font-weight: 650;
        text-decoration: none;
      }

      parley-theme-choice {
        margin-left: auto;
      }

      h1 {
        margin: 12px 0 8px;
        font-size: clamp(1.5rem, 4vw, 2.25rem);
        line-height: 1.15;
        text-wrap: balance;
      }

      .lead {
        max-width: 60ch;
        margin: 0 0 24px;
        color: var(--parley-ink-2);
      }

      .cards {
        margin-bottom: 28px;
      }

      /* What one begins with stands at the foot, whatever is said above it. */
      .cards > li {
        display: flex;
        flex-direction: column;
      }

      .cards h2 {
        color: var(--parley-ink);
        font-size: var(--parley-large);
      }

      .cards p {
        margin: 0 0 12px;
      }

      .cards form {
        margin-top: auto;
      }

      /* Each choice has a line of its own: what it says is longer than half of a card. */
      .cards form {
        justify-content: end;
      }

      .cards form label {
        flex-basis: 100%;
      }

      .join {
        max-width: 34rem;
      }

      .join input {
        text-transform: uppercase;
      }
    `,
  ];
  /** Of the cluster, as its address has it; or the name of an application. */
  declare code: string | undefined;
  declare complaint: string;
  declare session: PlaceSession | undefined;

  constructor() {
    super();
    this.code = undefined;
    this.complaint = '';
    this.session = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('code')) this.#enter();
  }

  protected override render(): unknown {
    return html`<div class="wrap">
      <header>
        <a href="#/">${mark}Parley</a>
        ${this.code === undefined ? nothing : html`<a href=${appsLink()}>Applications</a>`}
        <parley-theme-choice></parley-theme-choice>
      </header>
      <main>${this.#main()}</main>
    </div>`;
  }

  #main(): unknown {
    if (this.session !== undefined) {
      return html`<parley-app-page
        .session=${this.session}
        @parley-again=${() => this.#enter()}
      ></parley-app-page>`;
    }
    const only = this.code === undefined ? undefined : entryOf(this.code);
    if (this.code !== undefined && only === undefined) {
      return html`<h1>There is no such cluster</h1>
        <p role="alert">
          '${this.code}' is no code of an application: those look like A3-7KQ2MX.
          <a href=${appsLink()}>Begin one, or type the code again</a>.
        </p>`;
    }
    return html`<h1>${only === undefined ? 'Applications' : only.title} without a server</h1>
      <p class="lead">
        ${only === undefined ? 'Each is' : 'It is'} kept by browser tabs alone, linked with one
        another. Begin one, open it in more tabs or on other devices, and close whichever you like.
      </p>
      <ul class="cards">
        ${(only === undefined ? APPS : [only]).map((entry) => this.#card(entry))}
      </ul>
      <section class="panel join" aria-labelledby="join">
        <h2 id="join">Join a cluster</h2>
        <form novalidate @submit=${this.#join}>
          <label
            >Code of the cluster
            <input
              name="code"
              placeholder="A3-7KQ2MX"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck="false"
              aria-invalid=${this.complaint === '' ? 'false' : 'true'}
              aria-describedby=${this.complaint === '' ? nothing : 'complaint'}
            />
          </label>
          <button class="line">Join</button>
          ${
            this.complaint === ''
              ? nothing
              : html`<p class="complaint" id="complaint" role="alert">${this.complaint}</p>`
          }
        </form>
      </section>`;
  }

  #card({ app, title, summary, sizes, size, sizeInWords, canBeClosed }: AppEntry): TemplateResult {
    return html`<li class="panel">
      <h2>${title}</h2>
      <p>${summary}</p>
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          const values = new FormData(event.currentTarget as HTMLFormElement);
          const isClosed = values.get('access') === 'closed';
          const code = newAppCode(app, Number(values.get('members')), isClosed);
          location.hash = appsLink(addressOf(code));
        }}
      >
        <label
          >Members<span class="hidden"> of ${title}</span>
          <select name="members">
            ${sizes.map(
              (each) =>
                html`<option value=${each} ?selected=${each === size}>
                  ${sizeInWords(each)}
                </option>`,
            )}
          </select>
        </label>
        ${
          canBeClosed
            ? html`<label
                >Open to<span class="hidden"> in ${title}</span>
                <select name="access">
                  <option value="closed">who has the link, encrypted</option>
                  <option value="open">who has the code</option>
                </select>
              </label>`
            : nothing
        }
        <button class="primary" aria-label="Begin: ${title}">Begin</button>
      </form>
    </li>`;
  }

  readonly #join = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLInputElement>('input[name=code]')!;
    // A pasted link has its code at the end.
    const code = readAppCode(field.value.split('/').at(-1) ?? '');
    if (code !== undefined) {
      location.hash = appsLink(addressOf(code));
      return;
    }
    this.complaint =
      field.value.trim() === ''
        ? 'Type the code that the other tabs show.'
        : 'A code has a letter and a digit, a hyphen, and four or more letters or digits: A3-7KQ2MX.';
    field.focus();
  };

  #enter(): void {
    this.#leave();
    const code = this.code === undefined ? undefined : readAppCode(this.code);
    if (code !== undefined) this.session = entryOf(code.app)?.enter(code);
  }

  #leave(): void {
    this.session?.leave();
    this.session = undefined;
  }
}

customElements.define('parley-apps', ParleyApps);

declare global {
  interface HTMLElementTagNameMap {
    'parley-apps': ParleyApps;
  }
}
