/** What is said beside the run of a link: what it breaks, what was chosen in it, and whether it is the one that was sent. */

import { css, html, LitElement, nothing } from 'lit';
import { describeChoice } from '../../core/choices/choices.ts';
import type { OpenedLink } from '../../lab/link/open-link.ts';
import type { Run } from '../../lab/run.ts';
import { base } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';

/** Choices that are listed; a longer list is for the command line. */
const LISTED_MAX = 200;

/** `<parley-linked-run .opened=… .run=…>`. */
export class ParleyLinkedRun extends LitElement {
  static override properties = { opened: { attribute: false }, run: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        padding: 8px 14px;
        border-bottom: 1px solid var(--parley-line);
        background: var(--parley-surface);
        font-size: var(--parley-small);
      }

      p {
        margin: 0;
      }

      .warn {
        color: var(--parley-warn);
      }

      summary {
        cursor: pointer;
      }

      ol {
        max-height: 9rem;
        margin: 4px 0 0;
        overflow: auto;
      }
    `,
  ];
  declare opened: OpenedLink | undefined;
  declare run: Run | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.run);
  }

  protected override render(): unknown {
    const { opened, run } = this;
    if (opened === undefined) return nothing;
    const { linked, hasChanged } = opened;
    const { property, seed, choices = [], without = [] } = linked;
    const verdict = run?.phase === 'ended' ? this.#verdict(opened, run) : undefined;
    return html`
      <p role="status">
        <strong>The run of a link</strong>, seed
        ${seed}${without.length === 0 ? '' : `, without ${without.join(', ')}`}.
        ${property === undefined ? nothing : html`It breaks: <strong>${property}</strong>.`}
        ${verdict ?? nothing}
        ${
          hasChanged
            ? html`<span class="warn"
                >The algorithm has changed since the link was made: this may be another run.</span
              >`
            : nothing
        }
      </p>
      ${
        choices.length === 0
          ? nothing
          : html`<details>
              <summary>
                ${choices.length === 1 ? 'One thing is' : `${choices.length} things are`} not left
                to the seed; <em>Run</em> runs without ${choices.length === 1 ? 'it' : 'them'}
              </summary>
              <ol>
                ${choices.slice(0, LISTED_MAX).map((choice) => html`<li>${describeChoice(choice)}</li>`)}
              </ol>
            </details>`
      }
    `;
  }

  #verdict({ linked }: OpenedLink, { result, problem }: Run): unknown {
    if (result === undefined)
      return html`<span class="warn">${problem ?? 'It did not end.'}</span>`;
    if (linked.trace === undefined) return undefined;
    return linked.trace === result.trace_sha256
      ? 'It is the same, event by event.'
      : html`<span class="warn">It is not the same run: its trace is another one.</span>`;
  }
}

customElements.define('parley-linked-run', ParleyLinkedRun);

declare global {
  interface HTMLElementTagNameMap {
    'parley-linked-run': ParleyLinkedRun;
  }
}
