/** The live auction: lots that close at a time, and whoever bids in which tab. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Lot } from '../../lab/raft/demos/auction.ts';
import { AppElement } from './app-element.ts';
import { centsOf, money, MONEY_PATTERN, MONEY_PROBLEM } from './money.ts';

/** Milliseconds between looks at the clock. */
const LOOK_MS = 500;

const NAME_KEY = 'parley.auction.name';

/** `<parley-auction .session=…>`. */
export class ParleyAuction extends AppElement {
  static override properties = { ...AppElement.properties, name: { state: true } };
  /** Who sells and bids in this tab. */
  declare name: string;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.name = rememberedName();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override commandsBefore(): readonly unknown[] {
    return [{ do: 'tick', at: Date.now() }];
  }

  protected override render(): unknown {
    const lots = Object.entries(this.session?.ask<Record<string, Lot>>({ of: 'lots' }) ?? {});
    // Those that can be bid for first, and of them the one that closes first.
    const order = ([, a]: [string, Lot], [, b]: [string, Lot]) =>
      Number(b.state === 'open') - Number(a.state === 'open') || a.closesAt - b.closesAt;
    return html`
      <section class="panel" aria-labelledby="me">
        <h2 id="me">Who you are</h2>
        <form @submit=${(event: SubmitEvent) => event.preventDefault()}>
          <label
            >Your name, as bidder and seller
            <input
              name="me"
              maxlength="40"
              autocomplete="nickname"
              .value=${this.name}
              @change=${this.#rename}
            />
          </label>
        </form>
      </section>
      <section aria-labelledby="lots">
        <h2 id="lots">Lots</h2>
        ${
          lots.length === 0
            ? html`<p class="none panel">There is none yet: offer the first below.</p>`
            : html`<ul class="cards">
                ${lots.toSorted(order).map(([id, lot]) => this.#lot(id, lot))}
              </ul>`
        }
      </section>
      ${this.#offering()} ${this.spoken()}
    `;
  }

  #lot(id: string, lot: Lot): TemplateResult {
    const { title, seller, best, bids, state } = lot;
    return html`<li class="panel">
      <h3>${title}</h3>
      <p class="none">offered by ${seller}, ${endOf(lot)}</p>
      <p class="big">${best === null ? 'no bid' : money(best.cents)}</p>
      <p class="none">
        ${best === null ? nothing : html`${state === 'open' ? 'best bid of' : 'went to'} <b>${best.bidder}</b>, ${bids} ${bids === 1 ? 'bid' : 'bids'}`}
      </p>
      ${state === 'open' ? this.#bidding(id, lot) : nothing}
    </li>`;
  }

  #bidding(id: string, { title, best, step }: Lot): TemplateResult {
    const least = best === null ? step : best.cents + step;
    const form = `bid ${id}`;
    const commands = (values: ReadonlyMap<string, string>) =>
      this.name === ''
        ? 'Write your name above first: everybody sees who bids.'
        : [{ do: 'bid', lot: id, bidder: this.name, cents: centsOf(values.get('amount')!) }];
    return html`<form
      novalidate
      @submit=${this.submit(form, commands, `Your bid for ${title} is the best.`)}
    >
      <label
        >Your bid for ${title}
        <input
          name="amount"
          inputmode="decimal"
          required
          placeholder=${money(least)}
          pattern=${MONEY_PATTERN}
          data-problem=${MONEY_PROBLEM}
        />
      </label>
      <button class="primary" ?disabled=${this.busy === form}>Bid</button>
      ${this.complaintOf(form)}
    </form>`;
  }

  #offering(): TemplateResult {
    return html`<section class="panel" aria-labelledby="offer">
      <h2 id="offer">Offer a lot</h2>
      <form
        novalidate
        @submit=${this.submit('offer', (values) => this.#offered(values), 'The lot is open.')}
      >
        <label
          >What it is
          <input name="title" required maxlength="60" data-problem="Write what you offer." />
        </label>
        <label
          >Not below
          <input
            name="reserve"
            inputmode="decimal"
            required
            value="1.00"
            pattern=${MONEY_PATTERN}
            data-problem=${MONEY_PROBLEM}
          />
        </label>
        <label
          >Open for, in seconds
          <input
            name="seconds"
            type="number"
            required
            min="5"
            max="86400"
            value="60"
            data-problem="Write a number of seconds from 5 to 86400."
          />
        </label>
        <button class="primary" ?disabled=${this.busy === 'offer'}>Offer</button>
        ${this.complaintOf('offer')}
      </form>
    </section>`;
  }

  #offered(values: ReadonlyMap<string, string>): readonly unknown[] | string {
    if (this.name === '') return 'Write your name above first: everybody sees who offers.';
    const reserve = centsOf(values.get('reserve')!);
    if (reserve === 0) return MONEY_PROBLEM;
    const closesAt = Date.now() + Number(values.get('seconds')) * 1000;
    // Unique among tabs: two may offer the same thing.
    const lot = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
    return [{ do: 'offer', lot, title: values.get('title'), seller: this.name, reserve, closesAt }];
  }

  readonly #rename = ({ target }: Event): void => {
    this.name = (target as HTMLInputElement).value.trim();
    try {
      sessionStorage.setItem(NAME_KEY, this.name);
    } catch {
      // Then a reloaded tab asks again.
    }
  };

  /** Lots close when the log says that it is time: the leader's tab says so when its clock does, so that an idle auction writes nothing. */
  #look(): void {
    const { session } = this;
    if (session?.raft === undefined) return;
    const lots = Object.values(session.ask<Record<string, Lot>>({ of: 'lots' }) ?? {});
    const open = lots.filter(({ state }) => state === 'open');
    if (open.length > 0) this.requestUpdate();
    const isOver = open.some(({ closesAt }) => closesAt <= Date.now());
    if (isOver && session.status?.role === 'leader') {
      void session.do({ do: 'tick', at: Date.now() });
    }
  }
}

function endOf({ state, closesAt, reserve, best }: Lot): string {
  if (state === 'sold') return 'sold';
  if (state === 'unsold') return best === null ? 'not sold' : 'not sold: the bids were too low';
  const seconds = Math.max(0, Math.ceil((closesAt - Date.now()) / 1000));
  const isTooLow = best !== null && best.cents < reserve;
  return `closes in ${seconds} s${isTooLow ? ', the reserve is not met' : ''}`;
}

function rememberedName(): string {
  try {
    return sessionStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}

customElements.define('parley-auction', ParleyAuction);

declare global {
  interface HTMLElementTagNameMap {
    'parley-auction': ParleyAuction;
  }
}
