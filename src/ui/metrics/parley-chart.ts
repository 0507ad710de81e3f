/** One chart over the time of a run: lines, the moment that the lab shows, and what each line says at it. */

import { adoptStyles, css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { Metric, MetricLine } from '../../lab/metrics/run-metrics.ts';
import { base } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { colours } from '../kit/theme.ts';
import { printAmount } from './print-amount.ts';
import type * as Library from './uplot.ts';

type Plot = InstanceType<(typeof Library)['Plot']>;

/** Height of the drawing, in rem. */
const HEIGHT_REM = 6.75;
/** Sizes within the drawing are for letters of so many pixels; for larger ones they grow. */
const USUAL_LETTER = 16;

/** `<parley-chart .metric=… .times=… .now=… .colourOf=…>`; fires `parley-seek` with a time in milliseconds. */
export class ParleyChart extends LitElement {
  static override properties = {
    metric: { attribute: false },
    times: { attribute: false },
    now: { attribute: false },
    colourOf: { attribute: false },
    library: { attribute: false },
  };
  static override styles = [
    base,
    css`
      :host {
        padding: 10px 12px 8px;
        border: 1px solid var(--parley-line);
        border-radius: var(--parley-radius);
        background: var(--parley-surface);
      }

      figure {
        margin: 0;
      }

      figcaption {
        display: flex;
        gap: 6px;
        align-items: baseline;
        font-weight: 600;
      }

      figcaption small {
        color: var(--parley-ink-3);
        font-weight: 400;
      }

      .plot {
        position: relative;
        height: ${HEIGHT_REM}rem;
        cursor: crosshair;
      }

      .now {
        position: absolute;
        top: 0;
        bottom: 24px;
        width: 2px;
        background: var(--parley-accent);
        pointer-events: none;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 14px;
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
        font-size: var(--parley-small);
      }

      li {
        display: flex;
        gap: 5px;
        align-items: center;
      }

      li i {
        width: 12px;
        height: 3px;
        border-radius: 2px;
      }

      li b {
        font: 500 var(--parley-small) var(--parley-mono);
      }
    `,
  ];
  declare metric: Metric;
  /** Milliseconds at the end of each point's stretch. */
  declare times: readonly number[];
  /** The moment that the lab shows, in milliseconds. */
  declare now: number;
  declare colourOf: (line: string, index: number) => string;
  declare library: typeof Library;
  readonly #mount = createRef<HTMLElement>();
  readonly #sizes = new ResizeObserver(() => this.#resize());
  #plot: Plot | undefined;
  /** The lines that the drawing has, and the colours: others need another drawing. */
  #drawn = '';

  constructor() {
    super();
    new Subscription(this, () => colours);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#discard();
  }

  protected override firstUpdated(): void {
    const styles = (this.constructor as typeof ParleyChart).elementStyles;
    adoptStyles(this.shadowRoot!, [...styles, this.library.plotSheet]);
  }

  protected override render(): TemplateResult {
    const { metric, now } = this;
    const point = this.#pointAt(now);
    return html`<figure>
      <figcaption>${metric.name} <small>${metric.unit}</small></figcaption>
      <div class="plot" ${ref(this.#mount)} aria-hidden="true" @click=${this.#onClick}>
        <div class="now" hidden></div>
      </div>
      <ul aria-label="${metric.name} at this moment">
        ${metric.lines.map(
          (line, index) =>
            html`<li>
              <i style=${styleMap({ background: this.#colourOf(line, index) })}></i>
              ${line.name} <b>${printAmount(line.values[point])}</b>
            </li>`,
        )}
      </ul>
    </figure>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const wanted = [colours.name, ...this.metric.lines.map(({ name }) => name)].join('\n');
    if (this.#plot === undefined || wanted !== this.#drawn) this.#draw(wanted);
    else if (changed.has('metric') || changed.has('times')) this.#plot.setData(this.#data());
    this.#placeNow();
  }

  /** Where lines should come to is no line among others. */
  #colourOf({ name, isAim }: MetricLine, index: number): string {
    return isAim === true ? 'var(--parley-ink-3)' : this.colourOf(name, index);
  }

  /** The last point that has begun at `time`. */
  #pointAt(time: number): number {
    const { times } = this;
    const width = times[0] ?? 1;
    return Math.min(Math.max(Math.ceil(time / width) - 1, 0), times.length - 1);
  }

  #draw(wanted: string): void {
    this.#discard();
    const mount = this.#mount.value;
    if (mount === undefined) return;
    this.#drawn = wanted;
    const ink = resolved(mount, 'var(--parley-ink-3)');
    const grid = { stroke: resolved(mount, 'var(--parley-line)'), width: 1 };
    const scale = letterPixels() / USUAL_LETTER;
    const font = `${11 * scale}px ui-sans-serif, system-ui, sans-serif`;
    const axis = { stroke: ink, grid, ticks: { show: false }, font };
    this.#plot = new this.library.Plot(
      {
        width: Math.max(mount.clientWidth, 40),
        height: plotHeight(),
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 20, 0, 0],
        scales: { x: { time: false }, y: { range: (_plot, min, max) => this.#range(min, max) } },
        axes: [
          { ...axis, size: 24 * scale, values: (_plot, splits) => splits.map(printMoment) },
          {
            ...axis,
            size: 44 * scale,
            values: (_plot, splits) => splits.map(printAmount),
          },
        ],
        series: [
          {},
          ...this.metric.lines.map((line, index) => ({
            label: line.name,
            stroke: resolved(mount, this.#colourOf(line, index)),
            width: 1.5 * scale,
            ...(line.isAim === true ? { dash: [5 * scale, 4 * scale] } : {}),
            spanGaps: true,
            points: { show: false },
          })),
        ],
      },
      this.#data(),
      mount,
    );
    this.#sizes.observe(mount);
  }

  /** A line that stays where it is has its height in the picture: zero lies at the bottom. */
  #range(min: number | null, max: number | null): [number, number] {
    const isFlat = min !== null && min === max && min >= 0;
    if (isFlat) return [0, min === 0 ? 1 : min * 1.25];
    const [from, to] = this.library.Plot.rangeNum(min ?? 0, max ?? 1, 0.1, true);
    return [from ?? 0, to ?? 1];
  }

  #data(): [number[], ...(number | null)[][]] {
    const lines = this.metric.lines.map(({ values }: MetricLine) => [...values]);
    return [[...this.times], ...lines];
  }

  #resize(): void {
    const width = this.#mount.value?.clientWidth ?? 0;
    if (this.#plot === undefined || width === 0 || width === this.#plot.width) return;
    this.#plot.setSize({ width, height: plotHeight() });
    this.#placeNow();
  }

  #placeNow(): void {
    const line = this.#mount.value?.querySelector<HTMLElement>('.now');
    const plot = this.#plot;
    if (line === null || line === undefined || plot === undefined) return;
    const { left, width } = plot.bbox;
    const at = plot.valToPos(this.now, 'x') + left / devicePixelRatio;
    const end = (left + width) / devicePixelRatio;
    line.hidden = this.times.length === 0 || !Number.isFinite(at);
    line.style.left = `${Math.min(Math.max(at, left / devicePixelRatio), end)}px`;
  }

  readonly #onClick = (event: MouseEvent): void => {
    const plot = this.#plot;
    const mount = this.#mount.value;
    if (plot === undefined || mount === undefined) return;
    const left = event.clientX - mount.getBoundingClientRect().left;
    const detail = plot.posToVal(left - plot.bbox.left / devicePixelRatio, 'x');
    this.dispatchEvent(new CustomEvent<number>('parley-seek', { detail }));
  };

  #discard(): void {
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#drawn = '';
  }
}

/** A token's colour as a canvas understands it. */
function resolved(element: HTMLElement, colour: string): string {
  const probe = document.createElement('i');
  probe.style.color = colour;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** How large letters are: larger on a projector. */
function letterPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || USUAL_LETTER;
}

function plotHeight(): number {
  return HEIGHT_REM * letterPixels();
}

function printMoment(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}

customElements.define('parley-chart', ParleyChart);

declare global {
  interface HTMLElementTagNameMap {
    'parley-chart': ParleyChart;
  }
}
