/** The chapter itself: its text, and the source of the algorithm beside it. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Diagnostic, SourceFile } from '../../lab/lab-service.ts';
import type { LabModel } from '../app/lab-model.ts';
import '../code/parley-diagnostics.ts';
import '../code/parley-editor.ts';
import { printBytes } from '../kit/print-number.ts';
import { base, controls, emptiness } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { readerStyles } from './reader-styles.ts';
import type * as Markdown from './markdown.ts';

/** Typing rests so long before the text is checked, in milliseconds. */
const CHECK_DELAY_MS = 250;

/** `<parley-reader .model=…>`. */
export class ParleyReader extends LitElement {
  static override properties = {
    model: { attribute: false },
    files: { state: true },
    file: { state: true },
    problem: { state: true },
    library: { state: true },
    diagnostics: { state: true },
  };
  static override styles = [base, controls, emptiness, readerStyles];
  declare model: LabModel;
  declare files: readonly SourceFile[] | undefined;
  /** Name of the one that is shown. */
  declare file: string | undefined;
  declare problem: string | undefined;
  declare library: typeof Markdown | undefined;
  declare diagnostics: readonly Diagnostic[];
  #toCheck: { readonly name: string; readonly text: string } | undefined;
  #isChecking = false;
  #knewTypes = false;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  /** The chapter of which {@link files} are. */
  #chapter: string | undefined;

  constructor() {
    super();
    this.files = undefined;
    this.file = undefined;
    this.problem = undefined;
    this.library = undefined;
    this.diagnostics = [];
    new Subscription(this, () => this.model);
    new Subscription(this, () => this.model.code.types);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { name } = this.model.chapter;
    if (name === this.#chapter) return;
    this.#chapter = name;
    this.files = undefined;
    this.file = undefined;
    void this.#load(name);
  }

  protected override updated(): void {
    const { isOn } = this.model.code.types;
    if (isOn && !this.#knewTypes) this.#checkShown();
    this.#knewTypes = isOn;
  }

  protected override render(): TemplateResult {
    const { files, problem } = this;
    if (problem !== undefined) {
      return html`<p class="empty" role="alert">
        ${problem}
        <button class="line" @click=${() => void this.#load(this.model.chapter.name)}>
          Try again
        </button>
      </p>`;
    }
    if (files === undefined) return html`<p class="empty">Opening the chapter …</p>`;
    const shown = files.find(({ name }) => name === this.file) ?? files[0];
    if (shown === undefined) {
      return html`<p class="empty">The page has no text of this chapter: it was built without.</p>`;
    }
    const { edits } = this.model.code;
    return html`<nav aria-label="Files of the chapter" @keydown=${walkAlong}>
        ${files.map(
          ({ name }) =>
            html`<button
              aria-current=${name === shown.name ? 'true' : nothing}
              tabindex=${name === shown.name ? 0 : -1}
              @click=${() => this.#show(name)}
            >
              ${name === 'README.md' ? 'Read' : name}
              ${name in edits ? html`<small>edited</small>` : nothing}
            </button>`,
        )}
      </nav>
      ${shown.name.endsWith('.md') ? this.#document(shown, files) : this.#source(shown)}`;
  }

  #document({ text }: SourceFile, files: readonly SourceFile[]): TemplateResult | typeof nothing {
    const { library } = this;
    if (library === undefined) return nothing;
    return html`<article tabindex="0" aria-label="The chapter’s text">
      ${library.markdown(text, {
        chapters: new Set(this.model.chapters.map(({ name }) => name)),
        files: new Set(files.map(({ name }) => name)),
        openFile: (name) => this.#show(name),
      })}
    </article>`;
  }

  #source(file: SourceFile): TemplateResult {
    const { model } = this;
    const text = model.code.edits[file.name] ?? file.text;
    const isEdited = file.name in model.code.edits;
    return html`<div class="source">
      <p class="bar">
        <span>${noteOf(model, isEdited)}</span>
        ${
          isEdited
            ? html`<button class="line" @click=${() => this.#edit(file, file.text)}>
                Back to the chapter’s own
              </button>`
            : nothing
        }
        ${
          mayEdit(model)
            ? html`<button class="line" ?disabled=${model.busy} @click=${() => void model.start()}>
                Run it <kbd>Ctrl Enter</kbd>
              </button>`
            : nothing
        }
      </p>
      <parley-editor
        label="Source of ${file.name}"
        language="typescript"
        .value=${text}
        .document=${`${model.chapter.name}/${file.name}`}
        .diagnostics=${this.diagnostics}
        .readOnly=${!mayEdit(model)}
        .describe=${(line: number, column: number) => model.code.describe(file.name, line, column)}
        @parley-input=${(event: CustomEvent<string>) => this.#edit(file, event.detail)}
        @parley-submit=${() => void model.start()}
      ></parley-editor>
      ${mayEdit(model) ? this.#types() : nothing}
      <parley-diagnostics
        label="Problems in ${file.name}"
        .diagnostics=${this.diagnostics}
        @parley-go=${({ detail }: CustomEvent<Diagnostic>) =>
          this.renderRoot.querySelector('parley-editor')?.goTo(detail.line, detail.column)}
      ></parley-diagnostics>
    </div>`;
  }

  /** Whether types are checked, where that is not so already. */
  #types(): TemplateResult | typeof nothing {
    const { types } = this.model.code;
    if (types.isOn) return nothing;
    const { loading, problem } = types;
    if (loading === undefined) {
      return html`<p class="bar" role=${problem === undefined ? nothing : 'alert'}>
        <span>${problem ?? 'Types are not checked.'}</span>
        <button class="line" @click=${() => types.want()}>
          ${problem === undefined ? 'Check them' : 'Try again'}
        </button>
      </p>`;
    }
    const { bytes, total } = loading;
    return html`<p class="bar">
      <label>
        Loading TypeScript, to check types:
        ${printBytes(bytes)}${total === undefined ? '' : ` of ${printBytes(total)}`}
        ${
          total === undefined
            ? html`<progress></progress>`
            : html`<progress max=${total} value=${bytes}></progress>`
        }
      </label>
      <button class="line" @click=${() => types.decline()}>Cancel</button>
    </p>`;
  }

  #edit({ name, text: own }: SourceFile, text: string): void {
    this.model.code.edit(name, text === own ? undefined : text);
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(() => void this.#check(name, text), CHECK_DELAY_MS);
  }

  /** One check at a time: what is typed meanwhile is checked after it, once. */
  async #check(name: string, text: string): Promise<void> {
    this.#toCheck = { name, text };
    if (this.#isChecking) return;
    this.#isChecking = true;
    for (let next = this.#nextCheck(); next !== undefined; next = this.#nextCheck()) {
      const diagnostics = await this.model.code.check(next.name, next.text).catch(() => []);
      if (next.name === this.file) this.diagnostics = diagnostics;
    }
    this.#isChecking = false;
  }

  #nextCheck(): { readonly name: string; readonly text: string } | undefined {
    const next = this.#toCheck;
    this.#toCheck = undefined;
    return next;
  }

