/** Whose tabs are in a room. */

import { css, html, LitElement, nothing } from 'lit';
import { base } from '../../kit/styles.ts';
import { Subscription } from '../../kit/subscription.ts';
import { appStyles } from '../apps-styles.ts';
import type { PlaceSession } from '../place-session.ts';

/** `<parley-tabs .session=…>`. */
export class ParleyTabs extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    base,
    appStyles,
    css`
      p {
        margin: 0 0 6px;
      }
    `,
  ];
  declare session: PlaceSession | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.session);
  }

  protected override render(): unknown {
    const view = this.session?.view;
    if (view === undefined) return nothing;
    const { id, present, linked } = view;
    const others = present.filter((each) => each !== id);
    return html`<section class="panel" aria-labelledby="tabs">
      <h2 id="tabs">Who is there</h2>
      <p>This tab is <b>${id}</b>.</p>
      <p role="status">
        ${
          others.length === 0
            ? 'Nobody else is here: open this page in another tab.'
            : `${others.filter((each) => linked.includes(each)).join(', ') || 'Nobody yet'} linked, of ${others.length} other ${others.length === 1 ? 'tab' : 'tabs'}. Whoever comes or goes begins a new round.`
        }
      </p>
    </section>`;
  }
}

customElements.define('parley-tabs', ParleyTabs);

declare global {
  interface HTMLElementTagNameMap {
    'parley-tabs': ParleyTabs;
  }
}
