/** The lab: head, configuration, stage, inspector, transport bar and tabs, all over one model. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import '../branch/parley-acts.ts';
import '../code/parley-config.ts';
import '../inspect/parley-inspector.ts';
import '../inspect/parley-lights.ts';
import '../inspect/parley-problem.ts';
import { closeIcon } from '../kit/icons.ts';
import { later, needs, PARTS, type Load } from '../kit/later.ts';
import type { MenuItem } from '../kit/parley-menu.ts';
import { narrow, reducedMotion } from '../kit/media.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import '../stage/parley-legend.ts';
import '../stage/parley-stage.ts';
import '../stage/parley-layout-choice.ts';
import type { MenuPlace } from '../stage/parley-stage.ts';
import { commandFor, isCharacterCommand, keyOf, type LabView } from './commands.ts';
import { FrameLoop } from './frame-loop.ts';
import { KeyOwner } from './key-owner.ts';
import { paletteEntries } from './palette-entries.ts';
import type { LabModel } from './lab-model.ts';
import { labStyles } from './lab-styles.ts';
import './parley-announcer.ts';
import './parley-lab-header.ts';
import './parley-views.ts';
import type { ParleyViews } from './parley-views.ts';
import { characterKeysOn } from './preferences.ts';
import { stageEmpty } from './stage-empty.ts';

/** `<parley-lab .model=…>`; hands on `parley-chapter` and `parley-place` of its head. */
export class ParleyLab extends LitElement implements LabView {
  static override properties = {
    model: { attribute: false },
    configOpen: { state: true },
  };
  static override styles = [base, controls, labStyles];
  declare model: LabModel;
  declare configOpen: boolean;
  readonly #views = createRef<ParleyViews>();
  readonly #keys = new KeyOwner();

  constructor() {
    super();
    this.configOpen = false;
    new Subscription(this, () => this.model);
    new Subscription(this, () => narrow);
    new Subscription(this, () => reducedMotion);
    new FrameLoop(this, () => this.model.viewer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#keys.connect();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#keys.disconnect();
    document.removeEventListener('keydown', this.#onKey);
  }

  openHelp(): void {
    void this.#openDialog('parley-help', PARTS.help, (help) => help.open());
  }

  openShare(): void {
    void this.#openDialog('parley-share', PARTS.share, (share) => void share.open());
  }

  openHunt(): void {
    void this.#openDialog('parley-hunt', PARTS.hunt, (hunt) => hunt.open());
  }

  openPalette(): void {
    const open = (detail: string) =>
      this.dispatchEvent(new CustomEvent('parley-chapter', { detail }));
    void this.#openDialog('parley-palette', PARTS.palette, (palette) =>
      palette.open(paletteEntries(this, open)),
    );
  }

  savePicture(format: 'svg' | 'png'): void {
    this.renderRoot.querySelector('parley-stage')?.save(format);
  }

  compare(): void {
    if (this.#views.value !== undefined) this.#views.value.view = 'compare';
  }

  focusFilter(): void {
    void this.#views.value?.focusFilter();
  }

  turnTab(direction: 1 | -1): void {
    this.#views.value?.turn(direction);
  }

  zoomTime(direction: 1 | -1): void {
    this.#views.value?.zoomTime(direction);
  }

  panTime(part: number): void {
    this.#views.value?.panTime(part);
  }

  protected override willUpdate(): void {
    this.model.viewer.discrete = reducedMotion.matches;
  }

  protected override render(): unknown {
    const { model } = this;
    const { scene } = model;
    const isNarrow = narrow.matches;
    const covered = isNarrow && this.configOpen;
    const { isFrozen } = model.following;
    return html`
      ${this.#top(isNarrow)}
      <main class="${isNarrow ? 'narrow' : ''} ${isFrozen ? 'frozen' : ''}">
        <h1 class="hidden">${model.chapter.title}</h1>
        <div class="all" ?inert=${isFrozen}>
          ${isNarrow && !this.configOpen ? nothing : this.#setup(isNarrow)}
          <section class="centre" aria-label="Stage" ?inert=${covered}>
            <div class="said">
              ${
                model.opened === undefined
                  ? nothing
                  : html`${needs(PARTS.linkedRun)}<parley-linked-run
                        .opened=${model.opened}
                        .run=${model.run}
                      ></parley-linked-run>`
              }
              <parley-problem
                .scene=${scene}
                .refusal=${model.refusal}
                @parley-show-config=${this.#showConfig}
                @parley-show-results=${() => {
                  if (this.#views.value !== undefined) this.#views.value.view = 'results';
                }}
              ></parley-problem>
              ${model.branches.before === undefined ? nothing : needs(PARTS.changes)}
              <parley-changes
                .model=${model}
                @parley-compare=${() => this.compare()}
              ></parley-changes>
            </div>
            ${this.#stage()}
          </section>
          ${
            isNarrow
              ? nothing
              : html`<aside class="right" aria-label="Inspector" tabindex="0">
                  <parley-lights .scene=${scene}></parley-lights>
                  <parley-inspector .scene=${scene}></parley-inspector>
                  <parley-acts .model=${model}></parley-acts>
                </aside>`
          }
          <parley-views
            ${ref(this.#views)}
            role="region"
            aria-label="Time"
            .scene=${scene}
            .model=${model}
            ?compact=${isNarrow && model.following.isTaught}
            ?inert=${covered}
          ></parley-views>
        </div>
      </main>
      <parley-announcer .model=${model}></parley-announcer>
      ${this.#dialogs()}
    `;
  }

  /** The head, and below it what a lesson has to say. */
  #top(isNarrow: boolean): TemplateResult {
    const { model } = this;
    return html`<div class="top">
      <parley-lab-header
        .model=${model}
        .narrow=${isNarrow}
        .configOpen=${this.configOpen}
        @parley-open-config=${() => this.#setConfigOpen(!this.configOpen)}
        @parley-help=${() => this.openHelp()}
        @parley-share=${() => this.openShare()}
        @parley-chapter=${this.#handOn}
        @parley-place=${this.#handOn}
      ></parley-lab-header>
      ${
        model.session === undefined || model.session.mayDirect
          ? nothing
          : html`${needs(PARTS.lesson)}<parley-lesson .session=${model.session}></parley-lesson>`
      }
    </div>`;
  }

  #dialogs(): TemplateResult {
    const { model } = this;
    return html` <parley-help></parley-help>
      <parley-palette></parley-palette>
      <parley-share .model=${model}></parley-share>
      <parley-hunt .model=${model}></parley-hunt>`;
  }

