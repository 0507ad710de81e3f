/** What shall go wrong: the plan of faults as text, with what is wrong in it. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { ChapterEntry, Diagnostic } from '../../lab/lab-service.ts';
import { fold } from '../kit/fold.ts';
import { base, controls } from '../kit/styles.ts';
import './parley-diagnostics.ts';
import './parley-editor.ts';

/** A first plan for somebody who has none: each line one kind of bad weather. */
const EXAMPLE = `loss: 5%
duplication: 5%
latency: 1-100
`;

/** `<parley-faults .chapter=… .value=… .diagnostics=…>`; fires `parley-faults` (the text). */
export class ParleyFaults extends LitElement {
  static override properties = {
    chapter: { attribute: false },
    value: { attribute: false },
    diagnostics: { attribute: false },
    locked: { type: Boolean },
    isOpen: { state: true },
  };
  static override styles = [
    base,
    controls,
    fold,
    css`
      parley-editor {
        height: 150px;
      }

      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0 0 8px;
      }

      .choices button {
        font-size: var(--parley-small);
      }

      details[open] {
        padding-bottom: 10px;
      }
    `,
  ];
  declare chapter: ChapterEntry;
  declare value: string;
  declare diagnostics: readonly Diagnostic[];
  /** True when somebody else chooses what runs. */
  declare locked: boolean;
  declare isOpen: boolean;

  constructor() {
    super();
    this.value = '';
    this.diagnostics = [];
    this.locked = false;
    this.isOpen = false;
  }

  protected override render(): TemplateResult {
    const { chapter, value } = this;
    const isCalm = value.trim() === '';
    const errors = this.diagnostics.filter(({ severity }) => severity === 'error').length;
    return html`<details
      ?open=${this.isOpen || errors > 0}
      @toggle=${(event: Event) => {
        this.isOpen = (event.target as HTMLDetailsElement).open;
      }}
    >
      <summary>
        <span>Faults</span>
        <small class=${errors > 0 ? 'bad' : ''}>${noteOf(isCalm, errors)}</small>
      </summary>
      ${this.isOpen || errors > 0 ? this.#content(chapter, isCalm) : nothing}
    </details>`;
  }

  #content(chapter: ChapterEntry, isCalm: boolean): TemplateResult {
    return html`${
        this.locked
          ? nothing
          : html`<div class="choices">
              ${
                chapter.faults === ''
                  ? nothing
                  : html`<button class="line" @click=${() => this.#change(chapter.faults)}>
                      What it withstands
                    </button>`
              }
              <button class="line" @click=${() => this.#change(EXAMPLE)}>An example</button>
              <button class="line" ?disabled=${isCalm} @click=${() => this.#change('')}>
                None
              </button>
            </div>`
      }
      <parley-editor
        label="Faults, YAML"
        .value=${this.value}
        .document=${`${chapter.name}/faults`}
        .diagnostics=${this.diagnostics}
        .readOnly=${this.locked}
        @parley-input=${(event: CustomEvent<string>) => this.#change(event.detail)}
        @parley-submit=${() => this.dispatchEvent(new Event('parley-submit'))}
      ></parley-editor>
      <parley-diagnostics
        label="Problems in the faults"
        .diagnostics=${this.diagnostics}
        @parley-go=${({ detail }: CustomEvent<Diagnostic>) =>
          this.renderRoot.querySelector('parley-editor')?.goTo(detail.line, detail.column)}
      ></parley-diagnostics>`;
  }

  #change(detail: string): void {
    this.dispatchEvent(new CustomEvent<string>('parley-faults', { detail }));
  }
}

function noteOf(isCalm: boolean, errors: number): string {
  if (errors > 0) return errors === 1 ? 'an error' : `${errors} errors`;
  return isCalm ? 'none' : 'planned';
}

customElements.define('parley-faults', ParleyFaults);

declare global {
  interface HTMLElementTagNameMap {
    'parley-faults': ParleyFaults;
  }
}
