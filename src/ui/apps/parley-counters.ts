/** Counters that everybody counts. */

import { html } from 'lit';
import { AppElement } from './app-element.ts';

/** `<parley-counters .session=…>`. */
export class ParleyCounters extends AppElement {
  protected override render(): unknown {
    const counts = Object.entries(this.session?.ask<Record<string, number>>(null) ?? {});
    return html`
      <section class="panel" aria-labelledby="new">
        <h2 id="new">Count something</h2>
        <form
          novalidate
          @submit=${this.submit('new', (values) => [added(values.get('name')!, 0)], 'It is there.')}
        >
          <label
            >Name
            <input name="name" required maxlength="200" data-problem="Write what is counted." />
          </label>
          <button class="primary" ?disabled=${this.busy === 'new'}>Add a counter</button>
          ${this.complaintOf('new')}
        </form>
      </section>
      <section aria-labelledby="counters">
        <h2 id="counters">Counters</h2>
        ${
          counts.length === 0
            ? html`<p class="none">There is none yet: add the first.</p>`
            : html`<ul class="cards">
                ${counts.map(([name, count]) => this.#counter(name, count))}
              </ul>`
        }
        ${this.complaintOf('count')}
      </section>
      ${this.spoken()}
    `;
  }

  #counter(name: string, count: number): unknown {
    const button = (label: string, command: unknown) =>
      html`<button
        class="line"
        aria-label="${label}: ${name}"
        @click=${() => this.act('count', [command], '')}
      >
        ${label}
      </button>`;
    return html`<li class="panel">
      <h3>${name}</h3>
      <p class="big">${count}</p>
      <div class="row">
        ${button('+1', added(name, 1))} ${button('−1', added(name, -1))}
        ${button('Reset', { do: 'reset', name })}
      </div>
    </li>`;
  }
}

function added(name: string, by: number): unknown {
  return { do: 'add', name, by };
}

customElements.define('parley-counters', ParleyCounters);

declare global {
  interface HTMLElementTagNameMap {
    'parley-counters': ParleyCounters;
  }
}
