/** A text to edit, YAML or TypeScript: a plain field at once, a real editor as soon as it has been loaded. */

import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { Diagnostic } from '../../lab/lab-service.ts';
import { base, controls } from '../kit/styles.ts';
import type { Describe, Editor } from './codemirror.ts';

/** So long a patient editor leaves the page to what is looked at first, in milliseconds. */
const PATIENCE_MS = 1500;

/** `<parley-editor .value=… .document=… .diagnostics=…>`; fires `parley-input` (the text) and `parley-submit`. */
export class ParleyEditor extends LitElement {
  static override properties = {
    value: { attribute: false },
    document: { attribute: false },
    label: {},
    language: {},
    diagnostics: { attribute: false },
    readOnly: { type: Boolean },
    patient: { type: Boolean },
    describe: { attribute: false },
    editor: { state: true },
  };
  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
        min-height: 140px;
        border: 1px solid var(--parley-line-2);
        border-radius: 9px;
        background: var(--parley-surface);
        overflow: hidden;
      }

      :host(:focus-within) {
        border-color: var(--parley-accent);
        box-shadow: 0 0 0 1px var(--parley-accent);
      }

      .mount,
      textarea {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }

      textarea {
        padding: 8px 12px;
        border: 0;
        outline: none;
        border-radius: inherit;
        font: var(--parley-small) / 1.6 var(--parley-mono);
        resize: none;
        white-space: pre;
      }
    `,
  ];
  declare value: string;
  /** Name of what is edited: another one begins anew, without the undo history of the last. */
  declare document: string;
  declare label: string;
  declare language: 'yaml' | 'typescript';
  declare diagnostics: readonly Diagnostic[];
  declare readOnly: boolean;
  /** Whether it may stay a plain field until somebody wants to write, or some other things are done: half a megabyte is to be run for it. */
  declare patient: boolean;
  /** Says what stands at a place, counted from 1. */
  declare describe: Describe | undefined;
  declare editor: Editor | undefined;
  readonly #mount = createRef<HTMLElement>();
  #wait: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.value = '';
    this.document = '';
    this.label = 'Configuration';
    this.language = 'yaml';
    this.diagnostics = [];
    this.readOnly = false;
    this.patient = false;
    this.describe = undefined;
    this.editor = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#wait);
    this.editor?.destroy();
    this.editor = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#begin();
  }

  /** Takes back the last change. */
  undo(): void {
    this.editor?.undo();
  }

  /** Puts the caret at a place, counted from 1. */
  goTo(line: number, column: number): void {
    if (this.editor !== undefined) {
      this.editor.goTo(line, column);
      return;
    }
    const field = this.renderRoot.querySelector('textarea');
    const before = this.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    field?.focus();
    field?.setSelectionRange(at, at);
  }

  protected override render(): unknown {
    return html`<div class="mount" ${ref(this.#mount)}></div>
      ${
        this.editor !== undefined
          ? nothing
          : html`<textarea
              aria-label=${this.label}
              spellcheck="false"
              autocapitalize="off"
              ?readonly=${this.readOnly}
              .value=${this.value}
              @focus=${() => void this.#load()}
              @input=${(event: Event) => this.#changed((event.target as HTMLTextAreaElement).value)}
              @keydown=${(event: KeyboardEvent) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit();
              }}
            ></textarea>`
      }`;
  }

  protected override firstUpdated(): void {
    this.#begin();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { editor } = this;
    if (editor === undefined) return;
    const isNew = changed.has('editor');
    if (changed.has('document') && !isNew) editor.open(this.value);
    if (changed.has('value')) editor.setValue(this.value);
    if (changed.has('document') || changed.has('readOnly') || isNew) {
      editor.setReadOnly(this.readOnly);
    }
    if (changed.has('document') || changed.has('diagnostics') || isNew) {
      editor.setDiagnostics(this.diagnostics);
    }
  }

  #begin(): void {
    if (this.patient) this.#wait = setTimeout(() => void this.#load(), PATIENCE_MS);
    else void this.#load();
  }

  async #load(): Promise<void> {
    clearTimeout(this.#wait);
    try {
      const { createEditor } = await import('./codemirror.ts');
      if (!this.isConnected || this.editor !== undefined) return;
      const field = this.renderRoot.querySelector('textarea');
      const hadFocus = this.shadowRoot?.activeElement === field && field !== null;
      const before = field?.value.slice(0, field.selectionStart).split('\n') ?? [''];
      this.editor = createEditor({
        parent: this.#mount.value!,
        root: this.shadowRoot!,
        value: this.value,
        label: this.label,
        language: this.language,
        onChange: (value) => this.#changed(value),
        onSubmit: () => this.#submit(),
        describe: async (...place) => this.describe?.(...place),
      });
      // Whoever has begun to write goes on where they are.
      if (hadFocus) this.editor.goTo(before.length, before.at(-1)!.length + 1);
    } catch {
      // The editor could not be loaded (an old browser, a lost connection): the plain field does the job.
    }
  }

  #changed(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new CustomEvent<string>('parley-input', { detail: value }));
  }

  #submit(): void {
    this.dispatchEvent(new Event('parley-submit'));
  }
}

customElements.define('parley-editor', ParleyEditor);

declare global {
  interface HTMLElementTagNameMap {
    'parley-editor': ParleyEditor;
  }
}
