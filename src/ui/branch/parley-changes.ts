/** What was done to the run on show, each to be taken back, and the run before to look at. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { describeIntervention, type Intervention } from '../../lab/intervention.ts';
import { outcomeOf } from '../app/last-runs.ts';
import type { LabModel } from '../app/lab-model.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';

/** `<parley-changes .model=…>`; `parley-compare` asks for the two side by side. */
export class ParleyChanges extends LitElement {
  static override properties = { model: { attribute: false } };
  static override styles = [
    base,
    controls,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        align-items: baseline;
        padding: 5px 14px;
        border-bottom: 1px solid var(--parley-line);
        background: var(--parley-accent-soft);
        font-size: var(--parley-small);
      }

      ul {
        display: flex;
        flex: 1 1 13rem;
        flex-wrap: wrap;
        gap: 2px 12px;
        max-height: 5.2rem;
        margin: 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }

      li button,
      p button {
        min-height: 0;
        padding: 0 4px;
        color: var(--parley-accent);
        text-decoration: underline;
        text-underline-offset: 2px;
      }

      p {
        margin: 0;
      }
    `,
  ];
  declare model: LabModel;

  constructor() {
    super();
    new Subscription(this, () => this.model.viewer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { branches } = this.model;
    const { done, before } = branches;
    if (!branches.isOpen || (done.length === 0 && before === undefined)) return nothing;
    return html`<section aria-label="What you did">
      <b>${done.length === 0 ? 'As it was set up' : 'Your branch'}</b>
      <ul>
        ${done.map((one) => this.#row(one))}
      </ul>
      ${
        before === undefined
          ? nothing
          : html`<p>
              The run before: ${outcomeOf(before)}
              <button @click=${() => branches.swap()}>Show it</button>
              <button @click=${() => this.dispatchEvent(new Event('parley-compare'))}>
                Compare
              </button>
            </p>`
      }
    </section>`;
  }

  #row(done: Intervention): TemplateResult {
    const { branches } = this.model;
    const isOpenCut = done.kind === 'cut' && done.partition.for === undefined;
    return html`<li>
      ${describeIntervention(done)}
      ${
        isOpenCut
          ? html`<button @click=${() => branches.heal(done.partition)}>Heal it now</button>`
          : nothing
      }
      <button
        aria-label="Take back: ${describeIntervention(done)}"
        @click=${() => branches.undo(done)}
      >
        Take back
      </button>
    </li>`;
  }
}

customElements.define('parley-changes', ParleyChanges);

declare global {
  interface HTMLElementTagNameMap {
    'parley-changes': ParleyChanges;
  }
}