  /** Checks what is shown, if anything of the chapter was changed. */
  #checkShown(): void {
    const own = this.files?.find(({ name }) => name === this.file);
    const { edits, ofRuns } = this.model.code;
    if (own === undefined || ofRuns === undefined || own.name.endsWith('.md')) return;
    void this.#check(own.name, edits[own.name] ?? own.text);
  }

  #show(name: string): void {
    this.file = name;
    this.diagnostics = [];
    if (!name.endsWith('.md') && mayEdit(this.model)) this.model.code.types.begin();
    this.#checkShown();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('article, parley-editor')?.scrollTo({ top: 0 }),
    );
  }

  async #load(name: string): Promise<void> {
    try {
      this.problem = undefined;
      const [files, library] = await Promise.all([
        this.model.code.sources(),
        import('./markdown.ts'),
      ]);
      if (name !== this.#chapter) return;
      this.files = files;
      this.library = library;
    } catch {
      this.problem = 'The chapter could not be loaded: is the lab’s server still there?';
    }
  }
}

/** The tab key goes past the files, of which there are many, to what is shown; arrows walk along them. */
function walkAlong(event: KeyboardEvent): void {
  const buttons = [...(event.currentTarget as Element).querySelectorAll('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const wanted: Readonly<Record<string, number>> = {
    ...{ ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 },
    ...{ Home: 0, End: buttons.length - 1 },
  };
  const next = wanted[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[(next + buttons.length) % buttons.length]?.focus();
}

/** Simulations can run what is written here; whoever joins a room must be able to trust that all run the same. */
function mayEdit(model: LabModel): boolean {
  return model.place === 'simulated' && model.mayChoose;
}

function noteOf(model: LabModel, isEdited: boolean): string {
  if (!mayEdit(model))
    return 'Simulated runs can have changes of yours; here runs the chapter’s own code.';
  return isEdited
    ? 'Edited: the next simulated run has your changes.'
    : 'Change it here, and run the same seed again.';
}

customElements.define('parley-reader', ParleyReader);

declare global {
  interface HTMLElementTagNameMap {
    'parley-reader': ParleyReader;
  }
}
