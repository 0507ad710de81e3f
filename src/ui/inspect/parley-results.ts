/** What the run came to: what went wrong first, then a table of the nodes. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { NodeResult, RunResult } from '../../core/result.ts';
import { plural, printBytes, printCount, printTime } from '../kit/print-number.ts';
import { printValue } from '../kit/print-value.ts';
import { base, controls, emptiness, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { STATUS_LOOKS } from '../stage/looks.ts';
import type { Scene } from '../stage/scene.ts';
import { printError } from './print-error.ts';

/** `<parley-results .scene=…>`. */
export class ParleyResults extends LitElement {
  static override properties = { scene: { attribute: false } };
  static override styles = [
    base,
    controls,
    tables,
    emptiness,
    css`
      :host {
        height: 100%;
        overflow: auto;
      }

      .summary {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 18px;
        align-items: baseline;
        margin: 0;
        padding: 10px 16px 8px;
        color: var(--parley-ink-2);
      }

      .violation {
        margin: 12px 16px 4px;
        padding: 10px 14px;
        border: 1px solid var(--parley-bad);
        border-radius: var(--parley-radius);
        background: var(--parley-bad-soft);
      }

      .violation p {
        margin: 2px 0 8px;
      }

      .scroll {
        overflow-x: auto;
        padding: 0 10px;
      }

      table {
        min-width: 620px;
      }

      tbody tr {
        cursor: pointer;
      }

      tbody tr:hover td {
        background: var(--parley-sunken);
      }

      tr[aria-current] td {
        background: var(--parley-accent-soft);
      }

      td button {
        min-height: 0;
        padding: 0;
        font-weight: 600;
      }

      td small {
        display: block;
        color: var(--parley-bad);
        font-size: inherit;
      }
    `,
  ];
  declare scene: Scene | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.scene?.viewer);
  }

  protected override render(): unknown {
    const run = this.scene?.viewer.run;
    if (run === undefined) {
      return html`<p class="empty">Nothing has run yet. Press <b>Run</b>.</p>`;
    }
    if (run.result === undefined) {
      return html`<p class="empty">
        ${
          run.problem === undefined
            ? 'The run goes on. Each node’s report appears here when it has ended.'
            : 'The run came to no result.'
        }
      </p>`;
    }
    return html`${this.#violation(run.result)} ${summary(run.result)} ${this.#table(run.result)}`;
  }

  #violation({ violation }: RunResult): TemplateResult | typeof nothing {
    if (violation === undefined) return nothing;
    const viewer = this.scene!.viewer;
    const index = viewer.recording.violations[0];
    return html`<div class="violation">
      <b class="bad">✗ Broken: ${violation.invariant}</b>
      <p>${violation.detail}</p>
      ${
        index === undefined
          ? nothing
          : html`<button class="line" @click=${() => viewer.selectEvent(index)}>
              Show the moment
            </button>`
      }
    </div>`;
  }

  #table(result: RunResult): TemplateResult {
    return html`<div class="scroll">
      <table aria-label="Nodes">
        <thead>
          <tr>
            <th scope="col">node</th>
            <th scope="col">ended as</th>
            <th scope="col">report</th>
            <th scope="col" class="number">received</th>
            <th scope="col" class="number">bytes</th>
            <th scope="col" class="number">sent</th>
            <th scope="col" class="number">after</th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(result.nodes).map(([id, node]) => this.#row(id, node))}
        </tbody>
      </table>
    </div>`;
  }

  #row(id: string, node: NodeResult): TemplateResult {
    const { viewer } = this.scene!;
    const look = STATUS_LOOKS[node.status];
    const failed = node.status === 'failed' || node.status === 'timeout';
    const selected = viewer.selection?.kind === 'node' && viewer.selection.node === id;
    const received = Object.values(node.messages_received).reduce((sum, count) => sum + count, 0);
    return html`<tr
      aria-current=${selected ? 'true' : nothing}
      @click=${() => viewer.select({ kind: 'node', node: id })}
    >
      <td><button>${id}</button></td>
      <td>
        <span class=${failed ? 'bad' : 'good'}>${look.sign} ${look.word}</span>
        ${node.error === undefined ? nothing : errorOf(node.error)}
      </td>
      <td class="mono">${printValue(node.report)}</td>
      <td class="number" title=${printValue(node.messages_received)}>${printCount(received)}</td>
      <td class="number">${printBytes(node.bytes_received)}</td>
      <td class="number">${printCount(node.messages_sent)}</td>
      <td class="number">${printTime(node.elapsed_ms)}</td>
    </tr>`;
  }
}

function summary(result: RunResult): TemplateResult {
  const nodes = Object.values(result.nodes);
  const well = nodes.filter(({ status }) => status === 'terminated' || status === 'stopped').length;
  const verdict = result.ok
    ? html`<b class="good">✓ ${plural(nodes.length, 'node')} ended as they should</b>`
    : html`<b class="bad">✗ ${well} of ${plural(nodes.length, 'node')} ended as they should</b>`;
  return html`<p class="summary">
    ${verdict}
    <span>${plural(result.messages_delivered, 'message')} delivered</span>
    <span>${printBytes(result.bytes_delivered)} as ${result.format}</span>
    ${
      result.virtual_ms === null
        ? nothing
        : html`<span>${printTime(result.virtual_ms)} of virtual time</span>`
    }
    <span>${printTime(result.elapsed_ms)} ${result.virtual_ms === null ? '' : 'on the clock'}</span>
    ${
      result.trace_sha256 === null
        ? nothing
        : html`<span title="Equal runs have equal traces: ${result.trace_sha256}"
            >trace <span class="mono">${result.trace_sha256.slice(0, 8)}</span></span
          >`
    }
  </p>`;
}

function errorOf(error: string): readonly TemplateResult[] {
  const { text, places } = printError(error);
  return [text, ...places].map((line) => html`<small>${line}</small>`);
}

customElements.define('parley-results', ParleyResults);

declare global {
  interface HTMLElementTagNameMap {
    'parley-results': ParleyResults;
  }
}
