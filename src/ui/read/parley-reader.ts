/** The chapter itself: its text, and the source of the algorithm beside it. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { SourceFile } from '../../lab/lab-service.ts';
import type { LabModel } from '../app/lab-model.ts';
import '../code/parley-editor.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { readerStyles } from './reader-styles.ts';
import type * as Markdown from './markdown.ts';

/** `<parley-reader .model=…>`. */
export class ParleyReader extends LitElement {
  static override properties = {
    model: { attribute: false },
    files: { state: true },
    file: { state: true },
    problem: { state: true },
    library: { state: true },
  };
  static override styles = [base, controls, readerStyles];
  declare model: LabModel;
  declare files: readonly SourceFile[] | undefined;
  /** Name of the one that is shown. */
  declare file: string | undefined;
  declare problem: string | undefined;
  declare library: typeof Markdown | undefined;
  /** The chapter of which {@link files} are. */
  #chapter: string | undefined;

  constructor() {
    super();
    this.files = undefined;
    this.file = undefined;
    this.problem = undefined;
    this.library = undefined;
    new Subscription(this, () => this.model);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { name } = this.model.chapter;
    if (name === this.#chapter) return;
    this.#chapter = name;
    this.files = undefined;
    this.file = undefined;
    void this.#load(name);
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
    return html`<nav aria-label="Files of the chapter">
        ${files.map(
          ({ name }) =>
            html`<button
              aria-current=${name === shown.name ? 'true' : nothing}
              @click=${() => this.#show(name)}
            >
              ${name === 'README.md' ? 'Read' : name}
            </button>`,
        )}
      </nav>
      ${shown.name.endsWith('.md') ? this.#document(shown, files) : source(shown)}`;
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

  #show(name: string): void {
    this.file = name;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('article, parley-editor')?.scrollTo({ top: 0 }),
    );
  }

  async #load(name: string): Promise<void> {
    try {
      this.problem = undefined;
      const [files, library] = await Promise.all([this.model.sources(), import('./markdown.ts')]);
      if (name !== this.#chapter) return;
      this.files = files;
      this.library = library;
    } catch {
      this.problem = 'The chapter could not be loaded: is the lab’s server still there?';
    }
  }
}

function source({ name, text }: SourceFile): TemplateResult {
  return html`<parley-editor
    label="Source of ${name}"
    language="typescript"
    .value=${text}
    .document=${name}
    readOnly
  ></parley-editor>`;
}

customElements.define('parley-reader', ParleyReader);

declare global {
  interface HTMLElementTagNameMap {
    'parley-reader': ParleyReader;
  }
}
