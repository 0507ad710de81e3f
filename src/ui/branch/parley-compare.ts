/** The run on show and the one before side by side: where they part, the diagrams around that, and what nodes hold in the one and the other. */

import { html, LitElement, type TemplateResult } from 'lit';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Run } from '../../lab/run.ts';
import { outcomeOf } from '../app/last-runs.ts';
import type { LabModel } from '../app/lab-model.ts';
import { sentence } from '../inspect/describe.ts';
import { plural, printTime } from '../kit/print-number.ts';
import { printValue } from '../kit/print-value.ts';
import { base, controls, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { Scene } from '../stage/scene.ts';
import { Viewer } from '../stage/viewer.ts';
import '../timeline/parley-spacetime.ts';
import { compareStyles } from './compare-styles.ts';

/** Letters of a value in the table; the inspector has them all. */
const VALUE_LENGTH_MAX = 60;

/** A place where the states of a node differ. */
interface Difference {
  readonly node: NodeId;
  readonly name: string;
  readonly here: string;
  readonly before: string;
}

/** `<parley-compare .model=…>`. */
export class ParleyCompare extends LitElement {
  static override properties = { model: { attribute: false } };
  static override styles = [base, controls, tables, compareStyles];
  declare model: LabModel;
  /** Looks at the run before, at the same moment. */
  readonly #other = new Viewer();
  #otherScene: Scene | undefined;
  #sceneOf: unknown;
  #endOther: (() => void) | undefined;
  #isFollowing = false;

  constructor() {
    super();
    new Subscription(this, () => this.model.viewer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endOther = this.#other.subscribe(() => this.#hearOther());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endOther?.();
  }

  protected override willUpdate(): void {
    const { chapter, branches, viewer } = this.model;
    if (this.#sceneOf !== chapter) {
      this.#sceneOf = chapter;
      const scene = new Scene(this.#other, chapter);
      void this.model.lookOf(chapter).then((looks) => scene.lookThrough(looks));
      this.#otherScene = scene;
    }
    this.#isFollowing = true;
    if (this.#other.run !== branches.before) this.#other.show(branches.before);
    if (this.#other.cursor.time !== viewer.cursor.time) this.#other.seek(viewer.cursor.time);
    this.#isFollowing = false;
  }

  protected override render(): TemplateResult {
    const { branches, run, scene } = this.model;
    const { before } = branches;
    if (before === undefined || run === undefined) {
      return html`<p class="empty">
        Do something to a run, fork it, or change its code: this run and the one before then stand
        here side by side.
      </p>`;
    }
    return html`${this.#parting()}
      <div class="runs">
        ${column('This run', run, scene)} ${column('The run before', before, this.#otherScene!)}
      </div>
      ${this.#states()}`;
  }

  #parting(): TemplateResult {
    const { branches, viewer } = this.model;
    const { parting } = branches;
    if (parting === undefined) {
      return html`<p class="parting" role="status">
        ${
          branches.isTooLong
            ? 'These runs are too long to be compared event by event.'
            : viewer.ended
              ? 'Both runs are the same, event by event.'
              : 'The runs are still going on …'
        }
      </p>`;
    }
    const { index, timeMs } = parting;
    return html`<div class="parting">
      <p role="status">
        ${index === 0 ? 'The very first event differs' : `${plural(index, 'event')} are the same`},
        up to ${printTime(timeMs)}. Then, in this run:
        <b>${wordsAt(viewer, index)}</b>; in the run before: <b>${wordsAt(this.#other, index)}</b>.
      </p>
      <button class="line" @click=${() => viewer.goTo(index + 1)}>Go there</button>
      <button class="line" @click=${() => branches.swap()}>Change places</button>
    </div>`;
  }

  #states(): TemplateResult {
    const differences = this.#differences();
    const { cursor } = this.model.viewer;
    if (differences.length === 0) {
      return html`<p>At ${printTime(cursor.time)} all nodes hold the same in both runs.</p>`;
    }
    return html`<table>
      <caption>
        What nodes hold at ${printTime(cursor.time)}, where it differs
      </caption>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">What</th>
          <th scope="col">This run</th>
          <th scope="col">The run before</th>
        </tr>
      </thead>
      <tbody>
        ${differences.map(
          ({ node, name, here, before }) =>
            html`<tr>
              <th scope="row">${node}</th>
              <td>${name}</td>
              <td class="mono">${here}</td>
              <td class="mono">${before}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #differences(): readonly Difference[] {
    const other = this.#otherScene!;
    return this.model.nodeIds.flatMap((node) => {
      const [a, b] = [this.model.scene.node(node), other.node(node)];
      const [here, before] = [entriesOf(a), entriesOf(b)];
      return [...new Set([...here.keys(), ...before.keys()])].flatMap((name): Difference[] => {
        const [inA = '–', inB = '–'] = [here.get(name), before.get(name)];
        return inA === inB ? [] : [{ node, name, here: short(inA), before: short(inB) }];
      });
    });
  }

  /** Whoever moves the cursor of the run before moves both. */
  #hearOther(): void {
    const { viewer } = this.model;
    const { time } = this.#other.cursor;
    if (!this.#isFollowing && time !== viewer.cursor.time) viewer.seek(time);
    if (!this.#isFollowing) this.requestUpdate();
  }
}

function column(name: string, run: Run, scene: Scene): TemplateResult {
  return html`<section aria-label=${name}>
    <h2>${name}: <span>${outcomeOf(run)}</span></h2>
    <parley-spacetime .scene=${scene}></parley-spacetime>
  </section>`;
}

function wordsAt({ recording }: Viewer, index: number): string {
  return index < recording.length ? sentence(recording, index) : 'nothing, it has ended';
}

/** Status and fields of the states of a node, in words. */
function entriesOf({ status, states }: ReturnType<Scene['node']>): ReadonlyMap<string, string> {
  const entries = new Map<string, string>([['status', status]]);
  for (const { path, state } of states) {
    const inner = path.includes('.') ? `${path.slice(path.indexOf('.') + 1)}.` : '';
    for (const [name, value] of Object.entries(state as Record<string, Value>)) {
      entries.set(`${inner}${name}`, printValue(value));
    }
  }
  return entries;
}

function short(text: string): string {
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX - 1)}…` : text;
}

customElements.define('parley-compare', ParleyCompare);

declare global {
  interface HTMLElementTagNameMap {
    'parley-compare': ParleyCompare;
  }
}
