/** What one can do to the run at the moment that is shown: to the selected node or message, or which event shall be next. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { flightsAt } from '../../lab/picture.ts';
import type { Flight } from '../../lab/playback.ts';
import type { Deed } from '../app/deeds.ts';
import type { LabModel } from '../app/lab-model.ts';
import { printTime } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';

/** Messages that are listed; with more under way one chooses on the stage. */
const NEXT_MAX = 12;

/** `<parley-acts .model=…>`. */
export class ParleyActs extends LitElement {
  static override properties = { model: { attribute: false } };
  static override styles = [
    base,
    controls,
    css`
      h2 {
        margin-top: 18px;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }

      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li button {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 8px;
        justify-items: start;
        width: 100%;
        min-height: 0;
        padding: 4px 6px;
        font-size: var(--parley-small);
      }

      li span {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      li small {
        white-space: nowrap;
      }

      i {
        align-self: center;
        width: 9px;
        height: 9px;
        border-radius: 50%;
        background: var(--dot);
        forced-color-adjust: none;
      }

      small,
      p {
        margin: 0;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }
    `,
  ];
  declare model: LabModel;

  constructor() {
    super();
    new Subscription(this, () => this.model.viewer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { viewer, deeds } = this.model;
    if (!deeds.isOpen || viewer.recording.length === 0) return nothing;
    return html`${this.#gate()} ${this.#toSelected()}`;
  }

  /** Live deliveries can be held back; then time stands still for the nodes. */
  #gate(): TemplateResult | typeof nothing {
    const { deeds } = this.model;
    const { isHeld } = deeds;
    if (isHeld === undefined) return nothing;
    return html`<h2>The run</h2>
      <div class="row">
        <button class="line" @click=${() => deeds.hold(!isHeld)}>
          ${isHeld ? 'Let deliveries come' : 'Hold deliveries'}
        </button>
      </div>`;
  }

  #toSelected(): TemplateResult | typeof nothing {
    const { viewer, branches, deeds } = this.model;
    const { selection } = viewer;
    if (selection?.kind === 'node') {
      const { node } = selection;
      const when = branches.isOpen ? ` at ${printTime(branches.nowMs)}` : ', now';
      return this.#deeds(`Do to ${node}${when}`, deeds.toNode(node));
    }
    if (selection?.kind === 'message') {
      const flight = viewer.recording.flight(selection.message, selection.to);
      return flight === undefined ? nothing : this.#toMessage(flight);
    }
    return branches.isOpen || deeds.heldSinceMs !== undefined ? this.#next() : nothing;
  }

  #deeds(title: string, deeds: readonly Deed[]): TemplateResult {
    return html`<h2>${title}</h2>
      <div class="row">
        ${deeds.map(
          ({ name, story = '', run }) =>
            html`<button class="line" title=${story} @click=${run}>${name}</button>`,
        )}
      </div>`;
  }

  #toMessage(flight: Flight): TemplateResult | typeof nothing {
    const { deeds, branches } = this.model;
    if (!branches.isOpen) return this.#toLive(flight);
    if (!deeds.isUnderWay(flight)) {
      return html`<h2>Do to this message</h2>
        <p>It is not on its way at this moment: go to its sending first.</p>`;
    }
    const title = `Do to this message at ${printTime(branches.nowMs)}`;
    return this.#deeds(title, deeds.toMessage(flight));
  }

  /** A live message can be grabbed as long as it is held back. */
  #toLive(flight: Flight): TemplateResult | typeof nothing {
    const { deeds } = this.model;
    if (deeds.isHeld === undefined || flight.arrivedAt !== undefined) return nothing;
    if (deeds.isHeld) return this.#deeds('Do to this message', deeds.toMessage(flight));
    return html`<h2>Do to this message</h2>
      <p>Live messages are over before one can grab them: hold deliveries first.</p>`;
  }

  /** Every message under way may be the next to arrive. */
  #next(): TemplateResult | typeof nothing {
    const { viewer, branches, deeds, scene } = this.model;
    const { nowMs } = branches;
    const { heldSinceMs } = deeds;
    const flights = flightsAt(viewer.recording, viewer.cursor, viewer.ended, heldSinceMs)
      .map(({ flight }) => flight)
      .toSorted((a, b) => (a.arrivedAt ?? Infinity) - (b.arrivedAt ?? Infinity));
    if (flights.length === 0) return nothing;
    const isHeld = heldSinceMs !== undefined;
    return html`<h2>${isHeld ? 'Held back: what shall be next?' : 'What can happen next'}</h2>
      <ol>
        ${flights.slice(0, NEXT_MAX).map(
          (flight) =>
            html`<li>
              <button
                title="Let it arrive now, before everything else"
                @click=${() => deeds.deliver(flight)}
              >
                <i style="--dot:${scene.palette.colour(flight.type)}"></i>
                <span>${flight.type} ${flight.from} → ${flight.to}</span>
                <small>
                  ${
                    isHeld
                      ? 'held'
                      : flight.arrivedAt === undefined
                        ? 'never'
                        : `in ${printTime(flight.arrivedAt - nowMs)}`
                  }
                </small>
              </button>
            </li>`,
        )}
      </ol>
      ${
        flights.length > NEXT_MAX
          ? html`<p>and ${flights.length - NEXT_MAX} more: choose them on the stage</p>`
          : nothing
      }`;
  }
}

customElements.define('parley-acts', ParleyActs);

declare global {
  interface HTMLElementTagNameMap {
    'parley-acts': ParleyActs;
  }
}
