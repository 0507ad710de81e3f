/** What is said of the run, for those who do not see it: one sentence at a time, when there is news. */

import { html, LitElement, type TemplateResult } from 'lit';
import { base } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { Announcer } from './announce.ts';
import type { LabModel } from './lab-model.ts';

/** `<parley-announcer .model=…>`. */
export class ParleyAnnouncer extends LitElement {
  static override properties = { model: { attribute: false } };
  static override styles = [base];
  declare model: LabModel;
  readonly #announcer = new Announcer();
  #said = '';

  constructor() {
    super();
    new Subscription(this, () => this.model.viewer);
  }

  protected override render(): TemplateResult {
    this.#said = this.#announcer.hear(this.model) ?? this.#said;
    return html`<div class="hidden" role="status">${this.#said}</div>`;
  }
}

customElements.define('parley-announcer', ParleyAnnouncer);

declare global {
  interface HTMLElementTagNameMap {
    'parley-announcer': ParleyAnnouncer;
  }
}
