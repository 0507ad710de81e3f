/** What went wrong with a run, above the stage, with what to do about it. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import { printError } from './print-error.ts';

/** `<parley-problem .scene=… .refusal=…>`; fires `parley-show-config` and `parley-show-results`. */
export class ParleyProblem extends LitElement {
  static override properties = { scene: { attribute: false }, refusal: {} };
  static override styles = [
    base,
    controls,
    css`
      .banner {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        align-items: center;
        padding: 7px 14px;
        border-bottom: 1px solid var(--parley-bad);
        background: var(--parley-bad-soft);
      }

      p {
        flex: 1 1 11rem;
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];
  declare scene: Scene | undefined;
  /** Why the run was not begun. */
  declare refusal: string | undefined;

  constructor() {
    super();
    this.refusal = undefined;
    new Subscription(
      this,
      () => this.scene?.viewer,
      () => {
        const { run, recording } = this.scene!.viewer;
        return [recording, recording.violations.length, run, run?.problem, run?.result];
      },
    );
  }

  protected override render(): unknown {
    if (this.refusal !== undefined) {
      return banner(
        this.refusal,
        html`<button class="line" @click=${() => this.#fire('parley-show-config')}>
          Show the configuration
        </button>`,
      );
    }
    const { run, recording } = this.scene?.viewer ?? {};
    const violation = recording?.violations[0];
    if (violation !== undefined) {
      const event = recording!.events[violation]!;
      const name = event.kind === 'violation' ? event.invariant : '';
      return banner(
        html`<b class="bad">✗ Broken:</b> ${name}`,
        html`<button class="line" @click=${() => this.scene!.viewer.selectEvent(violation)}>
          Show the moment
        </button>`,
      );
    }
    if (run?.problem !== undefined) {
      return banner(
        html`<b class="bad">✗</b> ${run.problem}`,
        html`<button class="line" @click=${() => this.#fire('parley-show-config')}>
          Show the configuration
        </button>`,
      );
    }
    return this.#failures();
  }

  #failures(): TemplateResult | typeof nothing {
    const result = this.scene?.viewer.run?.result;
    if (result === undefined || result.ok) return nothing;
    if (result.violation !== undefined) {
      return banner(
        html`<b class="bad">✗ Broken:</b> ${result.violation.invariant}`,
        this.#results(),
      );
    }
    const failed = Object.entries(result.nodes).find(
      ([, { status }]) => status === 'failed' || status === 'timeout',
    );
    if (failed === undefined) return nothing;
    const [id, node] = failed;
    const deed = node.status === 'timeout' ? 'timed out' : 'failed';
    const { text = '', places = [] } = node.error === undefined ? {} : printError(node.error);
    const [place] = places;
    return banner(
      html`<b class="bad">✗ ${id} ${deed}</b>${text === '' ? nothing : `: ${text}`}${
          place === undefined ? nothing : html` <span class="dim">(${place})</span>`
        }`,
      this.#results(),
    );
  }

  #results(): TemplateResult {
    return html`<button class="line" @click=${() => this.#fire('parley-show-results')}>
      Show the results
    </button>`;
  }

  #fire(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}

function banner(text: unknown, action: TemplateResult): TemplateResult {
  return html`<div class="banner">
    <p>${text}</p>
    ${action}
  </div>`;
}

customElements.define('parley-problem', ParleyProblem);

declare global {
  interface HTMLElementTagNameMap {
    'parley-problem': ParleyProblem;
  }
}
