/** The page: which screen, the chapters, and the room that this tab is in. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RunPlace } from '../../lab/run.ts';
import type { ChapterEntry, LabService, RoomSession } from '../../lab/lab-service.ts';
import '../home/parley-home.ts';
import { base, controls } from '../kit/styles.ts';
import { applyTheme, readTheme } from '../kit/theme.ts';
import { LabModel } from './lab-model.ts';
import { findLastRun } from './last-runs.ts';
import './parley-lab.ts';
import { labLink, parseRoute, roomLink, type Route } from './route.ts';
import { setupFromQuery } from './setup-query.ts';

/** `<parley-app .service=…>`. */
export class ParleyApp extends LitElement {
  static override properties = {
    service: { attribute: false },
    chapters: { state: true },
    route: { state: true },
    model: { state: true },
    opening: { state: true },
    problem: { state: true },
  };
  static override styles = [
    base,
    controls,
    css`
      .message {
        max-width: 36rem;
        margin: 18vh auto 0;
        padding: 0 24px;
      }

      h1 {
        margin: 0 0 8px;
        font-size: 1.4rem;
      }
    `,
  ];
  declare service: LabService | undefined;
  declare chapters: readonly ChapterEntry[] | undefined;
  declare route: Route;
  declare model: LabModel | undefined;
  /** True while a room is being made or entered. */
  declare opening: boolean;
  /** Why the page or a room could not be opened. */
  declare problem: string | undefined;
  #session: RoomSession | undefined;
  #attempt = 0;

  constructor() {
    super();
    this.chapters = undefined;
    this.route = parseRoute(location.hash);
    this.model = undefined;
    this.opening = false;
    this.problem = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    applyTheme(readTheme());
    window.addEventListener('hashchange', this.#onRoute);
    window.addEventListener('pagehide', this.#onLeave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#onRoute);
    window.removeEventListener('pagehide', this.#onLeave);
    this.#leaveRoom();
    this.model?.close();
  }

  protected override firstUpdated(): void {
    void this.#begin();
  }

  async #begin(): Promise<void> {
    try {
      this.chapters = await this.service!.chapters();
      await this.#enter(this.route);
    } catch (error) {
      this.problem = `The chapters could not be loaded: ${messageOf(error)}. Reload the page to try again.`;
    }
  }

  protected override render(): unknown {
    const { chapters, route } = this;
    if (chapters === undefined) {
      return this.problem === undefined ? nothing : message('Parley did not start', this.problem);
    }
    if (route.screen === 'home') {
      return html`<parley-home
        .service=${this.service}
        .chapters=${chapters}
        .opening=${this.opening}
        .problem=${this.problem}
        @parley-new-room=${() => void this.#newRoom()}
      ></parley-home>`;
    }
    if (route.screen === 'unknown') {
      return message('There is no such page', 'Its address leads nowhere in Parley.');
    }
    if (route.screen === 'room' && this.#session === undefined) return this.#entering(route.code);
    if (this.model === undefined) return nothing;
    return html`<parley-lab
      .model=${this.model}
      @parley-chapter=${(event: CustomEvent<string>) => this.#chooseChapter(event.detail)}
      @parley-place=${(event: CustomEvent<RunPlace>) => void this.#choosePlace(event.detail)}
    ></parley-lab>`;
  }

  #entering(code: string): TemplateResult {
    if (this.problem !== undefined) return message('The room could not be entered', this.problem);
    return html`<div class="message" role="status">
      <h1>Entering room ${code} …</h1>
      <p>This takes a moment.</p>
    </div>`;
  }

  readonly #onRoute = (): void => {
    const route = parseRoute(location.hash);
    this.problem = undefined;
    void this.#enter(route);
  };

  readonly #onLeave = (): void => this.#leaveRoom();

  async #enter(route: Route): Promise<void> {
    const attempt = ++this.#attempt;
    this.route = route;
    window.scrollTo(0, 0);
    const stays = route.screen === 'room' && route.code === this.#session?.code;
    if (!stays) this.#leaveRoom();
    if (this.chapters === undefined) return;
    if (route.screen === 'lab') this.#openLab(route.name, route.query);
    else if (route.screen === 'room' && !stays) await this.#joinRoom(route.code, attempt);
    else if (route.screen === 'home') this.#closeModel();
    document.title = this.#title(route);
  }

