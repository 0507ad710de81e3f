/** The key-value store: what there is, and what one does to it. */

import { html } from 'lit';
import type { Entry } from '../../lab/raft/demos/key-value.ts';
import { AppElement } from './app-element.ts';

/** `<parley-key-value .session=…>`. */
export class ParleyKeyValue extends AppElement {
  protected override render(): unknown {
    const entries = Object.entries(this.session?.ask<Record<string, Entry>>({ prefix: '' }) ?? {});
    return html`
      <section class="panel" aria-labelledby="write">
        <h2 id="write">Write an entry</h2>
        <form novalidate @submit=${this.submit('write', written, 'The entry was written.')}>
          <label
            >Key
            <input name="key" required maxlength="200" data-problem="Write the entry's key." />
          </label>
          <label>Value <input name="value" maxlength="2000" /></label>
          <button class="primary" ?disabled=${this.busy === 'write'}>Write</button>
          ${this.complaintOf('write')}
        </form>
      </section>
      <section class="panel" aria-labelledby="entries">
        <h2 id="entries">Entries</h2>
        ${
          entries.length === 0
            ? html`<p class="none">There is none yet: write the first.</p>`
            : html`<div class="scroll">
                <table aria-labelledby="entries">
                  <thead>
                    <tr>
                      <th scope="col">Key</th>
                      <th scope="col">Value</th>
                      <th scope="col" class="number">Version</th>
                      <th scope="col"><span class="hidden">Deeds</span></th>
                    </tr>
                  </thead>
                  <tbody>
                    ${entries.map(([key, { value, version }]) => this.#entry(key, value, version))}
                  </tbody>
                </table>
              </div>`
        }
        ${this.complaintOf('delete')}
      </section>
      ${this.spoken()}
    `;
  }

  #entry(key: string, value: unknown, version: number): unknown {
    // On the condition that nobody has changed it since it was seen here.
    const commands = [{ do: 'delete', key, version }];
    return html`<tr>
      <th scope="row">${key}</th>
      <td class="value">${typeof value === 'string' ? value : JSON.stringify(value)}</td>
      <td class="number">${version}</td>
      <td>
        <button
          class="line"
          aria-label="Delete ${key}"
          ?disabled=${this.busy !== undefined}
          @click=${() => this.act('delete', commands, `${key} was deleted.`)}
        >
          Delete
        </button>
      </td>
    </tr>`;
  }
}

function written(values: ReadonlyMap<string, string>): readonly unknown[] {
  return [{ do: 'put', key: values.get('key'), value: values.get('value') }];
}

customElements.define('parley-key-value', ParleyKeyValue);

declare global {
  interface HTMLElementTagNameMap {
    'parley-key-value': ParleyKeyValue;
  }
}
