/** What is to be run: which file, its text with what is wrong in it, and the options. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FormatName } from '../../core/result.ts';
import type { RunPlace } from '../../lab/run.ts';
import type { ChapterEntry, Diagnostic } from '../../lab/lab-service.ts';
import { filesOf, fileOf, isEdited, optionsProblem, type Setup } from '../app/setup.ts';
import { undoIcon } from '../kit/icons.ts';
import { needs, PARTS } from '../kit/later.ts';
import { base, controls } from '../kit/styles.ts';
import './parley-diagnostics.ts';
import './parley-editor.ts';
import { configStyles } from './config-styles.ts';

/** `<parley-config .chapter=… .setup=…>`; fires `parley-setup` (what changes), `parley-file` (its name), `parley-submit`. */
export class ParleyConfig extends LitElement {
  static override properties = {
    chapter: { attribute: false },
    setup: { attribute: false },
    place: {},
    diagnostics: { attribute: false },
    faultDiagnostics: { attribute: false },
    locked: {},
  };
  static override styles = [base, controls, configStyles];
  declare chapter: ChapterEntry | undefined;
  declare setup: Setup | undefined;
  declare place: RunPlace;
  declare diagnostics: readonly Diagnostic[];
  declare faultDiagnostics: readonly Diagnostic[];
  /** Why nothing can be changed here; undefined when it can. */
  declare locked: string | undefined;

  constructor() {
    super();
    this.place = 'simulated';
    this.diagnostics = [];
    this.faultDiagnostics = [];
    this.locked = undefined;
  }

  protected override render(): unknown {
    const { chapter, setup } = this;
    if (chapter === undefined || setup === undefined) return nothing;
    return html`
      ${this.#head(chapter, setup)}
      ${this.locked === undefined ? this.#files(chapter, setup) : html`<p class="story">${this.locked}</p>`}
      <parley-editor
        patient
        label="Configuration of the nodes, YAML"
        .value=${setup.config}
        .document=${`${chapter.name}/${setup.file}`}
        .diagnostics=${this.diagnostics}
        .readOnly=${this.locked !== undefined}
        @parley-input=${(event: CustomEvent<string>) => this.#change({ config: event.detail })}
        @parley-submit=${() => this.dispatchEvent(new Event('parley-submit'))}
      ></parley-editor>
      <parley-diagnostics
        label="Problems in the configuration"
        .diagnostics=${this.diagnostics}
        @parley-go=${({ detail }: CustomEvent<Diagnostic>) =>
          this.renderRoot.querySelector('parley-editor')?.goTo(detail.line, detail.column)}
      ></parley-diagnostics>
      <div class="folds">
        ${needs(PARTS.breaks, PARTS.faults)}
        <parley-break
          .chapter=${chapter}
          .breaks=${setup.breaks}
          ?locked=${this.locked !== undefined}
          @parley-breaks=${({ detail: breaks }: CustomEvent<readonly string[]>) =>
            this.#change({ breaks })}
          @parley-show-bug=${({ detail }: CustomEvent<string>) =>
            this.dispatchEvent(new CustomEvent('parley-show-bug', { detail }))}
        ></parley-break>
        <parley-faults
          .chapter=${chapter}
          .value=${setup.faults}
          .diagnostics=${this.faultDiagnostics}
          ?locked=${this.locked !== undefined}
          @parley-faults=${({ detail: faults }: CustomEvent<string>) => this.#change({ faults })}
          @parley-submit=${() => this.dispatchEvent(new Event('parley-submit'))}
        ></parley-faults>
      </div>
      ${
        this.locked === undefined && this.place === 'simulated'
          ? html`<button
              class="line hunt"
              title="Searches thousands of runs (M)"
              @click=${() => this.dispatchEvent(new Event('parley-hunt'))}
            >
              Find me a counterexample
            </button>`
          : nothing
      }
      ${this.#options(setup)}
    `;
  }

