/** Two runs side by side: where they part, the diagrams around that, and what nodes hold in the one and the other. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Parting } from '../../lab/parting.ts';
import { sentence } from '../inspect/describe.ts';
import { plural, printTime } from '../kit/print-number.ts';
import { printValue } from '../kit/print-value.ts';
import { base, controls, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import type { Viewer } from '../stage/viewer.ts';
import '../timeline/parley-spacetime.ts';
import { sideBySideStyles } from './side-by-side-styles.ts';

/** Letters of a value in the table; the inspector has them all. */
const VALUE_LENGTH_MAX = 60;

/** One of the two runs. */
export interface Side {
  readonly scene: Scene;
  /** What it is called: “this run”, or the name of a file. */
  readonly name: string;
  /** What came of it, in a few words. */
  readonly outcome: string;
}

/** A place where the states of a node differ. */
interface Difference {
  readonly node: NodeId;
  readonly name: string;
  readonly here: string;
  readonly there: string;
}

/**
 * `<parley-side-by-side .here=… .there=… .parting=… .sameness=…>`. The cursor of `here` is that of both. What stands in it is put behind
 * the sentence that says where they part.
 */
export class ParleySideBySide extends LitElement {
  static override properties = {
    here: { attribute: false },
    there: { attribute: false },
    parting: { attribute: false },
    sameness: {},
  };
  static override styles = [base, controls, tables, sideBySideStyles];
  declare here: Side;
  declare there: Side;
  declare parting: Parting | undefined;
  /** What is said while they do not part. */
  declare sameness: string;
  /** Where both stood when they were drawn last, in milliseconds. */
  #timeMs: number | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.here.scene.viewer);
    new Subscription(this, () => this.there.scene.viewer);
  }

  /** Moves both windows of time by a part of their length. */
  panBy(part: number): void {
    for (const diagram of this.#diagrams) diagram.panBy(part);
  }

  /** Zooms both. */
  zoomBy(direction: 1 | -1): void {
    for (const diagram of this.#diagrams) diagram.zoomBy(direction);
  }

  get #diagrams() {
    return this.renderRoot.querySelectorAll('parley-spacetime');
  }

  protected override willUpdate(): void {
    const [here, there] = [this.here.scene.viewer, this.there.scene.viewer];
    // Whoever moves the cursor of one of the two moves both.
    if (here.cursor.time === this.#timeMs && there.cursor.time !== this.#timeMs) {
      here.seek(there.cursor.time);
    } else if (there.cursor.time !== here.cursor.time) there.seek(here.cursor.time);
    this.#timeMs = here.cursor.time;
  }

  protected override render(): TemplateResult {
    return html`${this.#parting()}
      <div class="runs">${column(this.here)} ${column(this.there)}</div>
      ${this.#states()}`;
  }

  #parting(): TemplateResult {
    const { parting, here, there } = this;
    if (parting === undefined) {
      return html`<div class="parting">
        <p role="status">${this.sameness}</p>
        <slot></slot>
      </div>`;
    }
    const { index, timeMs } = parting;
    const first =
      index === 0 ? 'The very first event differs' : `${plural(index, 'event')} are the same`;
    return html`<div class="parting">
      <p role="status">
        ${first}${parting.isTimeless === true ? ', their times apart' : ''}, up to
        ${printTime(timeMs)}. Then, in ${here.name}:
        <b>${wordsAt(here.scene.viewer, index)}</b>; in ${there.name}:
        <b>${wordsAt(there.scene.viewer, index)}</b>.
      </p>
      <button class="line" @click=${() => here.scene.viewer.goTo(index + 1)}>Go there</button>
      <slot></slot>
    </div>`;
  }

  #states(): TemplateResult | typeof nothing {
    const differences = this.#differences();
    const { here, there } = this;
    const time = printTime(here.scene.viewer.cursor.time);
    if (differences === undefined) return nothing;
    if (differences.length === 0) return html`<p>At ${time} all nodes hold the same in both.</p>`;
    return html`<table>
      <caption>
        What nodes hold at ${time}, where it differs
      </caption>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">What</th>
          <th scope="col">${capital(here.name)}</th>
          <th scope="col">${capital(there.name)}</th>
        </tr>
      </thead>
      <tbody>
        ${differences.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.node}</th>
              <td>${one.name}</td>
              <td class="mono">${one.here}</td>
              <td class="mono">${one.there}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** Undefined where neither says what its nodes hold. */
  #differences(): readonly Difference[] | undefined {
    const [a, b] = [this.here.scene, this.there.scene];
    const ids = new Set([...a.nodes, ...b.nodes].map(({ id }) => id));
    let isKnown = false;
    const differences = [...ids].flatMap((node) => {
      const [here, there] = [entriesOf(a.node(node)), entriesOf(b.node(node))];
      isKnown ||= here.size > 0 || there.size > 0;
      return [...new Set([...here.keys(), ...there.keys()])].flatMap((name): Difference[] => {
        const [inA = '–', inB = '–'] = [here.get(name), there.get(name)];
        return inA === inB ? [] : [{ node, name, here: short(inA), there: short(inB) }];
      });
    });
    return isKnown ? differences : undefined;
  }
}

function column({ name, outcome, scene }: Side): TemplateResult {
  // All lanes are to be seen at once as long as there are few.
  const height = Math.min(24, 4.5 + scene.nodes.length * 1.7);
  return html`<section aria-label=${capital(name)}>
    <h2>${capital(name)}: <span>${outcome}</span></h2>
    <parley-spacetime style="height: ${height}rem" .scene=${scene}></parley-spacetime>
  </section>`;
}

function wordsAt({ recording }: Viewer, index: number): string {
  return index < recording.length ? sentence(recording, index) : 'nothing, it has ended';
}

/** Status and fields of the states of a node, in words. */
function entriesOf({ status, states }: ReturnType<Scene['node']>): ReadonlyMap<string, string> {
  const entries = new Map<string, string>(status === 'unknown' ? [] : [['status', status]]);
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

/** As a heading begins; the names of files stay as they are. */
function capital(name: string): string {
  return name.includes('.') ? name : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

customElements.define('parley-side-by-side', ParleySideBySide);

declare global {
  interface HTMLElementTagNameMap {
    'parley-side-by-side': ParleySideBySide;
  }
}
