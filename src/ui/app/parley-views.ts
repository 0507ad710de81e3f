/** The lower part of the lab: the transport bar, and under it the events, the diagram or the results. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { styleMap } from 'lit/directives/style-map.js';
import '../branch/parley-acts.ts';
import type { ParleyEventLog } from '../inspect/parley-event-log.ts';
import '../inspect/parley-inspector.ts';
import '../inspect/parley-lights.ts';
import { later, needs, PARTS } from '../kit/later.ts';
import { narrow } from '../kit/media.ts';
import { base, controls, emptiness } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import type { Span } from '../timeline/parley-minimap.ts';
import '../timeline/parley-spacetime.ts';
import type { ParleySpacetime } from '../timeline/parley-spacetime.ts';
import '../timeline/parley-transport-bar.ts';
import type { ParleyTransportBar } from '../timeline/parley-transport-bar.ts';
import type { LabModel } from './lab-model.ts';
import { PanelHeight } from './panel-height.ts';
import { viewsStyles } from './views-styles.ts';

/** What can be seen under the transport bar; the selection only where the inspector has no place of its own. */
export type ViewName =
  | 'selected'
  | 'events'
  | 'log'
  | 'spacetime'
  | 'compare'
  | 'metrics'
  | 'chapter'
  | 'results';

const VIEWS: readonly (readonly [ViewName, string])[] = [
  ['selected', 'Selected'],
  ['events', 'Events'],
  ['log', 'Log'],
  ['spacetime', 'Space-time'],
  ['compare', 'Compare'],
  ['metrics', 'Metrics'],
  ['chapter', 'Chapter'],
  ['results', 'Results'],
];

/** `<parley-views .scene=… .model=…>`. */
export class ParleyViews extends LitElement {
  static override properties = {
    scene: { attribute: false },
    model: { attribute: false },
    compact: { type: Boolean },
    view: { state: true },
  };
  static override styles = [base, controls, emptiness, viewsStyles];
  declare scene: Scene;
  declare model: LabModel;
  /** Nothing below the transport bar: somebody else says what is looked at. */
  declare compact: boolean;
  declare view: ViewName;
  #span: Span | undefined;
  readonly #height = new PanelHeight(this, () => this.renderRoot.querySelector('#panel'));
  readonly #bar = createRef<ParleyTransportBar>();
  readonly #spacetime = createRef<ParleySpacetime>();

  constructor() {
    super();
    this.compact = false;
    this.view = 'spacetime';
    new Subscription(
      this,
      () => this.scene.viewer,
      () => {
        const { recording } = this.scene.viewer;
        return [recording.length === 0, this.model.branches.before];
      },
    );
    new Subscription(this, () => narrow);
  }

  /** Puts the keyboard into the filter of the events. */
  async focusFilter(): Promise<void> {
    this.view = 'events';
    await this.updateComplete;
    await later(PARTS.eventLog).catch(() => {});
    const log: ParleyEventLog | null = this.renderRoot.querySelector('parley-event-log');
    await log?.updateComplete;
    log?.focusFilter?.();
  }

