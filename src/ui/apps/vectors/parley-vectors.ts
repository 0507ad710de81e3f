/** Averaging: one's own numbers, how all of them come to one, and how far they are. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { NodeId } from '../../../core/id.ts';
import { driftOf, spreadOf } from '../../../algorithms/spread.ts';
import { DIMENSIONS, isKind, KINDS, type RoundKindName } from '../../../lab/averaging/kinds.ts';
import { NUMBER_MAX, type Moment, type Shown } from '../../../lab/averaging/rounds.ts';
import type { Metric, MetricLine } from '../../../lab/metrics/run-metrics.ts';
import { base, controls, tables } from '../../kit/styles.ts';
import { Subscription } from '../../kit/subscription.ts';
import '../../metrics/parley-chart.ts';
import { printAmount } from '../../metrics/print-amount.ts';
import type * as Library from '../../metrics/uplot.ts';
import { appStyles } from '../apps-styles.ts';
import type { VectorsSession } from './vectors-session.ts';

/** What each does, in a sentence. */
const SAYS: Readonly<Record<RoundKindName, string>> = {
  share_vec:
    'Each sends its numbers to another, which takes the mean of both. All agree soon, and not quite on the mean of all: what one gives, the other does not lose.',
  gossip_average:
    'Two exchange, and both take the mean: as a whole, or not at all. What all have together stays the same, so all come to the mean of all.',
  gossip_learning:
    'Each trains a model on examples of its own, which say little, and models meet. What is shown is how much of the same test each gets right.',
};

/** `<parley-vectors .session=…>`. */
export class ParleyVectors extends LitElement {
  static override properties = {
    session: { attribute: false },
    library: { state: true },
    complaint: { state: true },
    done: { state: true },
  };
  static override styles = [
    base,
    controls,
    tables,
    appStyles,
    css`
      .numbers label {
        flex-basis: 6rem;
      }

      .kind {
        flex-basis: 100% !important;
      }

      .charts {
        display: grid;
        gap: 10px;
      }

      .far {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 24px;
        margin: 0 0 12px;
      }

      .far b {
        font-variant-numeric: tabular-nums;
      }

      caption {
        padding-bottom: 6px;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
        text-align: left;
      }
    `,
  ];
  declare session: VectorsSession | undefined;
  declare library: typeof Library | undefined;
  declare complaint: string;
  /** What was done last, for those who cannot see it. */
  declare done: string;

  constructor() {
    super();
    this.library = undefined;
    this.complaint = '';
    this.done = '';
    new Subscription(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void import('../../metrics/uplot.ts').then(
      (library) => (this.library = library),
      // The table says the same.
      () => {},
    );
  }

  protected override render(): unknown {
    const rounds = this.session?.rounds;
    if (rounds === undefined) return nothing;
    const { kind, numbers, moments, shown, round } = rounds;
    return html`<section class="panel" aria-labelledby="own">
        <h2 id="own">Your numbers</h2>
        <form class="numbers" novalidate @submit=${this.#begin}>
          ${numbers.map(
            (number, at) =>
              html`<label
                >${KINDS.share_vec.shows[at]}
                <input name="number" inputmode="decimal" required .value=${String(number)} />
              </label>`,
          )}
          <label class="kind"
            >How they meet
            <select name="kind">
              ${Object.keys(KINDS).map((name) => html`<option ?selected=${name === kind}>${name}</option>`)}
            </select>
          </label>
          <button class="primary">Begin for all</button>
          ${this.complaint === '' ? nothing : html`<p class="complaint" role="alert">${this.complaint}</p>`}
        </form>
        <p class="hidden" role="status">${this.done}</p>
      </section>
      <section class="panel" aria-labelledby="round">
        <h2 id="round">${round === 0 ? 'Before the first round' : `Round ${round}: ${kind}`}</h2>
        <p class="none">${SAYS[kind]}</p>
        ${shown.size === 0 ? nothing : this.#round(kind, moments, shown)}
      </section>`;
  }

  #round(
    kind: RoundKindName,
    moments: readonly Moment[],
    shown: ReadonlyMap<NodeId, Shown>,
  ): TemplateResult {
    const all = [...shown.values()];
    const spread = spreadOf(all.map(({ now }) => now));
    const drift = driftOf(
      all.map(({ own }) => own),
      all.map(({ now }) => now),
    );
    const isLearning = kind === 'gossip_learning';
    return html`<p class="far">
        <span>apart: <b>${printAmount(spread)}</b></span>
        ${isLearning ? nothing : html`<span>their mean has moved: <b>${printAmount(drift)}</b></span>`}
      </p>
      <div class="charts">${this.#charts(kind, moments, shown)}</div>
      ${this.#table(kind, shown)}`;
  }

