/** The link of the run on show: whoever opens it sees the same run, event by event. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { messageOf } from '../../core/errors.ts';
import { allEvents } from '../../lab/archive/all-events.ts';
import { filedEvent } from '../../lab/shown-event.ts';
import { traceLine } from '../../runtime/trace-file.ts';
import { closeIcon } from '../kit/icons.ts';
import { closeBeside, dialogStyles, showDialog } from '../kit/dialog.ts';
import { saveBlob, saveText } from '../kit/save-text.ts';
import { base, controls } from '../kit/styles.ts';
import type { LabModel } from './lab-model.ts';

/** `<parley-share .model=…>`; `open()` shows it. */
export class ParleyShare extends LitElement {
  static override properties = {
    model: { attribute: false },
    link: { state: true },
    problem: { state: true },
    copied: { state: true },
    saving: { state: true },
  };
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 12px;
      }

      input {
        flex: 1;
        min-width: 0;
        font-family: var(--parley-mono);
        font-size: var(--parley-small);
      }

      p {
        margin: 8px 0 0;
        color: var(--parley-ink-2);
      }
    `,
  ];
  declare model: LabModel;
  declare link: string | undefined;
  declare problem: string | undefined;
  declare copied: boolean;
  declare saving: boolean;

  constructor() {
    super();
    this.link = undefined;
    this.problem = undefined;
    this.copied = false;
    this.saving = false;
  }

  /** Makes the link and shows it. */
  async open(): Promise<void> {
    this.link = undefined;
    this.problem = undefined;
    this.copied = false;
    showDialog(this.renderRoot);
    try {
      this.link = await this.model.share();
      await this.updateComplete;
      this.renderRoot.querySelector('input')?.select();
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @click=${closeBeside}>
      <form method="dialog" class="head">
        <h2 id="title">Share this run</h2>
        <button aria-label="Close">${closeIcon}</button>
      </form>
      ${this.problem === undefined ? this.#content() : html`<p role="alert">${this.problem}</p>`}
      <div class="row">
        <button class="line" ?disabled=${this.saving} @click=${() => void this.#save()}>
          Save as one HTML file
        </button>
        <button class="line" @click=${() => void this.#saveTrace()}>Save the events</button>
      </div>
    </dialog>`;
  }

  #content(): TemplateResult | typeof nothing {
    const { link } = this;
    if (link === undefined) return nothing;
    return html`<div class="row">
        <input
          readonly
          aria-label="Link"
          .value=${link}
          @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
        />
        <button class="line" @click=${() => void this.#copy(link)}>
          ${this.copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <p>
        Configuration, seed, faults and what you did by hand are in it: it opens as the same run,
        event by event. ${link.length} characters; nothing of it is sent to a server.
      </p>`;
  }

  /** The run with all that shows it: for homework, and for where there is no Parley. */
  async #save(): Promise<void> {
    this.saving = true;
    try {
      saveText(`${this.#fileName()}.html`, 'text/html', await this.model.page());
    } catch (error) {
      this.problem = messageOf(error);
    }
    this.saving = false;
  }

  /** The events, a line each, as the command line reads them. */
  async #saveTrace(): Promise<void> {
    const { run } = this.model;
    if (run === undefined) return;
    const parts: Blob[] = [];
    try {
      // A text of all of it would be longer than texts can be: what is written is out of memory.
      for await (const events of allEvents(run))
        parts.push(new Blob([events.map((event) => traceLine(filedEvent(event))).join('')]));
    } catch (error) {
      this.problem = messageOf(error);
      return;
    }
    saveBlob(`${this.#fileName()}.ndjson`, new Blob(parts, { type: 'application/x-ndjson' }));
  }

  #fileName(): string {
    const { chapter, run } = this.model;
    return `${chapter.name.replaceAll(/[^\w-]+/g, '-')}-${run?.seed ?? 0}`;
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = true;
    } catch {
      // Plain-http pages have no clipboard: the link is selected, and the keyboard copies it.
      this.renderRoot.querySelector('input')?.select();
      this.copied = document.execCommand('copy');
    }
  }
}

customElements.define('parley-share', ParleyShare);

declare global {
  interface HTMLElementTagNameMap {
    'parley-share': ParleyShare;
  }
}
