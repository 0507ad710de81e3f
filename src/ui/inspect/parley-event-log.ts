/** Every event in a real table; only the rows in view exist. The text twin of all pictures. */

import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { TraceEvent } from '../../core/trace.ts';
import type { Recording } from '../../lab/playback.ts';
import { printCount } from '../kit/print-number.ts';
import { base, controls, emptiness, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import { eventRow } from './describe.ts';
import { EventFilter } from './event-filter.ts';
import { eventLogStyles } from './event-log-styles.ts';

/** Rows kept ready above and below what is in view. */
const ROWS_AHEAD = 8;
/** Room behind the last row, so that the filter never covers it, in pixels. */
const FILTER_HEIGHT = 48;
/** Height of a row in root em; the theme's `--parley-row` says the same to the style sheet. */
const ROW_REM = 1.5;

/** A column of such a table. */
export interface LogColumn {
  /** Of its width in the style sheet; the last takes what is left. */
  readonly name: string;
  readonly title: string;
  readonly isNumber?: boolean;
}

const COLUMNS: readonly LogColumn[] = [
  { name: 'index', title: '#', isNumber: true },
  { name: 'time', title: 'ms', isNumber: true },
  { name: 'node', title: 'node' },
  { name: 'verb', title: 'event' },
  { name: 'subject', title: 'what' },
  { name: 'peer', title: 'peer' },
  { name: 'detail', title: 'detail' },
];

/** `<parley-event-log .scene=…>`. */
export class ParleyEventLog extends LitElement {
  static override properties: PropertyDeclarations = {
    scene: { attribute: false },
    query: { state: true },
    top: { state: true },
    viewHeight: { state: true },
  };
  static override styles = [base, controls, tables, emptiness, eventLogStyles];
  declare scene: Scene | undefined;
  declare query: string;
  /** Pixels scrolled. */
  declare top: number;
  declare viewHeight: number;
  #filter: EventFilter | undefined;
  #filterOf: unknown;
  #filterKey = '';
  /** What the rows are, in the plural. */
  protected readonly noun: string = 'events';
  /** What is said where there are events, and none of them fits. */
  protected readonly emptiness: string = 'No event fits: try other words.';
  protected readonly columns: readonly LogColumn[] = COLUMNS;
  protected readonly placeholder: string = 'Filter: n1 receives …';
  #shownStep = -1;
  #revealing = false;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    this.viewHeight = entry.contentRect.height;
    // In another height the current row may be out of sight.
    this.#shownStep = -1;
  });

  constructor() {
    super();
    this.query = '';
    this.top = 0;
    this.viewHeight = 200;
    new Subscription(this, () => this.scene?.viewer);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    clearTimeout(this.#searchTimer);
  }

  /** Puts the keyboard into the filter. */
  focusFilter(): void {
    this.renderRoot.querySelector('input')?.select();
    this.renderRoot.querySelector('input')?.focus();
  }

  protected override willUpdate(): void {
    const recording = this.scene?.viewer.recording;
    if (recording === undefined) return;
    if (
      this.#filter === undefined ||
      this.#filterOf !== recording ||
      this.#filterKey !== this.filterKey
    ) {
      this.#filter = this.newFilter(recording);
      this.#filterOf = recording;
      this.#filterKey = this.filterKey;
      this.#shownStep = -1;
    }
    if (!this.#filter.done) {
      this.#filter.advance();
      clearTimeout(this.#searchTimer);
      if (!this.#filter.done) this.#searchTimer = setTimeout(() => this.requestUpdate());
    }
    const { step } = this.scene!.viewer.cursor;
    if (step === this.#shownStep) return;
    this.#shownStep = step;
    this.#reveal(this.#filter.rowBefore(step));
  }

  /** Says that other rows are wanted, when it is another than before. */
  protected get filterKey(): string {
    return this.query;
  }

  protected newFilter(recording: Recording): EventFilter {
    return new EventFilter(recording, this.query);
  }

  /** What else can be done to the rows, beside the field for words. */
  protected tools(): unknown {
    return nothing;
  }

  protected override render(): unknown {
    const { scene } = this;
    const filter = this.#filter;
    if (scene === undefined || filter === undefined) return nothing;
    const total = scene.viewer.recording.length;
    if (total === 0) {
      return html`<p class="empty">
        Events appear here as soon as a run begins. Press <b>Run</b>.
      </p>`;
    }
    const row = rowHeight();
    const first = Math.max(0, Math.floor(this.top / row) - ROWS_AHEAD);
    const last = Math.min(filter.count, Math.ceil((this.top + this.viewHeight) / row) + ROWS_AHEAD);
    return html`
      ${this.#filterField(filter, total)}
      <div
        class="scroll"
        tabindex="0"
        role="region"
        aria-label="${capital(this.noun)}; arrow up and down choose one"
        @scroll=${this.#onScroll}
        @keydown=${this.#onKey}
      >
        <table aria-rowcount=${filter.count + 1} aria-label=${capital(this.noun)}>
          <colgroup>
            ${this.columns.map(({ name }) => html`<col class="c-${name}" />`)}
          </colgroup>
          <thead>
            <tr aria-rowindex="1">
              ${this.columns.map(
                ({ title, isNumber }) =>
                  html`<th class=${isNumber === true ? 'number' : nothing} scope="col">
                    ${title}
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${this.#spacer(first * row)} ${this.#rows(scene, filter, first, last)}
            ${this.#spacer((filter.count - last) * row + FILTER_HEIGHT)}
          </tbody>
        </table>
        ${filter.done && filter.count === 0 ? html`<p class="empty">${this.emptiness}</p>` : nothing}
      </div>
    `;
  }

  protected override updated(): void {
    const scroll = this.renderRoot.querySelector('.scroll');
    if (scroll === null || this.scene === undefined) return;
    this.#observer.observe(scroll);
    if (!this.#revealing) return;
    this.#revealing = false;
    scroll.scrollTop = this.top;
  }

  #filterField(filter: EventFilter, total: number): TemplateResult {
    const count = filter.everything
      ? `${printCount(total)} ${this.noun}`
      : this.countOf(filter, total);
    return html`<div class="filter">
      <input
        type="search"
        aria-label="Filter ${this.noun}"
        placeholder=${this.placeholder}
        title="Words that must all occur, e.g. a node and a message (/)"
        .value=${live(this.query)}
        @input=${(event: Event) => {
          this.query = (event.target as HTMLInputElement).value;
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== 'Escape') return;
          this.query = '';
          this.renderRoot.querySelector<HTMLElement>('.scroll')?.focus();
        }}
      />
      <span>${count}</span>
      ${this.tools()}
    </div>`;
  }

  /** How many rows there are, of how many events. */
  protected countOf(filter: EventFilter, total: number): string {
    return `${printCount(filter.count)} of ${printCount(total)}${filter.done ? '' : ' …'}`;
  }

  #rows(scene: Scene, filter: EventFilter, first: number, last: number): TemplateResult[] {
    const { viewer } = scene;
    const now = filter.rowBefore(viewer.cursor.step);
    const rows: TemplateResult[] = [];
    for (let row = first; row < last; row++) {
      const index = filter.at(row);
      if (index === undefined) break;
      const event = viewer.recording.events[index]!;
      rows.push(
        html`<tr
          aria-rowindex=${row + 2}
          aria-current=${index === viewer.cursor.step - 1 ? 'true' : nothing}
          class="${event.kind} ${event.kind === 'log' ? event.level : ''} ${index >= viewer.cursor.step ? 'future' : ''} ${row === now ? 'now' : ''}"
          @click=${() => viewer.selectEvent(index)}
        >
          ${this.cells(scene, index, event)}
        </tr>`,
      );
    }
    return rows;
  }

  /** The cells of one row. */
  protected cells({ viewer, palette }: Scene, index: number, event: TraceEvent): TemplateResult {
    const { verb, subject, peer, detail } = eventRow(viewer.recording, index);
    const colour = 'type' in event && 'message' in event ? palette.colour(event.type) : undefined;
    return html`
      <td class="number dim">${index + 1}</td>
      <td class="number">${event.time.toFixed(1)}</td>
      <td><b>${event.node}</b></td>
      <td>${verb}</td>
      <td>
        ${
          colour === undefined
            ? nothing
            : html`<i class="dot ${event.kind}" style=${styleMap({ '--dot': colour })}></i>`
        }${subject}
      </td>
      <td>${peer}</td>
      <td class="detail" title=${detail}>${detail}</td>
    `;
  }

  #spacer(height: number): TemplateResult | typeof nothing {
    if (height <= 0) return nothing;
    return html`<tr class="spacer" aria-hidden="true" style=${styleMap({ height: `${height}px` })}>
      <td colspan=${this.columns.length}></td>
    </tr>`;
  }

  /** Scrolls so that a row is in view, as little as possible. */
  #reveal(row: number): void {
    const height = rowHeight();
    // The head of the table covers one row.
    const room = this.viewHeight - height;
    const least = (row + 2) * height - room;
    const most = Math.max(0, (row - 1) * height);
    if (this.top >= least && this.top <= most) return;
    this.top = Math.max(0, Math.min(Math.max(this.top, least), Math.max(most, least)));
    this.#revealing = true;
  }

  readonly #onScroll = (event: Event): void => {
    this.top = (event.target as Element).scrollTop;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const viewer = this.scene?.viewer;
    const direction = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (viewer === undefined || direction === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const index = this.#filter?.at(this.#filter.rowBefore(viewer.cursor.step) + direction);
    if (index !== undefined) viewer.selectEvent(index);
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function rowHeight(): number {
  return ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

customElements.define('parley-event-log', ParleyEventLog);

declare global {
  interface HTMLElementTagNameMap {
    'parley-event-log': ParleyEventLog;
  }
}