  /** Shows the next (1) or previous (−1) view. */
  turn(direction: 1 | -1): void {
    const views = this.#views();
    const at = views.findIndex(([view]) => view === this.view);
    const hadFocus = this.shadowRoot?.activeElement != null;
    this.view = views[(at + direction + views.length) % views.length]![0];
    // What was in the panel before is gone: its focus goes to the name of what is there now.
    if (!hadFocus) return;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
    );
  }

  /** Shows a longer (1) or shorter (−1) time in the diagram. */
  zoomTime(direction: 1 | -1): void {
    this.#spacetime.value?.zoomBy(direction);
  }

  /** Moves the diagram by a part of what it shows. */
  panTime(part: number): void {
    this.#spacetime.value?.panBy(part);
  }

  protected override willUpdate(): void {
    if (!narrow.matches && this.view === 'selected') this.view = 'spacetime';
  }

  protected override updated(): void {
    this.#showSpan();
  }

  protected override render(): unknown {
    return html`${this.compact ? nothing : this.#height.render()}
      <div class="bar ${narrow.matches ? 'narrow' : ''}">
        <parley-transport-bar ${ref(this.#bar)} .scene=${this.scene}></parley-transport-bar>
        ${this.compact ? nothing : this.#tabList()}
      </div>
      ${this.compact ? nothing : this.#panel()}`;
  }

  #panel(): TemplateResult {
    return html`<div
      class="panel ${narrow.matches ? 'narrow' : ''}"
      id="panel"
      style=${styleMap({ height: this.#height.css })}
      role="tabpanel"
      aria-labelledby="tab-${this.view}"
    >
      ${this.#content()}
    </div>`;
  }

  #views(): readonly (readonly [ViewName, string])[] {
    const canCompare = this.view === 'compare' || this.model.branches.before !== undefined;
    return VIEWS.filter(([view]) => {
      if (view === 'selected') return narrow.matches;
      return view !== 'compare' || canCompare;
    });
  }

  #tabList(): TemplateResult {
    return html`<div
      class="tabs"
      role="tablist"
      aria-label="Views of the run"
      @keydown=${this.#onKey}
    >
      ${this.#views().map(([view, name]) => {
        const selected = view === this.view;
        return html`<button
          id="tab-${view}"
          role="tab"
          aria-selected=${selected ? 'true' : 'false'}
          aria-controls="panel"
          tabindex=${selected ? 0 : -1}
          @click=${() => {
            this.view = view;
          }}
        >
          ${name}
        </button>`;
      })}
    </div>`;
  }

  #content(): TemplateResult {
    const { scene } = this;
    switch (this.view) {
      case 'events':
        return html`${needs(PARTS.eventLog)}<parley-event-log .scene=${scene}></parley-event-log>`;
      case 'log':
        return html`${needs(PARTS.nodeLog)}<parley-node-log .scene=${scene}></parley-node-log>`;
      case 'results':
        return html`${needs(PARTS.results)}<parley-results .scene=${scene}></parley-results>`;
      case 'compare':
        return html`${needs(PARTS.compare)}<parley-compare
            tabindex="0"
            .model=${this.model}
          ></parley-compare>`;
      case 'metrics':
        return html`${needs(PARTS.metrics)}<parley-metrics
            tabindex="0"
            .scene=${scene}
          ></parley-metrics>`;
      case 'chapter':
        return html`${needs(PARTS.reader)}<parley-reader .model=${this.model}></parley-reader>`;
      case 'selected':
        return html`<div class="selected" tabindex="0">
          <parley-lights .scene=${scene}></parley-lights>
          <parley-inspector .scene=${scene}></parley-inspector>
          <parley-acts .model=${this.model}></parley-acts>
        </div>`;
      case 'spacetime':
        if (scene.viewer.recording.length === 0) {
          return html`<p class="empty">Messages appear here as lines from sender to receiver.</p>`;
        }
        return html`<parley-spacetime
          ${ref(this.#spacetime)}
          .scene=${scene}
          @parley-span=${({ detail }: CustomEvent<Span>) => {
            this.#span = detail;
            this.#showSpan();
          }}
        ></parley-spacetime>`;
    }
  }

  /** The diagram's window is shown in the strip, unless it is the whole run. */
  #showSpan(): void {
    const span = this.view === 'spacetime' ? this.#span : undefined;
    const isWhole = span?.from === 0 && span.to >= this.scene.viewer.recording.endTime;
    if (this.#bar.value !== undefined) this.#bar.value.span = isWhole ? undefined : span;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    this.turn(event.key === 'ArrowRight' ? 1 : -1);
  };
}

customElements.define('parley-views', ParleyViews);

declare global {
  interface HTMLElementTagNameMap {
    'parley-views': ParleyViews;
  }
}