  #charts(
    kind: RoundKindName,
    moments: readonly Moment[],
    shown: ReadonlyMap<NodeId, Shown>,
  ): unknown {
    const { library } = this;
    if (library === undefined || moments.length < 2) return nothing;
    const times = moments.map(({ atMs }) => Math.max(atMs, 1));
    const nodes = [...shown.keys()].toSorted();
    return KINDS[kind].shows.map((name, at) => {
      const lines: MetricLine[] = nodes.map((node) => ({
        name: node,
        values: moments.map((moment) => moment.nodes.get(node)?.now[at] ?? null),
      }));
      if (kind !== 'gossip_learning') {
        const own = nodes.map((node) => shown.get(node)!.own[at] ?? 0);
        const mean = own.reduce((sum, number) => sum + number, 0) / own.length;
        lines.push({ name: 'mean of all', values: moments.map(() => mean), isAim: true });
      }
      const metric: Metric = { name, unit: '', lines };
      return html`<parley-chart
        .library=${library}
        .metric=${metric}
        .times=${times}
        .now=${times.at(-1)!}
        .colourOf=${colourOf}
      ></parley-chart>`;
    });
  }

  #table(kind: RoundKindName, shown: ReadonlyMap<NodeId, Shown>): TemplateResult {
    const nodes = [...shown].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const cells = (numbers: readonly number[]): string =>
      numbers.map((number) => printAmount(number)).join('  ');
    return html`<div class="scroll">
      <table>
        <caption>
          What each began with, and has now
        </caption>
        <thead>
          <tr>
            <th scope="col">Tab</th>
            ${kind === 'gossip_learning' ? nothing : html`<th scope="col" class="number">Own</th>`}
            <th scope="col" class="number">Now</th>
          </tr>
        </thead>
        <tbody>
          ${nodes.map(
            ([node, { own, now }]) =>
              html`<tr>
                <th scope="row">${node}${node === this.session!.id ? ' (you)' : ''}</th>
                ${kind === 'gossip_learning' ? nothing : html`<td class="number">${cells(own)}</td>`}
                <td class="number">${cells(now)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  readonly #begin = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = [...form.querySelectorAll<HTMLInputElement>('input[name=number]')];
    const numbers = fields.map(({ value }) => numberIn(value));
    const wrong = numbers.indexOf(undefined);
    for (const [at, field] of fields.entries())
      field.setAttribute('aria-invalid', String(numbers[at] === undefined));
    if (wrong >= 0) {
      this.complaint = `Write a number like 12, 0.5 or −3, of at most ${NUMBER_MAX.toExponential()}.`;
      fields[wrong]!.focus();
      return;
    }
    this.complaint = '';
    const kind = new FormData(form).get('kind');
    this.session!.begin(
      isKind(kind) ? kind : 'share_vec',
      numbers.slice(0, DIMENSIONS) as number[],
    );
    this.done = 'The next round has begun.';
  };
}

function numberIn(text: string): number | undefined {
  const number = Number(text.trim().replace('−', '-').replace(',', '.'));
  const isNumber = text.trim() !== '' && Number.isFinite(number);
  return isNumber && Math.abs(number) <= NUMBER_MAX ? number : undefined;
}

function colourOf(_name: string, index: number): string {
  return `var(--parley-kind-${(index % 8) + 1})`;
}

customElements.define('parley-vectors', ParleyVectors);

declare global {
  interface HTMLElementTagNameMap {
    'parley-vectors': ParleyVectors;
  }
}