  #head(chapter: ChapterEntry, setup: Setup): TemplateResult {
    const edited = isEdited(chapter, setup);
    return html`<div class="head">
      <h2>What to run</h2>
      ${
        this.locked !== undefined
          ? nothing
          : html`<button
                aria-label="Undo the last change"
                title="Undo (Ctrl+Z)"
                @click=${() => this.renderRoot.querySelector('parley-editor')?.undo()}
              >
                ${undoIcon}
              </button>
              <button
                ?disabled=${!edited}
                title="Back to the text of the file"
                @click=${() => this.#change({ config: fileOf(chapter, setup.file)!.config })}
              >
                Reset
              </button>`
      }
    </div>`;
  }

  #files(chapter: ChapterEntry, setup: Setup): TemplateResult {
    const edited = isEdited(chapter, setup);
    const story = fileOf(chapter, setup.file)?.story ?? chapter.summary;
    return html`<select
        class="files"
        aria-label="File"
        @change=${(event: Event) => {
          const detail = (event.target as HTMLSelectElement).value;
          this.dispatchEvent(new CustomEvent<string>('parley-file', { detail }));
        }}
      >
        ${filesOf(chapter).map(
          ({ name }) =>
            html`<option value=${name} .selected=${name === setup.file}>
              ${name}${edited && name === setup.file ? ' (edited)' : ''}
            </option>`,
        )}
      </select>
      <p class="story">${story}</p>`;
  }

  #options(setup: Setup): TemplateResult {
    const problem = optionsProblem(setup);
    return html`<fieldset class="options" ?disabled=${this.locked !== undefined}>
      <legend>Options</legend>
      ${
        this.place === 'simulated'
          ? html`<label>
                <span>Seed</span>
                ${number(setup.seed, 0, 1, (seed) => this.#change({ seed }))}
              </label>
              <div class="pair" role="group" aria-label="Latency in milliseconds">
                <span>Latency, ms</span>
                ${number(
                  setup.latencyMs.min,
                  0,
                  'any',
                  (min) => this.#change({ latencyMs: { ...setup.latencyMs, min } }),
                  'Shortest latency',
                )}
                to
                ${number(
                  setup.latencyMs.max,
                  0,
                  'any',
                  (max) => this.#change({ latencyMs: { ...setup.latencyMs, max } }),
                  'Longest latency',
                )}
              </div>`
          : nothing
      }
      <label>
        <span>Format</span>
        <select
          @change=${(event: Event) => {
            const format = (event.target as HTMLSelectElement).value as FormatName;
            this.#change({ format });
          }}
        >
          <option value="json" .selected=${setup.format === 'json'}>JSON</option>
          <option value="msgpack" .selected=${setup.format === 'msgpack'}>MessagePack</option>
        </select>
      </label>
      <label>
        <span>Time limit, s</span>
        ${number(setup.timeoutSeconds, 1, 'any', (timeoutSeconds) =>
          this.#change({ timeoutSeconds }),
        )}
      </label>
      ${problem === undefined ? nothing : html`<p class="bad">${problem}</p>`}
    </fieldset>`;
  }

  #change(detail: Partial<Setup>): void {
    this.dispatchEvent(new CustomEvent<Partial<Setup>>('parley-setup', { detail }));
  }
}

function number(
  value: number,
  min: number,
  step: number | 'any',
  onChange: (value: number) => void,
  label?: string,
): TemplateResult {
  return html`<input
    type="number"
    inputmode="decimal"
    aria-label=${label ?? nothing}
    min=${min}
    step=${step}
    .value=${String(value)}
    @change=${(event: Event) => onChange((event.target as HTMLInputElement).valueAsNumber)}
  />`;
}

customElements.define('parley-config', ParleyConfig);

declare global {
  interface HTMLElementTagNameMap {
    'parley-config': ParleyConfig;
  }
}
