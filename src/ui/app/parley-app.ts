/** The page: which screen, the chapters, and the room that this tab is in. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RunPlace } from '../../lab/run.ts';
import type {
  ChapterEntry,
  CreateRoomOptions,
  JoinRoomOptions,
  LabService,
  RoomSession,
} from '../../lab/lab-service.ts';
import '../home/parley-home.ts';
import { brand, brandStyle } from '../kit/brand.ts';
import { focusHeading } from '../kit/focus-heading.ts';
import { needs, PARTS } from '../kit/later.ts';
import { base, controls } from '../kit/styles.ts';
import { applyTheme, readTheme } from '../kit/theme.ts';
import type { OpenedLink } from '../../lab/link/open-link.ts';
import type {} from '../apps/parley-apps.ts';
import { LabModel } from './lab-model.ts';
import { findLastRun } from './last-runs.ts';
import { codeOf, labLink, parseRoute, roomAddressIn, roomHash, type Route } from './route.ts';
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
    opened: { state: true },
    isAppsLoaded: { state: true },
  };
  static override styles = [
    base,
    controls,
    brandStyle,
    css`
      .message {
        max-width: 36rem;
        margin: 18vh auto 0;
        padding: 0 24px;
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
  /** A link whose run this page does not run. */
  declare opened: OpenedLink | undefined;
  /** Whether the elements of the applications are there. */
  declare isAppsLoaded: boolean;
  #session: RoomSession | undefined;
  #knowsAll = false;

  constructor() {
    super();
    this.chapters = undefined;
    this.route = parseRoute(location.hash);
    this.model = undefined;
    this.opening = false;
    this.problem = undefined;
    this.opened = undefined;
    this.isAppsLoaded = false;
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
    // Together with the chapters, not after them; from the first page on it is at hand when somebody opens one.
    needs(PARTS.lab);
    try {
      this.chapters = await this.service!.contents();
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
        @parley-new-room=${(event: CustomEvent<CreateRoomOptions>) => void this.#newRoom(event.detail)}
      ></parley-home>`;
    }
    if (route.screen === 'open') {
      return html`${needs(PARTS.traceImport)}<parley-import></parley-import>`;
    }
    if (route.screen === 'apps') {
      return this.isAppsLoaded
        ? html`<parley-apps .code=${route.code}></parley-apps>`
        : this.problem === undefined
          ? nothing
          : message('The applications could not be loaded', this.problem);
    }
    if (route.screen === 'unknown') {
      const [, chapter] = /^#\/lab\/([^?]+)/.exec(route.hash) ?? [];
      return chapter === undefined
        ? message('There is no such page', 'Its address leads nowhere in Parley.')
        : message('There is no such chapter', `Nothing in this lab is called “${chapter}”.`);
    }
    const isRoom = route.screen === 'room' || route.screen === 'present';
    if (isRoom && this.#session === undefined) {
      return html`${needs(PARTS.entry)}<parley-entry
          .service=${this.service}
          .address=${route.address}
          @parley-entered=${(event: CustomEvent<RoomSession>) => void this.#take(event.detail)}
        ></parley-entry>`;
    }
    if (route.screen === 'run' && this.problem !== undefined) {
      return message('This link cannot be opened', this.problem);
    }
    if (route.screen === 'run' && this.opened !== undefined) {
      return html`${needs(PARTS.foreignRun)}<parley-foreign-run
          .opened=${this.opened}
          @parley-trust=${() => this.#runForeign()}
        ></parley-foreign-run>`;
    }
    if (this.model === undefined) return nothing;
    if (route.screen === 'present') {
      return html`${needs(PARTS.presenter)}<parley-presenter
          .model=${this.model}
          .session=${this.#session}
        ></parley-presenter>`;
    }
    return html`${needs(PARTS.lab)}<parley-lab
        .model=${this.model}
        @parley-chapter=${(event: CustomEvent<string>) => this.#chooseChapter(event.detail)}
        @parley-place=${(event: CustomEvent<RunPlace>) => void this.#choosePlace(event.detail)}
        @parley-rejoin=${(event: CustomEvent<JoinRoomOptions>) => void this.#rejoin(event.detail)}
      ></parley-lab>`;
  }

  readonly #onRoute = (): void => {
    const route = parseRoute(location.hash);
    this.problem = undefined;
    void this.#enter(route).then(() => this.#focusScreen());
  };

  readonly #onLeave = (): void => this.#leaveRoom();

  async #enter(route: Route): Promise<void> {
    this.route = route;
    window.scrollTo(0, 0);
    const stays =
      (route.screen === 'room' || route.screen === 'present') &&
      this.#session !== undefined &&
      roomAddressIn(this.#session.link) === route.address;
    if (!stays) this.#leaveRoom();
    if (this.chapters === undefined) return;
    if (route.screen === 'lab') this.#prepare(route.name, route.query);
    if (!['home', 'open'].includes(route.screen) && !(await this.#learnAll())) return;
    if (this.route !== route) return;
    if (route.screen === 'lab') this.#openLab(route.name, route.query);
    else if (route.screen === 'home' || route.screen === 'open') this.#closeModel();
    else if (route.screen === 'apps') await this.#openApps();
    else if (route.screen === 'run') await this.#openLink(route.link);
    document.title = this.#title(route);
  }

  /** Whoever followed a link by keyboard begins at the head of where it led. */
  async #focusScreen(): Promise<void> {
    await this.updateComplete;
    const [screen] = this.renderRoot.children;
    if (screen !== undefined) await focusHeading(screen);
  }

  /** The applications bring a replicated log, which no other screen needs. */
  async #openApps(): Promise<void> {
    this.#closeModel();
    try {
      await import('../apps/parley-apps.ts');
      this.isAppsLoaded = true;
    } catch (error) {
      this.problem = `${messageOf(error)}. Reload the page to try again.`;
    }
  }

  /** Whoever opens a chapter wants all of it; false when it could not be loaded. */
  async #learnAll(): Promise<boolean> {
    if (this.#knowsAll) return true;
    try {
      this.chapters = await this.service!.chapters();
      this.#knowsAll = true;
    } catch (error) {
      this.problem = `The chapters could not be loaded: ${messageOf(error)}. Reload the page to try again.`;
      this.chapters = undefined;
    }
    return this.#knowsAll;
  }

  /** All that is needed is fetched at once, and not what is needed second when the first is there. */
  #prepare(name: string, query: URLSearchParams): void {
    const isKnown = this.chapters!.some((entry) => entry.name === name);
    if (isKnown && query.get('place') !== 'workers') this.service!.prepare(name);
  }

  #title(route: Route): string {
    if (route.screen === 'apps') return `${codeOf(route.code ?? 'Applications')} · Parley`;
    if (route.screen === 'open') return 'Open a trace · Parley';
    if (route.screen === 'run')
      return `A run of ${this.model?.chapter.title ?? 'another'} · Parley`;
    if (route.screen === 'room' || route.screen === 'present')
      return `Room ${codeOf(route.address)} · Parley`;
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

  /** The reader has agreed to run what a link carries. */
  #runForeign(): void {
    const { opened } = this;
    this.opened = undefined;
    if (opened !== undefined) this.#modelFor(undefined).openLink(opened);
  }

  async #openLink(link: string): Promise<void> {
    this.opened = undefined;
    try {
      const opened = await this.service!.openLink(link);
      if (this.route.screen !== 'run' || this.route.link !== link) return;
      if (opened.chapter === undefined) {
        this.#closeModel();
        this.opened = opened;
      } else this.#modelFor(opened.chapter).openLink(opened);
    } catch (error) {
      this.#closeModel();
      this.problem = messageOf(error);
    }
    this.requestUpdate();
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
    if (place === 'room') return this.#newRoom({});
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

  async #newRoom(options: CreateRoomOptions): Promise<void> {
    this.opening = true;
    this.problem = undefined;
    try {
      const session = await this.service!.createRoom(options);
      await this.#take(session);
      location.hash = roomHash(session.link);
    } catch (error) {
      this.problem = `No room could be opened: ${messageOf(error)}`;
      // The switch goes back to where it was.
      this.model?.refuse(this.problem);
    } finally {
      this.opening = false;
    }
  }

  /** Comes back into the room that this tab is no longer in. */
  async #rejoin(options: JoinRoomOptions): Promise<void> {
    const link = this.#session?.link;
    if (link === undefined) return;
    this.#leaveRoom();
    try {
      await this.#take(await this.service!.joinRoom(link, options));
    } catch (error) {
      this.problem = messageOf(error);
      this.requestUpdate();
    }
  }

  async #take(session: RoomSession): Promise<void> {
    if (!(await this.#learnAll())) return session.leave();
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
    ${brand}
    <h1>${title}</h1>
    <p role="alert">${text.slice(0, 1).toUpperCase()}${text.slice(1)}</p>
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
