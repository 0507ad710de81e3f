/** How the nodes of the stage are arranged. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LabModel } from '../app/lab-model.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { fittingLayout, LAYOUTS, type LayoutKind } from './layouts.ts';

/** `<parley-layout-choice .model=…>`. */
export class ParleyLayoutChoice extends LitElement {
  static override properties = { model: { attribute: false } };
  static override styles = [
    base,
    controls,
    css`
      select {
        color: var(--parley-ink-2);
        border-color: var(--parley-line);
        font-size: var(--parley-small);
      }
    `,
  ];
  declare model: LabModel;

  constructor() {
    super();
    new Subscription(this, () => this.model);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const count = model.nodeIds.length;
    if (count < 3) return nothing;
    const shown = model.arrangedAs ?? fittingLayout(count);
    return html`<select
      aria-label="How nodes are arranged"
      title="How nodes are arranged (O)"
      @change=${(event: Event) =>
        model.arrange((event.target as HTMLSelectElement).value as LayoutKind)}
    >
      ${LAYOUTS.map(
        ([kind, name]) => html`<option value=${kind} .selected=${kind === shown}>${name}</option>`,
      )}
    </select>`;
  }
}

customElements.define('parley-layout-choice', ParleyLayoutChoice);

declare global {
  interface HTMLElementTagNameMap {
    'parley-layout-choice': ParleyLayoutChoice;
  }
}
