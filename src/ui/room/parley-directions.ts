/** What whoever directs a room can do to its run: hold it, cut its network, kill a node, end it. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RoomRun, RoomSession } from '../../lab/lab-service.ts';

import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { WORDS } from './words.ts';

/** `<parley-directions .session=…>`. */
export class ParleyDirections extends LitElement {
  static override properties = {
    session: { attribute: false },
    chosen: { state: true },
  };
  static override styles = [
    base,
    controls,
    css`
      fieldset {
        margin: 8px 0 0;
        padding: 8px 0 0;
        border: 0;
        border-top: 1px solid var(--parley-line);
      }

      legend,
      p {
        margin: 0;
        padding: 0;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      .nodes,
      .deeds {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        margin: 6px 0;
      }

      label {
        display: flex;
        gap: 4px;
        align-items: center;
        font-family: var(--parley-mono);
      }

      .state {
        color: var(--parley-bad);
      }
    `,
  ];
  declare session: RoomSession | undefined;
  /** Nodes that the next deed is about. */
  declare chosen: ReadonlySet<string>;

  constructor() {
    super();
    this.chosen = new Set();
    new Subscription(this, () => this.session);
  }

  protected override render(): unknown {
    const run = this.session?.run;
    if (this.session === undefined || run === undefined) return nothing;
    const isOn = run.phase !== 'ended';
    return html`
      ${isOn ? stateOf(run) : nothing}
      ${run.hiddenEvents === 0 ? nothing : html`<p>${WORDS.hidden(run.hiddenEvents)}</p>`}
      ${isOn && this.session.mayDirect ? this.#deeds(this.session, run) : nothing}
    `;
  }

  #deeds(session: RoomSession, run: RoomRun): TemplateResult {
    const nodes = [...run.seats.keys()];
    const chosen = nodes.filter((node) => this.chosen.has(node));
    const rest = nodes.filter((node) => !this.chosen.has(node));
    return html`<div class="deeds">
        <button class="line" @click=${() => session.hold(!run.isHeld)}>
          ${run.isHeld ? WORDS.release : WORDS.hold}
        </button>
        <button class="line" @click=${() => run.stop()}>${WORDS.end}</button>
      </div>
      <fieldset>
        <legend>${WORDS.choose}</legend>
        <div class="nodes">
          ${nodes.map(
            (node) =>
              html`<label
                ><input
                  type="checkbox"
                  .checked=${this.chosen.has(node)}
                  @change=${({ target }: Event) => this.#choose(node, (target as HTMLInputElement).checked)}
                />${node}</label
              >`,
          )}
        </div>
        <div class="deeds">
          <button
            class="line"
            ?disabled=${chosen.length === 0 || rest.length === 0}
            @click=${() => session.cut([chosen, rest])}
          >
            ${WORDS.cutOff}
          </button>
          <button class="line" ?disabled=${run.cut.length === 0} @click=${() => session.cut([])}>
            ${WORDS.heal}
          </button>
          <button
            class="line"
            ?disabled=${chosen.length !== 1}
            @click=${() => session.kill(chosen[0]!)}
          >
            ${WORDS.kill}
          </button>
        </div>
      </fieldset>`;
  }

  #choose(node: string, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(node);
    else chosen.delete(node);
    this.chosen = chosen;
  }
}

/** What is held or cut at the moment. */
function stateOf({ isHeld, cut }: RoomRun): TemplateResult {
  const parts = cut.map((group) => group.join(', ')).join(' ⫽ ');
  return html`<p class="state" role="status">
    ${isHeld ? WORDS.isHeld : nothing} ${cut.length === 0 ? nothing : WORDS.isCut(parts)}
  </p>`;
}

customElements.define('parley-directions', ParleyDirections);

declare global {
  interface HTMLElementTagNameMap {
    'parley-directions': ParleyDirections;
  }
}
