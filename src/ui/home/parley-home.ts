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

const PLACES = { simulated: 'simulated', workers: 'in workers', room: 'in a room' } as const;

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

  protected override render(): unknown {
    const first = this.chapters.find(({ name }) => name === WATCHED_FIRST) ?? this.chapters[0];
    return html`<div class="wrap">
      <header>
        <span class="mark">${mark}Parley</span>
        <nav aria-label="Sections">
          <button @click=${this.#scrollTo('chapters')}>Chapters</button>
          <button @click=${this.#scrollTo('runs')}>Last runs</button>
          <a href=${appsLink()}>Applications</a>
          <a href=${OPEN_LINK}>Traces</a>
        </nav>
        <parley-theme-choice></parley-theme-choice>
      </header>
      <main>
        <section class="hero">
          <div>
            <h1>Run distributed algorithms in your browser tabs, and watch them.</h1>
            <p class="lead">
              Write one file. Run it in a simulator that can rewind, in workers, in tabs, or on
              every phone in the room.
            </p>
            ${
              first === undefined
                ? nothing
                : html`<div class="row">
                    <a class="button primary" href=${labLink(first.name)}> Watch ${first.title} </a>
                    <button class="line" @click=${this.#scrollTo('chapters')}>
                      Choose a chapter
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
        <h2 id="chapters">Chapters</h2>
        ${bySubject(this.chapters).map(
          ({ heading, chapters }) =>
            html`<h3>${heading}</h3>
              <ul class="cards">
                ${chapters.map((chapter) => this.#card(chapter))}
              </ul>`,
        )}
        <h2 id="runs">Your last runs</h2>
        ${lastRuns(readLastRuns())}
      </main>
    </div>`;
  }

  #card(chapter: ChapterEntry): TemplateResult {
    return html`<li class="card">
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
    return html`<p class="none">
      None yet. Open a chapter above: it runs at once, and this browser remembers it here.
    </p>`;
  }
  return html`<div class="scroll">
    <table class="runs" aria-label="Your last runs">
      <tbody>
        ${runs.map(
          ({ id, algorithm, title, nodes, place, ok, outcome, room, setup }) =>
            html`<tr>
              <td><b>${title}</b>, ${plural(nodes, 'node')}, ${PLACES[place] ?? place}</td>
              <td class=${ok ? 'good' : 'bad'}>${outcome}</td>
              <td class="dim mono">
                ${room === undefined ? `seed ${setup.seed}` : `room ${room}`}
              </td>
              <td>
                <a href=${labLink(algorithm, { last: id })} aria-label="Run ${title} again"
                  >again</a
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
