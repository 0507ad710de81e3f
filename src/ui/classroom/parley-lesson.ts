/** What a lesson asks of those who learn: to look where the director looks, to wait, to answer. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Poll, RoomSession } from '../../lab/lab-service.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { pollBars, pollBarsStyles } from './poll-bars.ts';
import { WORDS } from './words.ts';

/** `<parley-lesson .session=…>`. */
export class ParleyLesson extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    base,
    controls,
    pollBarsStyles,
    css`
      section {
        padding: 8px 14px;
        border-bottom: 1px solid var(--parley-line);
        background: var(--parley-accent-soft);
      }

      p {
        margin: 0;
      }

      .options {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 8px 0 2px;
      }

      .options button {
        min-width: 4rem;
        min-height: 2.75rem;
      }
    `,
  ];
  declare session: RoomSession;

  constructor() {
    super();
    new Subscription(this, () => this.session);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { lesson } = this.session.lessons;
    const { poll } = lesson;
    const words = [
      lesson.isFrozen ? WORDS.frozen : '',
      lesson.follow === undefined ? '' : WORDS.followed,
    ].filter(Boolean);
    if (words.length === 0 && poll === undefined) return nothing;
    return html`<section aria-label=${WORDS.lesson}>
      ${words.length === 0 ? nothing : html`<p role="status">${words.join(' ')}</p>`}
      ${poll === undefined ? nothing : this.#poll(poll)}
    </section>`;
  }

  #poll(poll: Poll): TemplateResult {
    const { answers } = this.session.lessons;
    const me = this.session.members.find((member) => member.me)?.member ?? '';
    const mine = answers.get(me);
    return html`<p><b>${poll.question}</b></p>
      ${
        poll.isOpen
          ? html`<div class="options" role="group" aria-label=${poll.question}>
              ${poll.options.map(
                (option, index) =>
                  html`<button
                    class="line"
                    aria-pressed=${mine === index ? 'true' : 'false'}
                    @click=${() => this.session.lessons.answer(index)}
                  >
                    ${option}
                  </button>`,
              )}
            </div>`
          : poll.isRevealed
            ? nothing
            : html`<p>${mine === undefined ? WORDS.closed : WORDS.said(poll.options[mine])}</p>`
      }
      ${poll.isRevealed ? pollBars(poll, answers) : nothing}`;
  }
}

customElements.define('parley-lesson', ParleyLesson);

declare global {
  interface HTMLElementTagNameMap {
    'parley-lesson': ParleyLesson;
  }
}
