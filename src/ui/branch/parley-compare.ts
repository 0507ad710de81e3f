/** The run on show and the one before side by side. */

import { css, html, LitElement, type TemplateResult } from 'lit';
import { outcomeOf } from '../app/last-runs.ts';
import type { LabModel } from '../app/lab-model.ts';
import { base, controls, emptiness } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { Scene } from '../stage/scene.ts';
import { Viewer } from '../stage/viewer.ts';
import './parley-side-by-side.ts';

/** `<parley-compare .model=…>`. */
export class ParleyCompare extends LitElement {
  static override properties = { model: { attribute: false } };
  static override styles = [
    base,
    controls,
    emptiness,
    css`
      :host {
        height: 100%;
        overflow: auto;
      }
    `,
  ];
  declare model: LabModel;
  /** Looks at the run before, at the same moment. */
  readonly #other = new Viewer();
  #otherScene: Scene | undefined;
  #sceneOf: unknown;

  constructor() {
    super();
    new Subscription(this, () => this.model.viewer);
  }

  protected override willUpdate(): void {
    const { chapter, branches } = this.model;
    if (this.#sceneOf !== chapter) {
      this.#sceneOf = chapter;
      const scene = new Scene(this.#other, chapter);
      void this.model.lookOf(chapter).then((looks) => scene.lookThrough(looks));
      this.#otherScene = scene;
    }
    if (this.#other.run !== branches.before) {
      this.#other.show(branches.before);
      this.#other.seek(this.model.viewer.cursor.time);
    }
  }

  protected override render(): TemplateResult {
    const { branches, run, scene } = this.model;
    const { before, parting } = branches;
    if (before === undefined || run === undefined) {
      return html`<p class="empty">
        Do something to a run, fork it, or change its code: this run and the one before then stand
        here side by side.
      </p>`;
    }
    return html`<parley-side-by-side
      .here=${{ name: 'this run', outcome: outcomeOf(run), scene }}
      .there=${{ name: 'the run before', outcome: outcomeOf(before), scene: this.#otherScene! }}
      .parting=${parting}
      .sameness=${this.#sameness()}
    >
      <button class="line" @click=${() => branches.swap()}>Change places</button>
    </parley-side-by-side>`;
  }

  #sameness(): string {
    const { branches, viewer } = this.model;
    if (branches.isTooLong) return 'These runs are too long to be compared event by event.';
    return viewer.ended
      ? 'Both runs are the same, event by event.'
      : 'The runs are still going on …';
  }
}

customElements.define('parley-compare', ParleyCompare);

declare global {
  interface HTMLElementTagNameMap {
    'parley-compare': ParleyCompare;
  }
}
