/** "Find me a counterexample": searches many runs of what is set up, makes what fails small, and plays the shortest. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FoundRun, HuntResult } from '../../lab/lab-service.ts';
import type { LabModel } from '../app/lab-model.ts';
import { closeBeside, dialogStyles, showDialog } from '../kit/dialog.ts';
import { closeIcon } from '../kit/icons.ts';

import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { huntStyles } from './hunt-styles.ts';
import { WORDS } from './words.ts';

/** As many runs as a minute or two have room for. */
const SEEDS_DEFAULT = 10_000;
/** A page is no place for searches of hours: that is `parley explore`. */
const SEEDS_MAX = 1_000_000;
/** Things that are not left to chance and are listed; the link has all. */
const CHOICES_SHOWN = 6;

/** `<parley-hunt .model=…>`; `open()` shows it. */
export class ParleyHunt extends LitElement {
  static override properties = {
    model: { attribute: false },
    seeds: { state: true },
    withFaults: { state: true },
    anyOrder: { state: true },
  };
  static override styles = [base, controls, dialogStyles, huntStyles];
  declare model: LabModel;
  declare seeds: number;
  declare withFaults: boolean;
  declare anyOrder: boolean;

  constructor() {
    super();
    this.seeds = SEEDS_DEFAULT;
    this.withFaults = true;
    this.anyOrder = false;
    new Subscription(this, () => this.model.hunting);
    new Subscription(this, () => this.model);
  }

  /** Shows it. */
  open(): void {
    showDialog(this.renderRoot);
  }

  /** What had the focus goes when the search begins or ends: what can be done next gets it. */
  protected override updated(): void {
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog?.open !== true || this.shadowRoot?.activeElement?.matches('dialog *')) return;
    const toPlay = dialog.querySelector<HTMLElement>('.play');
    (toPlay ?? dialog.querySelector<HTMLElement>('.go'))?.focus();
  }

  protected override render(): TemplateResult {
    const { hunting } = this.model;
    return html`<dialog aria-labelledby="title" @click=${closeBeside}>
      <form method="dialog" class="head">
        <h2 id="title">${WORDS.title}</h2>
        <button aria-label=${WORDS.close}>${closeIcon}</button>
      </form>
      ${hunting.isOn ? this.#progress() : this.#options()}
      ${hunting.problem === undefined ? nothing : html`<p role="alert">${hunting.problem}</p>`}
      ${hunting.result === undefined ? nothing : this.#result(hunting.result)}
    </dialog>`;
  }

  #options(): TemplateResult {
    const { chapter, setup, code } = this.model;
    const knowsFaults = setup.faults.trim() === '' && chapter.faults !== '';
    return html`<p>${WORDS.story(chapter.title)}</p>
      ${code.ofRuns === undefined ? nothing : html`<p>${WORDS.yourCode}</p>`}
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          this.#start(knowsFaults);
        }}
      >
        <div class="options">
          <label>
            <input
              type="number"
              min="1"
              max=${SEEDS_MAX}
              aria-label=${WORDS.runs}
              .value=${String(this.seeds)}
              @change=${({ target }: Event) => {
                const { valueAsNumber } = target as HTMLInputElement;
                this.seeds = Math.min(Math.max(1, Math.round(valueAsNumber) || 1), SEEDS_MAX);
              }}
            />
            ${WORDS.runsAtMost}
          </label>
          ${
            knowsFaults
              ? html`<label>
                  <input
                    type="checkbox"
                    .checked=${this.withFaults}
                    @change=${({ target }: Event) => {
                      this.withFaults = (target as HTMLInputElement).checked;
                    }}
                  />
                  ${WORDS.withFaults}
                </label>`
              : nothing
          }
          <label>
            <input
              type="checkbox"
              .checked=${this.anyOrder}
              @change=${({ target }: Event) => {
                this.anyOrder = (target as HTMLInputElement).checked;
              }}
            />
            ${WORDS.anyOrder}
          </label>
        </div>
        <div class="row">
          <button class="primary go" autofocus>${WORDS.search}</button>
        </div>
      </form>`;
  }

  #start(knowsFaults: boolean): void {
    const { anyOrder, seeds, withFaults } = this;
    void this.model.hunt(seeds, anyOrder, knowsFaults && withFaults);
  }

  #progress(): TemplateResult {
    const { hunting } = this.model;
    const { seeds, failing, toShrink } = hunting.progress!;
    return html`<p>${WORDS.progress(seeds, hunting.seeds, failing, toShrink)}</p>
      <progress max=${hunting.seeds} .value=${seeds} aria-label=${WORDS.over}></progress>
      <div class="row">
        <button class="line go" @click=${() => hunting.stop()}>${WORDS.stop}</button>
      </div>`;
  }

  #result({ seeds, found, stuck, isPartial }: HuntResult): TemplateResult {
    if (found.length === 0 && stuck.length === 0) {
      return html`<p role="status">${WORDS.nothing(seeds, isPartial)}</p>`;
    }
    return html`<p role="status">${WORDS.found(seeds, isPartial)}</p>
      ${stuck.length === 0 ? nothing : html`<p>${WORDS.stuck(stuck)}</p>`}
      <ol>
        ${found.map((one, index) => this.#found(one, index === 0))}
      </ol>`;
  }

  #found(found: FoundRun, isShortest: boolean): TemplateResult {
    const { seed, property, detail, events, smallEvents, nodes, choices, link } = found;
    return html`<li>
      <b>${property}</b>
      <p>${WORDS.run(detail, seed, events)} ${WORDS.small(smallEvents, nodes.length)}</p>
      ${
        choices.length === 0
          ? nothing
          : html`<ul>
              ${choices.slice(0, CHOICES_SHOWN).map((choice) => html`<li>${choice}</li>`)}
              ${
                choices.length > CHOICES_SHOWN
                  ? html`<li>${WORDS.more(choices.length - CHOICES_SHOWN)}</li>`
                  : nothing
              }
            </ul>`
      }
      <div class="row">
        <button class="play ${isShortest ? 'primary' : 'line'}" @click=${() => this.#play(link)}>
          ${isShortest ? WORDS.playShortest : WORDS.play}
        </button>
      </div>
    </li>`;
  }

  #play(link: string): void {
    this.renderRoot.querySelector('dialog')?.close();
    void this.model.playFound(link);
  }
}

customElements.define('parley-hunt', ParleyHunt);

declare global {
  interface HTMLElementTagNameMap {
    'parley-hunt': ParleyHunt;
  }
}