  #stage(): TemplateResult {
    const { model } = this;
    const { scene } = model;
    const empty = stageEmpty(model);
    return html`<div class="stage">
      ${
        empty ??
        html`<parley-stage
          .scene=${scene}
          .deeds=${model.deeds}
          .arrangedAs=${model.arrangedAs}
          @parley-menu=${({ detail }: CustomEvent<MenuPlace>) => this.#openMenu(detail)}
        ></parley-stage>`
      }
      <div class="stage-tools">
        ${empty === undefined && !narrow.matches ? this.#saving() : nothing}
        <parley-layout-choice .model=${model}></parley-layout-choice>
      </div>
      <parley-menu></parley-menu>
      <parley-legend .scene=${scene}></parley-legend>
    </div>`;
  }

  #saving(): TemplateResult[] {
    return (['svg', 'png'] as const).map((format) => {
      const name = format.toUpperCase();
      return html`<button
        title="Save this picture as ${name}"
        aria-label="${name} of the stage"
        @click=${() => this.savePicture(format)}
      >
        ${name}
      </button>`;
    });
  }

  /** What can be done to a node or message, where it stands on the stage. */
  #openMenu({ of, x, y }: MenuPlace): void {
    const { deeds, viewer } = this.model;
    const stage = this.renderRoot.querySelector('parley-stage');
    const focused = stage?.shadowRoot?.activeElement as SVGElement | null;
    const open = (title: string, items: readonly MenuItem[]) =>
      void this.#openDialog('parley-menu', PARTS.menu, (menu) => {
        void menu.open(title, items, { x, y }, focused);
      });
    if (of.kind === 'node') {
      open(of.node, deeds.toNode(of.node));
    } else if (of.kind === 'message') {
      const flight = viewer.recording.flight(of.message, of.to);
      if (flight === undefined) return;
      const title = `${flight.type} ${flight.from} → ${flight.to}`;
      const items = deeds.toMessage(flight);
      if (items.length > 0) open(title, items);
    }
  }

  #setup(isNarrow: boolean): TemplateResult {
    const { model } = this;
    return html`<aside
      class="left"
      aria-label=${model.session === undefined ? 'Configuration' : 'Room'}
    >
      ${
        isNarrow
          ? html`<button
              class="close"
              aria-label="Close the configuration"
              @click=${() => this.#setConfigOpen(false)}
            >
              ${closeIcon}
            </button>`
          : nothing
      }
      ${
        model.session === undefined
          ? nothing
          : html`${needs(PARTS.room)}<parley-room
                .session=${model.session}
                .model=${model}
              ></parley-room>`
      }
      <parley-config
        .chapter=${model.chapter}
        .setup=${model.setup}
        .place=${model.place}
        .diagnostics=${model.diagnostics}
        .faultDiagnostics=${model.faultDiagnostics}
        .locked=${model.mayChoose ? undefined : 'The first member of the room chooses what runs.'}
        @parley-setup=${(event: CustomEvent) => model.change(event.detail)}
        @parley-file=${(event: CustomEvent<string>) => model.openFile(event.detail)}
        @parley-show-bug=${(event: CustomEvent<string>) => void model.show(event.detail)}
        @parley-hunt=${() => this.openHunt()}
        @parley-submit=${() => this.#start()}
      ></parley-config>
      ${
        isNarrow && model.mayChoose
          ? html`<button class="primary" @click=${() => this.#start()}>
              ${model.place === 'room' ? 'Start the run' : 'Run'}
            </button>`
          : nothing
      }
    </aside>`;
  }

  /** Dialogs are loaded when somebody opens them. */
  async #openDialog<T extends keyof HTMLElementTagNameMap>(
    tag: T,
    load: Load,
    open: (dialog: HTMLElementTagNameMap[T]) => void,
  ): Promise<void> {
    try {
      await later(load);
    } catch {
      this.model.refuse('A part of the page could not be loaded: is its server there?');
      return;
    }
    const dialog = this.renderRoot.querySelector(tag) as LitElement | null;
    await dialog?.updateComplete;
    if (dialog !== null) open(dialog as unknown as HTMLElementTagNameMap[T]);
  }

  #start(): void {
    this.#setConfigOpen(false);
    void this.model.start();
  }

  #setConfigOpen(open: boolean): void {
    this.configOpen = open;
    if (!narrow.matches) return;
    void this.updateComplete.then(() => {
      const wanted = open ? '.close' : 'parley-lab-header';
      this.renderRoot.querySelector<HTMLElement>(wanted)?.focus();
    });
  }

  readonly #showConfig = (): void => {
    this.#setConfigOpen(true);
    const first = this.model.diagnostics[0];
    void this.updateComplete.then(() => {
      const config = this.renderRoot.querySelector('parley-config');
      void config?.updateComplete.then(() => {
        const editor = config.renderRoot.querySelector('parley-editor');
        void editor?.updateComplete.then(() => editor.goTo(first?.line ?? 1, first?.column ?? 1));
      });
    });
  };

  readonly #handOn = (event: Event): void => {
    const { detail } = event as CustomEvent<unknown>;
    this.dispatchEvent(new CustomEvent(event.type, { detail }));
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const command = commandFor(event);
    if (command === undefined) return;
    // A chord means the lab wherever one types; a single key belongs to the field that has the focus.
    const isChord = event.ctrlKey || event.metaKey;
    if (
      this.model.following.isFrozen ||
      isDialogOpen(event) ||
      (!isChord && this.#keys.isTaken(event))
    )
      return;
    if (event.key === 'Escape' && this.configOpen && narrow.matches) {
      this.#setConfigOpen(false);
      return;
    }
    if (isCharacterCommand(command) && !characterKeysOn()) return;
    event.preventDefault();
    command.run(this, keyOf(event));
  };
}

/** A dialog has the keyboard to itself. */
function isDialogOpen(event: KeyboardEvent): boolean {
  return event.composedPath().some((target) => target instanceof HTMLDialogElement);
}

customElements.define('parley-lab', ParleyLab);

declare global {
  interface HTMLElementTagNameMap {
    'parley-lab': ParleyLab;
  }
}
