/** What one can do to a simulated run at the moment that is shown: to the selected node or message, or which event shall be next. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Choice } from '../../core/choices/choices.ts';
import type { NodeId } from '../../core/id.ts';
import { cutBetween, messageDeeds, type Intervention } from '../../lab/intervention.ts';
import { flightsAt } from '../../lab/picture.ts';
import type { Flight } from '../../lab/playback.ts';
import type { LabModel } from '../app/lab-model.ts';
import { printTime } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';

/** Messages that are listed; with more under way one chooses on the stage. */
const NEXT_MAX = 12;

/** How long something lasts that is done by hand, in usual journeys of a message: long enough to matter, short enough to watch. */
const JOURNEYS = 10;

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
        grid-template-columns: auto 1fr auto;
        gap: 8px;
        justify-items: start;
        width: 100%;
        min-height: 0;
        padding: 4px 6px;
        font-size: var(--parley-small);
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
    const { viewer, branches } = this.model;
    if (!branches.isOpen || viewer.recording.length === 0) return nothing;
    const { selection } = viewer;
    if (selection?.kind === 'node') return this.#toNode(selection.node);
    if (selection?.kind === 'message') {
      const flight = viewer.recording.flight(selection.message, selection.to);
      return flight === undefined ? nothing : this.#toMessage(flight);
    }
    return this.#next();
  }

  #toNode(node: NodeId): TemplateResult {
    const { branches, scene } = this.model;
    const { nowMs } = branches;
    const lastsMs = this.#lastsMs();
    const others = scene.nodes.map(({ id }) => id).filter((id) => id !== node);
    const cut = (isOneWay: boolean) => () =>
      this.#do({ kind: 'cut', partition: cutBetween([node], others, nowMs, isOneWay) });
    return html`<h2>Do to ${node} at ${printTime(nowMs)}</h2>
      <div class="row">
        ${this.#choice('Crash', { crash: node, at: nowMs })}
        ${this.#choice(`Crash for ${printTime(lastsMs)}`, { crash: node, at: nowMs, for: lastsMs })}
        ${this.#choice(`Stand still for ${printTime(lastsMs)}`, { pause: node, at: nowMs, for: lastsMs })}
        ${
          others.length === 0
            ? nothing
            : html`<button class="line" @click=${cut(false)}>Cut off</button>
                <button class="line" @click=${cut(true)}>Nobody hears it</button>`
        }
      </div>`;
  }

  #toMessage(flight: Flight): TemplateResult {
    const { nowMs } = this.model.branches;
    const isUnderWay =
      flight.sentAt <= nowMs && (flight.arrivedAt === undefined || flight.arrivedAt > nowMs);
    if (!isUnderWay) {
      return html`<h2>Do to this message</h2>
        <p>It is not on its way at this moment: go to its sending first.</p>`;
    }
    const lastsMs = this.#lastsMs();
    return html`<h2>Do to this message at ${printTime(nowMs)}</h2>
      <div class="row">
        ${this.#choice('Deliver now', messageDeeds.deliver(flight, nowMs))}
        ${this.#choice('Drop', messageDeeds.drop(flight))}
        ${this.#choice(`Delay by ${printTime(lastsMs)}`, messageDeeds.delay(flight, nowMs, lastsMs))}
        ${this.#choice('Deliver twice', messageDeeds.double(flight, nowMs, lastsMs / JOURNEYS))}
      </div>`;
  }

  /** Every message under way may be the next to arrive. */
  #next(): TemplateResult | typeof nothing {
    const { viewer, branches, scene } = this.model;
    const { nowMs } = branches;
    const flights = flightsAt(viewer.recording, viewer.cursor, viewer.ended)
      .map(({ flight }) => flight)
      .toSorted((a, b) => (a.arrivedAt ?? Infinity) - (b.arrivedAt ?? Infinity));
    if (flights.length === 0) return nothing;
    return html`<h2>What can happen next</h2>
      <ol>
        ${flights.slice(0, NEXT_MAX).map(
          (flight) =>
            html`<li>
              <button
                title="Let it arrive now, before everything else"
                @click=${() =>
                  this.#do({ kind: 'choice', choice: messageDeeds.deliver(flight, nowMs) })}
              >
                <i style="--dot:${scene.palette.colour(flight.type)}"></i>
                <span>${flight.type} ${flight.from} → ${flight.to}</span>
                <small>
                  ${
                    flight.arrivedAt === undefined
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

  #choice(name: string, choice: Choice): TemplateResult {
    return html`<button class="line" @click=${() => this.#do({ kind: 'choice', choice })}>
      ${name}
    </button>`;
  }

  #do(done: Intervention): void {
    this.model.branches.intervene(done);
  }

  #lastsMs(): number {
    const usual = this.model.viewer.recording.typicalJourney() || 5;
    return Math.round(usual * JOURNEYS * 10) / 10;
  }
}

customElements.define('parley-acts', ParleyActs);

declare global {
  interface HTMLElementTagNameMap {
    'parley-acts': ParleyActs;
  }
}
