/** Everything that one can do or go to, found by typing a part of its name. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { closeBeside, dialogStyles, showDialog } from '../kit/dialog.ts';
import { base, controls } from '../kit/styles.ts';
import { matching, type PaletteEntry } from './palette-entries.ts';

/** Lines that are shown: whoever wants another one types more of its name. */
const SHOWN_MAX = 12;

/** `<parley-palette>`; `open(entries)` shows it. */
export class ParleyPalette extends LitElement {
  static override properties = {
    entries: { state: true },
    wanted: { state: true },
    chosen: { state: true },
  };
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      dialog {
        margin-top: 12vh;
        padding: 8px;
      }

      input {
        width: 100%;
        font-size: var(--parley-large);
      }

      ul {
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        gap: 12px;
        justify-content: space-between;
        padding: 5px 10px;
        border-radius: var(--parley-radius-small);
        cursor: pointer;
      }

      li[aria-selected='true'] {
        background: var(--parley-accent-soft);
      }

      li span:last-child {
        color: var(--parley-ink-3);
        font-size: var(--parley-small);
        white-space: nowrap;
      }

      li[aria-selected='true'] span:last-child {
        color: var(--parley-ink-2);
      }

      p {
        margin: 10px;
        color: var(--parley-ink-2);
      }
    `,
  ];
  declare entries: readonly PaletteEntry[];
  declare wanted: string;
  declare chosen: number;

  constructor() {
    super();
    this.entries = [];
    this.wanted = '';
    this.chosen = 0;
  }

  /** Shows what there is. */
  open(entries: readonly PaletteEntry[]): void {
    this.entries = entries;
    this.wanted = '';
    this.chosen = 0;
    showDialog(this.renderRoot);
  }

  protected override render(): TemplateResult {
    const found = this.#found();
    return html`<dialog aria-label="Find" @click=${closeBeside}>
      <input
        type="text"
        role="combobox"
        aria-label="Find a command, a chapter, a node"
        aria-expanded="true"
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant=${found.length === 0 ? nothing : `entry-${this.chosen}`}
        placeholder="What would you like to do?"
        autocomplete="off"
        spellcheck="false"
        .value=${this.wanted}
        @input=${(event: Event) => {
          this.wanted = (event.target as HTMLInputElement).value;
          this.chosen = 0;
        }}
        @keydown=${this.#onKey}
      />
      <ul id="found" role="listbox" aria-label="What was found">
        ${found.map(
          (entry, index) =>
            html`<li
              id="entry-${index}"
              role="option"
              aria-selected=${index === this.chosen ? 'true' : 'false'}
              @click=${() => this.#run(entry)}
            >
              <span>${entry.title}</span><span>${entry.note}</span>
            </li>`,
        )}
      </ul>
      ${found.length === 0 ? html`<p role="status">Nothing here is called that.</p>` : nothing}
    </dialog>`;
  }

  #found(): readonly PaletteEntry[] {
    return matching(this.entries, this.wanted).slice(0, SHOWN_MAX);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const found = this.#found();
    const count = Math.max(found.length, 1);
    if (event.key === 'ArrowDown') this.chosen = (this.chosen + 1) % count;
    else if (event.key === 'ArrowUp') this.chosen = (this.chosen + count - 1) % count;
    else if (event.key === 'Enter') {
      const entry = found[this.chosen];
      if (entry !== undefined) this.#run(entry);
    } else return;
    event.preventDefault();
  };

  #run(entry: PaletteEntry): void {
    this.#close();
    entry.run();
  }

  #close(): void {
    this.renderRoot.querySelector('dialog')?.close();
  }
}

customElements.define('parley-palette', ParleyPalette);

declare global {
  interface HTMLElementTagNameMap {
    'parley-palette': ParleyPalette;
  }
}