  #title(route: Route): string {
    if (route.screen === 'room') return `Room ${route.code} · Parley`;
    if (route.screen === 'lab') return `${this.model?.chapter.title ?? route.name} · Parley`;
    return 'Parley';
  }

  #openLab(name: string, query: URLSearchParams): void {
    const chapter = this.chapters!.find((entry) => entry.name === name);
    if (chapter === undefined) {
      this.#closeModel();
      this.route = { screen: 'unknown', hash: location.hash };
      return;
    }
    const last = findLastRun(query.get('last') ?? '');
    const model = this.#modelFor(name);
    const setup = last?.setup ?? setupFromQuery(chapter, query, model.setup);
    if (setup !== undefined) {
      if (setup.file !== model.setup.file) model.openFile(setup.file);
      model.change(setup);
    }
    const place = last?.place ?? query.get('place');
    model.setPlace(place === 'workers' ? 'workers' : 'simulated');
    // A simulation costs nothing and runs at once; real workers are started by hand.
    if (model.place === 'simulated' && !model.busy) void model.start();
  }

  #modelFor(name: string | undefined): LabModel {
    if (this.model === undefined) {
      this.model = new LabModel(this.service!, this.chapters!, name);
    } else if (name !== undefined) {
      this.model.openChapter(name);
    }
    return this.model;
  }

  #closeModel(): void {
    this.model?.close();
    this.model = undefined;
  }

  #chooseChapter(name: string): void {
    if (this.#session === undefined) location.hash = labLink(name);
    else this.model?.openChapter(name);
  }

  async #choosePlace(place: RunPlace): Promise<void> {
    const model = this.model!;
    if (place === 'room') return this.#newRoom();
    const { name } = model.chapter;
    if (this.#session !== undefined) {
      model.setPlace(place);
      this.#leaveRoom();
      model.setPlace(place);
      location.hash = labLink(name, place === 'workers' ? { place } : {});
      return;
    }
    model.setPlace(place);
  }

  async #newRoom(): Promise<void> {
    this.opening = true;
    this.problem = undefined;
    try {
      const session = await this.service!.createRoom();
      this.#take(session);
      location.hash = roomLink(session.code);
    } catch (error) {
      this.problem = `No room could be opened: ${messageOf(error)}`;
      // The switch goes back to where it was.
      this.model?.refuse(this.problem);
    } finally {
      this.opening = false;
    }
  }

  async #joinRoom(code: string, attempt: number): Promise<void> {
    try {
      const session = await this.service!.joinRoom(code);
      // Somebody has gone on to another screen meanwhile.
      if (attempt !== this.#attempt) return session.leave();
      this.#take(session);
    } catch (error) {
      if (attempt === this.#attempt) this.problem = messageOf(error);
    }
  }

  #take(session: RoomSession): void {
    this.#session = session;
    this.#modelFor(undefined).enter(session);
    this.requestUpdate();
  }

  #leaveRoom(): void {
    if (this.#session === undefined) return;
    this.#session.leave();
    this.#session = undefined;
    this.model?.leave();
  }
}

function message(title: string, text: string): TemplateResult {
  return html`<main class="message">
    <h1>${title}</h1>
    <p role="alert">${text}</p>
    <p><a class="button line" href="#/">To the first page</a></p>
  </main>`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

customElements.define('parley-app', ParleyApp);

declare global {
  interface HTMLElementTagNameMap {
    'parley-app': ParleyApp;
  }
}
