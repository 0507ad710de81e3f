/** The first screen: what this is, the chapters, a way into a room, and the last runs. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { readLastRuns, type LastRun } from '../app/last-runs.ts';
import { appsLink, labLink, OPEN_LINK } from '../app/route.ts';
import { mark } from '../kit/icons.ts';
import '../kit/parley-theme-choice.ts';
import { plural } from '../kit/print-number.ts';
import { needs, PARTS } from '../kit/later.ts';
import { base, controls, tables } from '../kit/styles.ts';
import { bySubject } from '../kit/subjects.ts';
import type { ChapterEntry, CreateRoomOptions, LabService } from '../../lab/lab-service.ts';
import { homeStyles } from './home-styles.ts';
import './parley-join.ts';
import { WORDS } from './words.ts';

/** Everybody has heard of it, and an election is over within a second: the first thing to watch where it is there. */
const WATCHED_FIRST = 'raft';

/** `<parley-home .service=… .chapters=…>`; hands on `parley-new-room`. */
export class ParleyHome extends LitElement {
  static override properties = {
    service: { attribute: false },
    chapters: { attribute: false },
    opening: { type: Boolean },
    problem: {},
  };
  static override styles = [base, controls, tables, homeStyles];
  declare service: LabService | undefined;
  declare chapters: readonly ChapterEntry[];
  /** True while a new room is being made. */
  declare opening: boolean;
  /** Why a room could not be made or entered. */
  declare problem: string | undefined;

  constructor() {
    super();
    this.chapters = [];
    this.opening = false;
    this.problem = undefined;
  }

  protected override firstUpdated(): void {
    const first = this.#first;
    if (first !== undefined) this.service?.prepare(first.name);
  }

  get #first(): ChapterEntry | undefined {
    return this.chapters.find(({ name }) => name === WATCHED_FIRST) ?? this.chapters[0];
  }

  protected override render(): unknown {
    const first = this.#first;
    return html`<div class="wrap">
      <header>
        <span class="mark">${mark}Parley</span>
        <nav aria-label=${WORDS.sections}>
          <button @click=${this.#scrollTo('chapters')}>${WORDS.chapters}</button>
          <button @click=${this.#scrollTo('runs')}>${WORDS.lastRuns}</button>
          <a href=${appsLink()}>${WORDS.applications}</a>
          <a href=${OPEN_LINK}>${WORDS.traces}</a>
        </nav>
        <parley-theme-choice></parley-theme-choice>
      </header>
      <main>
        <section class="hero">
          <div>
            <h1>${WORDS.headline}</h1>
            <p class="lead">${WORDS.lead}</p>
            ${
              first === undefined
                ? nothing
                : html`<div class="row">
                    <a class="button primary" href=${labLink(first.name)}
                      >${WORDS.watch(first.title)}</a
                    >
                    <button class="line" @click=${this.#scrollTo('chapters')}>
                      ${WORDS.choose}
                    </button>
                  </div>`
            }
          </div>
          <parley-join
            ?busy=${this.opening}
            .problem=${this.problem}
            @parley-new-room=${({ detail }: CustomEvent<CreateRoomOptions>) =>
              this.dispatchEvent(new CustomEvent('parley-new-room', { detail }))}
          ></parley-join>
        </section>
        <h2 id="chapters">${WORDS.chapters}</h2>
        ${bySubject(this.chapters).map(
          ({ heading, chapters }) =>
            html`<h3>${heading}</h3>
              <ul class="cards">
                ${chapters.map((chapter) => this.#card(chapter))}
              </ul>`,
        )}
        <h2 id="runs">${WORDS.yourRuns}</h2>
        ${lastRuns(readLastRuns())}
      </main>
    </div>`;
  }

  #card(chapter: ChapterEntry): TemplateResult {
    // Whoever points at a card may press it: from the one to the other is a tenth of a second or more.
    const prepare = () => this.service?.prepare(chapter.name);
    return html`<li class="card" @pointerenter=${prepare} @focusin=${prepare}>
      ${needs(PARTS.thumbnail)}
      <parley-thumbnail .service=${this.service} .chapter=${chapter}></parley-thumbnail>
      <div>
        <a href=${labLink(chapter.name)}>${chapter.title}</a>
        <small>${chapter.summary}</small>
      </div>
    </li>`;
  }

  /** Buttons, not links: the address names the screen, and a place within it is only scrolled to. */
  #scrollTo(id: string): () => void {
    return () => {
      this.renderRoot.querySelector(`#${id}`)?.scrollIntoView({ block: 'start' });
    };
  }
}

function lastRuns(runs: readonly LastRun[]): TemplateResult {
  if (runs.length === 0) {
    return html`<p class="none">${WORDS.noRuns}</p>`;
  }
  return html`<div class="scroll">
    <table class="runs" aria-label=${WORDS.yourRuns}>
      <tbody>
        ${runs.map(
          ({ id, algorithm, title, nodes, place, ok, outcome, room, setup }) =>
            html`<tr>
              <td><b>${title}</b>, ${plural(nodes, 'node')}, ${WORDS.places[place] ?? place}</td>
              <td class=${ok ? 'good' : 'bad'}>${outcome}</td>
              <td class="dim mono">
                ${room === undefined ? WORDS.seed(setup.seed) : WORDS.room(room)}
              </td>
              <td>
                <a href=${labLink(algorithm, { last: id })} aria-label=${WORDS.runAgain(title)}
                  >${WORDS.again}</a
                >
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

customElements.define('parley-home', ParleyHome);

declare global {
  interface HTMLElementTagNameMap {
    'parley-home': ParleyHome;
  }
}
