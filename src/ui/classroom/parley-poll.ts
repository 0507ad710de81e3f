/** The director's side of a poll: a question, who has answered, and the answers when it is time. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Poll, RoomSession } from '../../lab/lab-service.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { pollBars, pollBarsStyles } from './poll-bars.ts';
import { WORDS } from './words.ts';

/** Options that a poll may have; the room takes no more. */
const OPTIONS_MAX = 12;
const TEXT_LENGTH_MAX = 120;

/** `<parley-poll .session=… .nodes=…>`. */
export class ParleyPoll extends LitElement {
  static override properties = {
    session: { attribute: false },
    nodes: { attribute: false },
    question: { state: true },
    options: { state: true },
  };
  static override styles = [
    base,
    controls,
    pollBarsStyles,
    css`
      label {
        display: grid;
        gap: 2px;
        margin-bottom: 6px;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      input {
        width: 100%;
        color: var(--parley-ink);
        font-size: var(--parley-text);
      }

      p {
        margin: 0 0 4px;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  declare session: RoomSession;
  /** What one may be asked about unless something else is written. */
  declare nodes: readonly string[];
  declare question: string;
  /** As they are written: separated by commas. */
  declare options: string | undefined;

  constructor() {
    super();
    this.nodes = [];
    this.question = WORDS.questionFirst;
    this.options = undefined;
    new Subscription(this, () => this.session);
  }

  protected override render(): TemplateResult {
    const { poll } = this.session.lessons.lesson;
    return html`<h2>${WORDS.predict}</h2>
      ${poll === undefined ? this.#form() : this.#running(poll)}`;
  }

  #form(): TemplateResult {
    const options = this.#optionsWanted();
    return html`<label
        >${WORDS.question}
        <input
          maxlength=${TEXT_LENGTH_MAX}
          .value=${this.question}
          @input=${({ target }: Event) => {
            this.question = (target as HTMLInputElement).value;
          }}
      /></label>
      <label
        >${WORDS.options}
        <input
          .value=${this.options ?? this.nodes.slice(0, OPTIONS_MAX).join(', ')}
          @input=${({ target }: Event) => {
            this.options = (target as HTMLInputElement).value;
          }}
      /></label>
      <button
        class="line"
        ?disabled=${this.question.trim() === '' || options.length < 2}
        @click=${() => this.#ask(options)}
      >
        ${WORDS.ask}
      </button>`;
  }

  #running(poll: Poll): TemplateResult {
    const { answers } = this.session.lessons;
    const asked = this.session.members.filter(({ present }) => present).length;
    return html`<p><b>${poll.question}</b></p>
      <p role="status">${WORDS.answered(answers.size, asked)}</p>
      ${poll.isRevealed ? pollBars(poll, answers) : nothing}
      <div class="row">
        ${
          poll.isRevealed
            ? nothing
            : html`<button
                class="primary"
                @click=${() => this.#change({ ...poll, isOpen: false, isRevealed: true })}
              >
                ${WORDS.reveal}
              </button>`
        }
        ${
          poll.isOpen
            ? html`<button class="line" @click=${() => this.#change({ ...poll, isOpen: false })}>
                ${WORDS.close}
              </button>`
            : nothing
        }
        <button class="line" @click=${() => this.#change(undefined)}>${WORDS.away}</button>
      </div>`;
  }

  #optionsWanted(): string[] {
    const written = this.options?.split(',') ?? this.nodes;
    const texts = written.map((text) => text.trim().slice(0, TEXT_LENGTH_MAX)).filter(Boolean);
    return [...new Set(texts)].slice(0, OPTIONS_MAX);
  }

  #ask(options: readonly string[]): void {
    const id = `${Date.now()}`;
    const question = this.question.trim();
    this.#change({ id, question, options, isOpen: true, isRevealed: false });
  }

  #change(poll: Poll | undefined): void {
    this.session.lessons.teach({ poll });
  }
}

customElements.define('parley-poll', ParleyPoll);

declare global {
  interface HTMLElementTagNameMap {
    'parley-poll': ParleyPoll;
  }
}
