/** The head of the lab: which chapter, where it runs, with which seed, and the button that runs it. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { RunPlace } from '../../lab/run.ts';
import { configIcon, diceIcon, mark, playIcon, stopIcon } from '../kit/icons.ts';
import '../kit/parley-theme-choice.ts';
import { plural } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { bySubject } from '../kit/subjects.ts';
import { Subscription } from '../kit/subscription.ts';
import { headerStyles } from './header-styles.ts';
import type { LabModel } from './lab-model.ts';

const PLACES: readonly (readonly [RunPlace, string, string])[] = [
  ['simulated', 'Simulated', 'In virtual time: the same seed gives the same run, to the byte'],
  ['workers', 'Workers', 'One worker per node in this page, over real data channels'],
  ['room', 'Room', 'One node per tab, on as many devices as you like'],
];

/** `<parley-lab-header .model=…>`; fires `parley-place`, `parley-chapter`, `parley-open-config`, `parley-help`. */
export class ParleyLabHeader extends LitElement {
  static override properties = {
    model: { attribute: false },
    narrow: { type: Boolean, reflect: true },
    configOpen: { type: Boolean },
  };
  static override styles = [base, controls, headerStyles];
  declare model: LabModel | undefined;
  declare narrow: boolean;
  declare configOpen: boolean;

  constructor() {
    super();
    this.narrow = false;
    this.configOpen = false;
    new Subscription(this, () => this.model);
  }

  protected override render(): unknown {
    const { model } = this;
    if (model === undefined) return nothing;
    return html`<header>
      <a class="mark" href="#/" aria-label="Parley: all chapters">${mark}<span>Parley</span></a>
      ${this.#chapters(model)} ${this.#places(model)}
      ${model.place === 'simulated' ? this.#seed(model) : nothing}
      <span class="grow"></span>
      <span class="facts mono">${this.#facts(model)}</span>
      ${
        this.narrow
          ? html`<button
              class="line config"
              aria-expanded=${this.configOpen ? 'true' : 'false'}
              @click=${() => this.dispatchEvent(new Event('parley-open-config'))}
            >
              ${configIcon} <span>${model.place === 'room' ? 'Room' : 'Configure'}</span>
            </button>`
          : nothing
      }
      ${this.#runButton(model)}
      ${
        model.run?.linked === undefined || this.narrow
          ? nothing
          : html`<button
              class="share"
              title="This run as a link (E)"
              @click=${() => this.dispatchEvent(new Event('parley-share'))}
            >
              Share
            </button>`
      }
      <parley-theme-choice></parley-theme-choice>
      <button
        class="help"
        aria-label="Help"
        title="Help (?)"
        @click=${() => this.dispatchEvent(new Event('parley-help'))}
      >
        <kbd>?</kbd>
      </button>
    </header>`;
  }

  #chapters(model: LabModel): TemplateResult {
    return html`<select
      class="chapter"
      aria-label="Chapter"
      ?disabled=${!model.mayChoose}
      @change=${(event: Event) => {
        const detail = (event.target as HTMLSelectElement).value;
        this.dispatchEvent(new CustomEvent<string>('parley-chapter', { detail }));
      }}
    >
      ${bySubject(model.chapters).map(
        ({ heading, chapters }) =>
          html`<optgroup label=${heading}>
            ${chapters.map(
              ({ name, title }) =>
                html`<option value=${name} .selected=${name === model.chapter.name}>
                  ${title}
                </option>`,
            )}
          </optgroup>`,
      )}
    </select>`;
  }

  #places(model: LabModel): TemplateResult {
    return html`<fieldset class="places">
      <legend class="hidden">Where it runs</legend>
      ${PLACES.map(
        ([place, name, story]) =>
          html`<label title=${story}>
            <input
              type="radio"
              name="place"
              value=${place}
              .checked=${live(place === model.place)}
              @change=${() => {
                this.dispatchEvent(new CustomEvent<RunPlace>('parley-place', { detail: place }));
              }}
            />
            <span>${name}</span>
          </label>`,
      )}
    </fieldset>`;
  }

  #seed(model: LabModel): TemplateResult {
    return html`<span class="seed">
      <label>
        <span>seed</span>
        <input
          type="number"
          min="0"
          step="1"
          inputmode="numeric"
          .value=${String(model.setup.seed)}
          @change=${(event: Event) => {
            model.change({ seed: (event.target as HTMLInputElement).valueAsNumber });
          }}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key !== 'Enter') return;
            model.change({ seed: (event.target as HTMLInputElement).valueAsNumber });
            void model.start();
          }}
        />
      </label>
      <button
        aria-label="Run with the next seed"
        title="Run with the next seed (N)"
        @click=${() => void model.startNext()}
      >
        ${diceIcon}
      </button>
    </span>`;
  }

  #facts(model: LabModel): string {
    const { run } = model;
    if (run === undefined) return '';
    const other = run.place === 'simulated' && run.seed !== model.setup.seed;
    return `${plural(model.viewer.nodes.length, 'node')}${other ? ` · seed ${run.seed}` : ''}`;
  }

  #runButton(model: LabModel): TemplateResult | typeof nothing {
    // In a room the first member starts and ends; beside the list of members there is a button for it.
    if (!model.mayChoose) return nothing;
    if (model.busy) {
      return html`<button class="primary run" title="Stop (R)" @click=${() => model.stop()}>
        ${stopIcon} Stop
      </button>`;
    }
    if (model.place === 'room' && !this.narrow) return nothing;
    const again = model.run?.phase === 'ended' && model.place !== 'room';
    return html`<button class="primary run" title="Run (R)" @click=${() => void model.start()}>
      ${playIcon} ${model.place === 'room' ? 'Start' : again ? 'Run again' : 'Run'}
    </button>`;
  }
}

customElements.define('parley-lab-header', ParleyLabHeader);

declare global {
  interface HTMLElementTagNameMap {
    'parley-lab-header': ParleyLabHeader;
  }
}
