/** The bank: accounts, money that moves between them, and a statement that explains every balance. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Account } from '../../lab/raft/demos/bank.ts';
import { AppElement } from './app-element.ts';
import { centsOf, money, MONEY_PATTERN, MONEY_PROBLEM } from './money.ts';

interface Listed {
  readonly account: string;
  readonly owner: string;
  readonly balance: number;
}

const WHAT = {
  open: 'opened',
  deposit: 'deposit',
  withdraw: 'withdrawal',
  from: 'from',
  to: 'to',
} as const;

/** `<parley-bank .session=…>`. */
export class ParleyBank extends AppElement {
  static override properties = { ...AppElement.properties, shown: { state: true } };
  /** The account whose statement is shown. */
  declare shown: string | undefined;

  constructor() {
    super();
    this.shown = undefined;
  }

  /** The bank's time is what the log says, and this tab has a clock. */
  protected override commandsBefore(): readonly unknown[] {
    return [{ do: 'tick', at: Date.now() }];
  }

  protected override render(): unknown {
    const accounts = this.session?.ask<readonly Listed[]>({ of: 'accounts' }) ?? [];
    const total = this.session?.ask<number>({ of: 'total' }) ?? 0;
    return html`
      <section class="panel" aria-labelledby="accounts">
        <h2 id="accounts">Accounts</h2>
        ${
          accounts.length === 0
            ? html`<p class="none">There is none yet: open the first below.</p>`
            : this.#table(accounts, total)
        }
      </section>
      ${this.#statement()} ${this.#opening()}
      ${accounts.length === 0 ? nothing : this.#moving(accounts)} ${this.spoken()}
    `;
  }

  #table(accounts: readonly Listed[], total: number): TemplateResult {
    return html`<div class="scroll">
      <table aria-labelledby="accounts">
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Owner</th>
            <th scope="col" class="number">Balance</th>
            <th scope="col"><span class="hidden">Deeds</span></th>
          </tr>
        </thead>
        <tbody>
          ${accounts.map(
            ({ account, owner, balance }) =>
              html`<tr>
                <th scope="row">${account}</th>
                <td>${owner}</td>
                <td class="number">${money(balance)}</td>
                <td>
                  <button
                    class="line"
                    aria-label="Statement of ${account}"
                    aria-pressed=${this.shown === account ? 'true' : 'false'}
                    @click=${() => {
                      this.shown = this.shown === account ? undefined : account;
                    }}
                  >
                    Statement
                  </button>
                </td>
              </tr>`,
          )}
          <tr>
            <th scope="row" colspan="2">All together</th>
            <td class="number">${money(total)}</td>
            <td></td>
          </tr>
        </tbody>
      </table>
    </div>`;
  }

  #statement(): TemplateResult | typeof nothing {
    const { shown } = this;
    if (shown === undefined) return nothing;
    const found = this.session?.ask<Account | null>({ of: 'statement', account: shown });
    if (found === undefined || found === null) return nothing;
    return html`<section class="panel" aria-labelledby="statement">
      <h2 id="statement">Statement of ${shown}</h2>
      <div class="scroll">
        <table aria-labelledby="statement">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">What</th>
              <th scope="col" class="number">Amount</th>
              <th scope="col" class="number">Balance</th>
            </tr>
          </thead>
          <tbody>
            ${found.lines.toReversed().map(
              ({ at, what, other, cents, balance }) =>
                html`<tr>
                  <td>${new Date(at).toLocaleTimeString()}</td>
                  <td>${WHAT[what]} ${other ?? ''}</td>
                  <td class="number">${money(cents)}</td>
                  <td class="number">${money(balance)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #opening(): TemplateResult {
    const commands = (values: ReadonlyMap<string, string>) => [
      { do: 'open', account: values.get('account'), owner: values.get('owner') },
    ];
    return html`<section class="panel" aria-labelledby="open">
      <h2 id="open">Open an account</h2>
      <form novalidate @submit=${this.submit('open', commands, 'The account is open.')}>
        <label
          >Name of the account
          <input name="account" required maxlength="60" data-problem="Give the account a name." />
        </label>
        <label
          >Owner
          <input name="owner" required maxlength="60" data-problem="Write whose account it is." />
        </label>
        <button class="primary" ?disabled=${this.busy === 'open'}>Open</button>
        ${this.complaintOf('open')}
      </form>
    </section>`;
  }

  #moving(accounts: readonly Listed[]): TemplateResult {
    const choice = (name: string, outside: string, label: string) =>
      html`<label
        >${label}
        <select name=${name}>
          <option value="">${outside}</option>
          ${accounts.map(({ account }) => html`<option value=${account}>${account}</option>`)}
        </select>
      </label>`;
    return html`<section class="panel" aria-labelledby="move">
      <h2 id="move">Move money</h2>
      <form novalidate @submit=${this.submit('move', moved, 'The money was moved.')}>
        ${choice('from', 'cash (a deposit)', 'From')} ${choice('to', 'cash (a withdrawal)', 'To')}
        <label
          >Amount
          <input
            name="amount"
            inputmode="decimal"
            required
            pattern=${MONEY_PATTERN}
            data-problem=${MONEY_PROBLEM}
          />
        </label>
        <button class="primary" ?disabled=${this.busy === 'move'}>Move</button>
        ${this.complaintOf('move')}
      </form>
    </section>`;
  }
}

function moved(values: ReadonlyMap<string, string>): readonly unknown[] | string {
  const [from, to] = [values.get('from'), values.get('to')];
  const cents = centsOf(values.get('amount')!);
  if (cents === 0) return MONEY_PROBLEM;
  if (!from && !to) return 'Choose an account: money moves from one, or to one.';
  if (!from) return [{ do: 'deposit', account: to, cents }];
  if (!to) return [{ do: 'withdraw', account: from, cents }];
  return [{ do: 'transfer', from, to, cents }];
}

customElements.define('parley-bank', ParleyBank);

declare global {
  interface HTMLElementTagNameMap {
    'parley-bank': ParleyBank;
  }
}
