/** The invariants of the chapter as lights, at the moment that is shown: green as long as one holds, red from the event on that broke it. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { fold } from '../kit/fold.ts';
import { printTime } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';

/** `<parley-lights .scene=…>`. */
export class ParleyLights extends LitElement {
  static override properties = { scene: { attribute: false } };
  static override styles = [
    base,
    controls,
    fold,
    css`
      details {
        margin-bottom: 12px;
        border-top: 0;
        border-bottom: 1px solid var(--parley-line);
      }

      summary {
        padding-top: 0;
      }

      ul {
        margin: 0 0 8px;
        padding: 0;
        font-size: var(--parley-small);
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: 1.3em minmax(0, 1fr);
        padding: 2px 0;
        color: var(--parley-ink-2);
      }

      b.good,
      b.bad {
        font-weight: 700;
      }

      li button {
        min-height: 1.5rem;
        padding: 0;
        color: var(--parley-bad);
        font-weight: 600;
        text-align: left;
        text-decoration: underline;
        text-underline-offset: 2px;
        white-space: normal;
      }

      p {
        margin: 0 0 8px;
        font-size: var(--parley-small);
      }
    `,
  ];
  declare scene: Scene | undefined;

  constructor() {
    super();
    this.scene = undefined;
    new Subscription(this, () => this.scene?.viewer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { scene } = this;
    const names = scene?.looks.invariants ?? [];
    if (scene === undefined || names.length === 0 || scene.nodes.length === 0) return nothing;
    if (scene.viewer.run?.place !== 'simulated') {
      return html`<details>
        <summary><span>Invariants</span><small>not checked here</small></summary>
        <p class="dim">
          They are about all nodes at one moment, which a live run does not have: a simulation
          checks them after every step.
        </p>
      </details>`;
    }
    const broken = this.#broken(scene);
    const note =
      broken.size === 0
        ? html`<small class="good"
            >✓ ${names.length === 1 ? 'it holds' : `all ${names.length} hold`}</small
          >`
        : html`<small class="bad">✗ ${broken.size} of ${names.length} broken</small>`;
    return html`<details ?open=${broken.size > 0}>
      <summary><span>Invariants</span>${note}</summary>
      <ul aria-label="Invariants at this moment">
        ${names.map((name) => this.#light(scene, name, broken.get(name)))}
      </ul>
    </details>`;
  }

  /** Which are broken at the cursor, by their names, with the events that broke them. */
  #broken({ viewer }: Scene): ReadonlyMap<string, number> {
    const { recording, cursor } = viewer;
    const broken = new Map<string, number>();
    for (const index of recording.violations) {
      const event = recording.events[index];
      if (index >= cursor.step || event?.kind !== 'violation') continue;
      if (!broken.has(event.invariant)) broken.set(event.invariant, index);
    }
    return broken;
  }

  #light({ viewer }: Scene, name: string, index: number | undefined): TemplateResult {
    if (index === undefined) {
      return html`<li><b class="good" role="img" aria-label="holds">✓</b><span>${name}</span></li>`;
    }
    return html`<li>
      <b class="bad" role="img" aria-label="broken">✗</b>
      <button title="To the event that broke it" @click=${() => viewer.selectEvent(index)}>
        ${name}, since ${printTime(viewer.recording.events[index]!.time)}
      </button>
    </li>`;
  }
}

customElements.define('parley-lights', ParleyLights);

declare global {
  interface HTMLElementTagNameMap {
    'parley-lights': ParleyLights;
  }
}
