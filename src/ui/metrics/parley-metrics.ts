/** The run in numbers over time: charts that share the lab's cursor, and the table of them as a file. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import {
  RunMetrics,
  type Metric,
  type MetricGroup,
  type MetricTable,
} from '../../lab/metrics/run-metrics.ts';
import { metricsCsv } from '../../lab/metrics/metrics-csv.ts';
import { viewsFileOf } from '../../lab/overlay/view-samples.ts';
import type { Recording } from '../../lab/playback.ts';
import { saveText } from '../kit/save-text.ts';
import { base, controls, emptiness } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import './parley-chart.ts';
import type * as Library from './uplot.ts';

/** While a run goes on its charts are drawn anew so often, in milliseconds: often enough to look alive. */
const REFRESH_MS = 250;

/** Charts beside something else: what the chapter is about comes first. */
const BRIEF_CHARTS = 3;

/** `<parley-metrics .scene=…>`; `brief` shows what the chapter itself is about, and nothing to press. */
export class ParleyMetrics extends LitElement {
  static override properties = {
    scene: { attribute: false },
    brief: { type: Boolean },
    library: { state: true },
    problem: { state: true },
  };
  static override styles = [
    base,
    controls,
    emptiness,
    css`
      :host {
        height: 100%;
        padding: 10px 16px 16px;
        overflow: auto;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 8px;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
        gap: 10px;
      }

      :host([brief]) {
        flex: none;
        height: auto;
        padding: 0;
      }

      header b {
        margin-right: 8px;
        color: var(--parley-ink);
      }

      .charts + h2 {
        margin: 14px 0 8px;
        color: var(--parley-ink-3);
        font-size: var(--parley-small);
      }

      .empty {
        padding: 12px 0;
      }
    `,
  ];
  declare scene: Scene;
  declare brief: boolean;
  declare library: typeof Library | undefined;
  declare problem: string | undefined;
  #metrics = new RunMetrics();
  #table: MetricTable | undefined;
  #tableOf: Recording | undefined;
  #measures: unknown;
  #tableLength = 0;
  #drawnAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.brief = false;
    this.library = undefined;
    this.problem = undefined;
    new Subscription(this, () => this.scene.viewer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override willUpdate(): void {
    const { recording, ended } = this.scene.viewer;
    const { measures, dashboards } = this.scene;
    // What a chapter counts comes with its code.
    if (recording !== this.#tableOf || measures !== this.#measures) {
      this.#measures = measures;
      this.#metrics = new RunMetrics(measures, dashboards);
      this.#table = undefined;
      this.#tableOf = recording;
      this.#tableLength = 0;
      this.#drawnAtMs = -Infinity;
    }
    if (recording.length === this.#tableLength) return;
    const waitMs = this.#drawnAtMs + REFRESH_MS - performance.now();
    if (!ended && waitMs > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.requestUpdate();
      }, waitMs);
      return;
    }
    this.#metrics.extend(recording);
    this.#table = this.#metrics.table();
    this.#tableLength = recording.length;
    this.#drawnAtMs = performance.now();
  }

  protected override render(): TemplateResult {
    if (this.problem !== undefined) {
      return html`<p class="empty" role="alert">
        ${this.problem}
        <button class="line" @click=${() => void this.#load()}>Try again</button>
      </p>`;
    }
    const table = this.#table;
    if (table === undefined || this.library === undefined) {
      return html`<p class="empty">Messages, bytes and latency appear here over time.</p>`;
    }
    const [first, ...others] = groupsOf(table);
    if (this.brief) {
      return html`${first === undefined ? nothing : this.#charts({ ...first, metrics: first.metrics.slice(0, BRIEF_CHARTS) }, table)}`;
    }
    return html`<header>
        <span><b>${first?.name}</b> Press a chart to go to that moment.</span>
        <span>
          ${
            this.scene.hasViews
              ? html`<button
                  class="line"
                  title="Whom each node knew, and when: one JSON object a line"
                  @click=${() => this.#saveViews()}
                >
                  Save views
                </button>`
              : nothing
          }
          <button class="line" @click=${() => this.#save(table)}>Save as CSV</button>
        </span>
      </header>
      ${first === undefined ? nothing : this.#charts(first, table)}
      ${others.map(
        (group) =>
          html`<h2>${group.name}</h2>
            ${this.#charts(group, table)}`,
      )}`;
  }

  #charts({ metrics }: MetricGroup, table: MetricTable): TemplateResult {
    return html`<div class="charts">${metrics.map((metric) => this.#chart(metric, table))}</div>`;
  }

  #chart(metric: Metric, { times }: MetricTable): TemplateResult {
    const { viewer, palette } = this.scene;
    const isByKind = metric.name === 'Messages sent';
    return html`<parley-chart
      .library=${this.library!}
      .metric=${metric}
      .times=${times}
      .now=${viewer.cursor.time}
      .colourOf=${isByKind ? (kind: string) => palette.colour(kind) : colourOfLine}
      @parley-seek=${(event: CustomEvent<number>) => viewer.seek(event.detail)}
    ></parley-chart>`;
  }

  #save(table: MetricTable): void {
    const { run } = this.scene.viewer;
    saveText(`${run?.algorithm ?? 'run'}-metrics.csv`, 'text/csv', metricsCsv(table));
  }

  #saveViews(): void {
    const { run, recording } = this.scene.viewer;
    const { view } = this.scene.looks;
    const text = viewsFileOf(view === undefined ? {} : { view }, recording.events);
    saveText(`${run?.algorithm ?? 'run'}-views.ndjson`, 'application/x-ndjson', text);
  }

  async #load(): Promise<void> {
    try {
      this.problem = undefined;
      this.library = await import('./uplot.ts');
    } catch {
      this.problem = 'The charts could not be loaded: is the lab’s server still there?';
    }
  }
}

/** All charts, what the chapter is about before what every run has. One dashboard and what is measured of all nodes belong together. */
function groupsOf({ dashboards, measures, metrics, fields }: MetricTable): MetricGroup[] {
  const [only, ...more] = dashboards;
  const own: MetricGroup[] =
    only !== undefined && more.length === 0
      ? [{ name: only.name, metrics: [...only.metrics, ...measures] }]
      : [...dashboards, { name: 'All nodes together', metrics: measures }];
  return [
    ...own,
    { name: 'Messages', metrics },
    { name: 'Numbers in the nodes’ states', metrics: fields },
  ].filter((group) => group.metrics.length > 0);
}

/** Lines that have no colour of their own take those of the kinds in turn. */
function colourOfLine(_name: string, index: number): string {
  return `var(--parley-kind-${(index % 8) + 1})`;
}

customElements.define('parley-metrics', ParleyMetrics);

declare global {
  interface HTMLElementTagNameMap {
    'parley-metrics': ParleyMetrics;
  }
}
