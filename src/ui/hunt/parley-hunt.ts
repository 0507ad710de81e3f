/** "Find me a counterexample": searches many runs of what is set up, makes what fails small, and plays the shortest. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FoundRun, HuntResult } from '../../lab/lab-service.ts';
import type { LabModel } from '../app/lab-model.ts';
import { closeBeside, dialogStyles, showDialog } from '../kit/dialog.ts';
import { closeIcon } from '../kit/icons.ts';
import { plural, printCount } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { huntStyles } from './hunt-styles.ts';

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
    const toPlay = dialog.querySelector<HTMLElement>('li .row button');
    (toPlay ?? dialog.querySelector<HTMLElement>('.row button'))?.focus();
  }

  protected override render(): TemplateResult {
    const { hunting } = this.model;
    return html`<dialog aria-labelledby="title" @click=${closeBeside}>
      <form method="dialog" class="head">
        <h2 id="title">Find me a counterexample</h2>
        <button aria-label="Close">${closeIcon}</button>
      </form>
      ${hunting.isOn ? this.#progress() : this.#options()}
      ${hunting.problem === undefined ? nothing : html`<p role="alert">${hunting.problem}</p>`}
      ${hunting.result === undefined ? nothing : this.#result(hunting.result)}
    </dialog>`;
  }

  #options(): TemplateResult {
    const { chapter, setup, code } = this.model;
    const knowsFaults = setup.faults.trim() === '' && chapter.faults !== '';
    return html`<p>
        Runs ${chapter.title} as it is set up with one seed after the other, until something breaks.
        What is found is made as small as it will go.
      </p>
      ${
        code.ofRuns === undefined
          ? nothing
          : html`<p>Your changes to the code are searched, in a sandbox.</p>`
      }
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
              aria-label="Runs at most"
              .value=${String(this.seeds)}
              @change=${({ target }: Event) => {
                const { valueAsNumber } = target as HTMLInputElement;
                this.seeds = Math.min(Math.max(1, Math.round(valueAsNumber) || 1), SEEDS_MAX);
              }}
            />
            runs at most
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
                  with the faults that the chapter withstands
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
            messages in any order, however long they take
          </label>
        </div>
        <div class="row">
          <button class="primary" autofocus>Search</button>
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
    return html`<p>
        ${printCount(seeds)} of ${printCount(hunting.seeds)} runs,
        ${failing === 0 ? 'nothing found so far' : `${plural(failing, 'failing run')} found`}${
          toShrink === 0 ? '' : `; making ${toShrink === 1 ? 'it' : `${toShrink}`} small`
        }
        …
      </p>
      <progress max=${hunting.seeds} .value=${seeds} aria-label="Runs that are over"></progress>
      <div class="row">
        <button class="line" @click=${() => hunting.stop()}>Stop, and show what was found</button>
      </div>`;
  }

  #result({ seeds, found, stuck, isPartial }: HuntResult): TemplateResult {
    if (found.length === 0 && stuck.length === 0) {
      return html`<p role="status">
        ${isPartial ? 'Stopped after' : 'All of'} ${plural(seeds, 'run')}: nothing broke. That is no
        proof: it is ${plural(seeds, 'run')}.
      </p>`;
    }
    return html`<p role="status">
        Found after ${plural(seeds, 'run')}${isPartial ? ', when it was stopped' : ''}.
      </p>
      ${
        stuck.length === 0
          ? nothing
          : html`<p>With seed ${stuck.join(', ')} a step never came to an end.</p>`
      }
      <ol>
        ${found.map((one, index) => this.#found(one, index === 0))}
      </ol>`;
  }

  #found(found: FoundRun, isShortest: boolean): TemplateResult {
    const { seed, property, detail, events, smallEvents, nodes, choices, link } = found;
    return html`<li>
      <b>${property}</b>
      <p>
        ${detail}. Seed ${seed}: ${plural(events, 'event')}, made small:
        ${plural(smallEvents, 'event')} of ${plural(nodes.length, 'node')}.
      </p>
      ${
        choices.length === 0
          ? nothing
          : html`<ul>
              ${choices.slice(0, CHOICES_SHOWN).map((choice) => html`<li>${choice}</li>`)}
              ${
                choices.length > CHOICES_SHOWN
                  ? html`<li>and ${choices.length - CHOICES_SHOWN} more</li>`
                  : nothing
              }
            </ul>`
      }
      <div class="row">
        <button class=${isShortest ? 'primary' : 'line'} @click=${() => this.#play(link)}>
          ${isShortest ? 'Play the shortest' : 'Play it'}
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
