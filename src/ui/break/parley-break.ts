/** Break it: one rule of the algorithm taken out at a switch, to see what it was good for. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { BugEntry, ChapterEntry } from '../../lab/lab-service.ts';

import { base, controls } from '../kit/styles.ts';
import { breakStyles } from './break-styles.ts';
import { WORDS } from './words.ts';

/** `<parley-break .chapter=… .breaks=…>`; fires `parley-breaks` (the names in force) and `parley-show-bug` (a name). */
export class ParleyBreak extends LitElement {
  static override properties = {
    chapter: { attribute: false },
    breaks: { attribute: false },
    locked: { type: Boolean },
  };
  static override styles = [base, controls, breakStyles];
  declare chapter: ChapterEntry;
  declare breaks: readonly string[];
  /** True when somebody else chooses what runs. */
  declare locked: boolean;

  constructor() {
    super();
    this.breaks = [];
    this.locked = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { bugs } = this.chapter;
    if (bugs.length === 0) return nothing;
    const count = this.breaks.length;
    return html`<details ?open=${count > 0}>
      <summary>
        <span>${WORDS.title}</span>
        <small class=${count > 0 ? 'bad' : ''}>
          ${count > 0 ? WORDS.broken(count) : WORDS.ways(bugs.length)}
        </small>
      </summary>
      <ul>
        ${bugs.map((bug) => this.#bug(bug))}
      </ul>
    </details>`;
  }

  #bug({ name, title, story, violates }: BugEntry): TemplateResult {
    const isOn = this.breaks.includes(name);
    return html`<li>
      <label>
        <input
          type="checkbox"
          role="switch"
          .checked=${isOn}
          ?disabled=${this.locked}
          @change=${() => this.#toggle(name, !isOn)}
        />
        ${title}
      </label>
      <p>${story}</p>
      ${
        isOn
          ? html`<p class="violates">${WORDS.violates(violates)}</p>
              ${
                this.locked
                  ? nothing
                  : html`<button
                      class="line"
                      @click=${() => {
                        this.dispatchEvent(new CustomEvent('parley-show-bug', { detail: name }));
                      }}
                    >
                      ${WORDS.setUp}
                    </button>`
              }`
          : nothing
      }
    </li>`;
  }

  #toggle(name: string, isOn: boolean): void {
    const others = this.breaks.filter((other) => other !== name);
    const detail = isOn ? [...others, name] : others;
    this.dispatchEvent(new CustomEvent<readonly string[]>('parley-breaks', { detail }));
  }
}

customElements.define('parley-break', ParleyBreak);

declare global {
  interface HTMLElementTagNameMap {
    'parley-break': ParleyBreak;
  }
}
