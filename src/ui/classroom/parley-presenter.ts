/** The screen at the front of a class: the stage in big type, who is there, and what whoever teaches does with them. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RoomSession } from '../../lab/lab-service.ts';
import { FrameLoop } from '../app/frame-loop.ts';
import type { LabModel } from '../app/lab-model.ts';
import { stageEmpty } from '../app/stage-empty.ts';
import '../kit/parley-qr.ts';
import { needs, PARTS } from '../kit/later.ts';
import { reducedMotion } from '../kit/media.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { applyTheme, readTheme } from '../kit/theme.ts';
import '../stage/parley-legend.ts';
import '../stage/parley-stage.ts';
import '../timeline/parley-transport-bar.ts';
import './parley-poll.ts';
import './parley-roster.ts';
import { presenterStyles } from './presenter-styles.ts';
import { WORDS } from './words.ts';

/** `<parley-presenter .model=… .session=…>`; dresses the page for a projector as long as it is there. */
export class ParleyPresenter extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    showsCode: { state: true },
    showsCharts: { state: true },
  };
  static override styles = [base, controls, presenterStyles];
  declare model: LabModel;
  declare session: RoomSession;
  declare showsCode: boolean;
  declare showsCharts: boolean;

  constructor() {
    super();
    // As long as nothing runs, the stage shows it.
    this.showsCode = false;
    this.showsCharts = true;
    new Subscription(this, () => this.model);
    new Subscription(this, () => this.session);
    new FrameLoop(this, () => this.model.viewer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    applyTheme('projector');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    applyTheme(readTheme());
  }

  protected override willUpdate(): void {
    this.model.viewer.discrete = reducedMotion.matches;
  }

  protected override render(): TemplateResult {
    const { model, session } = this;
    const { scene } = model;
    return html`<header>
        <a class="button line" href="#/room/${session.address.replace('#', ',')}">${WORDS.toLab}</a>
        <h1>${model.chapter.title}</h1>
        <span class="code">${session.code}</span>
        ${session.mayDirect ? this.#deeds() : html`<p>${WORDS.notDirector}</p>`}
      </header>
      <main>
        <section class="stage" aria-label=${WORDS.stage}>
          ${stageEmpty(model) ?? html`<parley-stage .scene=${scene} .deeds=${model.deeds}></parley-stage>`}
          <parley-legend .scene=${scene}></parley-legend>
        </section>
        <aside aria-label=${WORDS.aside} tabindex="0">
          ${
            this.showsCode
              ? html`<div class="invite">
                  <parley-qr .text=${session.link} label=${WORDS.qr}></parley-qr>
                  <p>${WORDS.scan} <b>${session.code}</b> ${WORDS.onFirstPage}</p>
                </div>`
              : nothing
          }
          ${
            session.mayDirect
              ? html`<parley-poll .session=${session} .nodes=${model.nodeIds}></parley-poll>`
              : nothing
          }
          ${
            this.#hasCharts && this.showsCharts
              ? html`${needs(PARTS.metrics)}<parley-metrics brief .scene=${scene}></parley-metrics>`
              : nothing
          }
          <parley-roster .session=${session} .scene=${scene}></parley-roster>
        </aside>
        <parley-transport-bar .scene=${scene}></parley-transport-bar>
      </main>`;
  }

  /** Where the chapter itself has something to draw over time. */
  get #hasCharts(): boolean {
    const { measures, dashboards, viewer } = this.model.scene;
    return measures.length + dashboards.length > 0 && viewer.recording.length > 0;
  }

  #deeds(): TemplateResult {
    const { model, session } = this;
    const { lesson } = session.lessons;
    const isOn = model.busy;
    const toggle = (name: string, isPressed: boolean, run: () => void) =>
      html`<button class="line" aria-pressed=${isPressed ? 'true' : 'false'} @click=${run}>
        ${name}
      </button>`;
    return html`<div class="deeds" role="group" aria-label=${WORDS.deeds}>
      <button class="primary" @click=${() => (isOn ? model.stop() : void model.start())}>
        ${isOn ? WORDS.end : WORDS.start}
      </button>
      ${
        isOn
          ? toggle(WORDS.hold, model.deeds.isHeld === true, () =>
              model.deeds.hold(model.deeds.isHeld !== true),
            )
          : nothing
      }
      ${toggle(WORDS.follow, lesson.follow !== undefined, () =>
        model.following.lead(lesson.follow === undefined),
      )}
      ${toggle(WORDS.freeze, lesson.isFrozen, () => this.#freeze(!lesson.isFrozen))}
      ${
        this.#hasCharts
          ? toggle(WORDS.charts, this.showsCharts, () => {
              this.showsCharts = !this.showsCharts;
            })
          : nothing
      }
      ${toggle(WORDS.code, this.showsCode, () => {
        this.showsCode = !this.showsCode;
      })}
    </div>`;
  }

  /** Pages and deliveries stand still together. */
  #freeze(isFrozen: boolean): void {
    this.session.lessons.teach({ isFrozen });
    this.model.deeds.hold(isFrozen);
  }
}

customElements.define('parley-presenter', ParleyPresenter);

declare global {
  interface HTMLElementTagNameMap {
    'parley-presenter': ParleyPresenter;
  }
}
