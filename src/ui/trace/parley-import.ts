/** Opens traces and logs: files that are chosen or dropped, or pasted text. What is wrong with them is said with its place. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { messageOf } from '../../core/errors.ts';
import {
  ImportError,
  importTrace,
  type ImportedTrace,
  type ImportSource,
} from '../../lab/trace/import-trace.ts';
import { mark } from '../kit/icons.ts';
import '../kit/parley-theme-choice.ts';
import { plural, printBytes } from '../kit/print-number.ts';
import { base, controls } from '../kit/styles.ts';
import { importStyles } from './import-styles.ts';
import '../branch/parley-side-by-side.ts';
import type { Side } from '../branch/parley-side-by-side.ts';
import { partingOfTraces, type Parting } from '../../lab/parting.ts';
import { Scene } from '../stage/scene.ts';
import { Viewer } from '../stage/viewer.ts';
import './parley-trace-page.ts';
import type { ParleyTracePage } from './parley-trace-page.ts';
import { recordedRun, type TraceFactsShown } from './recorded-run.ts';

/** What the pasted text is called in messages. */
const PASTED = 'pasted text';

/** Pieces of a pasted text, in characters: between two of them the page breathes. */
const PIECE_LENGTH = 1 << 18;

/** Nodes that a header names beside those that have events. */
const NODES_NAMED_MAX = 2000;

/** A trace that was read, with what its head says. */
interface Opened {
  readonly trace: ImportedTrace;
  readonly facts: TraceFactsShown;
  /** What it was read from. */
  readonly name: string;
}

/** Two of them. */
interface Compared {
  readonly here: Side;
  readonly there: Side;
  readonly parting: Parting | undefined;
}

/** How much of what is read was read. */
interface Reading {
  readonly bytes: number;
  readonly total: number;
}

/** `<parley-import>`. */
export class ParleyImport extends LitElement {
  static override properties = {
    problem: { state: true },
    reading: { state: true },
    opened: { state: true },
    isComparing: { state: true },
    compared: { state: true },
    isOver: { state: true },
  };
  static override styles = [base, controls, importStyles];
  /** Why the last text was no trace. */
  declare problem: string | undefined;
  declare reading: Reading | undefined;
  declare opened: Opened | undefined;
  /** Whether another is being chosen, to be compared with the one that is open. */
  declare isComparing: boolean;
  declare compared: Compared | undefined;
  /** Whether files are held over the page. */
  declare isOver: boolean;
  readonly #page = createRef<ParleyTracePage>();
  readonly #text = createRef<HTMLTextAreaElement>();
  #isGivenUp = false;

  constructor() {
    super();
    this.problem = undefined;
    this.reading = undefined;
    this.opened = undefined;
    this.isComparing = false;
    this.compared = undefined;
    this.isOver = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#isGivenUp = true;
  }

  protected override render(): unknown {
    const { opened, compared } = this;
    if (opened === undefined || this.isComparing) return this.#choice();
    const { remarks } = opened.trace;
    return html`<parley-trace-page ${ref(this.#page)}>
      <a class="brand" href="#/" aria-label="Parley, to the first page">${mark}</a>
      <button class="line" @click=${this.#another}>Open another</button>
      <button class="line" @click=${this.#compare}>Compare with …</button>
      <parley-theme-choice></parley-theme-choice>
      ${
        remarks.length === 0
          ? nothing
          : html`<ul class="remarks" aria-label="Remarks">
              ${remarks.slice(0, 5).map((remark) => html`<li>${remark}</li>`)}
            </ul>`
      }
      ${compared === undefined ? nothing : sideBySide(compared)}
    </parley-trace-page>`;
  }

  #choice(): TemplateResult {
    return html`<div
      class="wrap ${this.isOver ? 'over' : ''}"
      @dragover=${this.#onDragOver}
      @dragleave=${() => {
        this.isOver = false;
      }}
      @drop=${this.#onDrop}
    >
      <header>
        <a class="brand" href="#/">${mark}Parley</a>
        <parley-theme-choice></parley-theme-choice>
      </header>
      <main>
        ${this.#heading()}
        <p class="lead">
          The events of a run, as “Save the events” and <code>parley run --trace</code> write them,
          or a log with vector clocks, as ShiViz and GoVector have them. Several files become one
          picture, in an order in which nothing arrives before it was sent. Nothing leaves this
          browser.
        </p>
        ${this.#problem()} ${this.#progress()}
        <section class="card">
          <label class="files">
            <b>Choose files, or drop them here</b>
            <input
              type="file"
              multiple
              accept=".ndjson,.jsonl,.log,.txt,application/x-ndjson,text/plain"
              @change=${(event: Event) => {
                const field = event.target as HTMLInputElement;
                void this.#open(filesOf(field.files));
                // The same file can be chosen again once it was mended.
                field.value = '';
              }}
            />
          </label>
        </section>
        <form class="card" @submit=${this.#onSubmit}>
          <label for="text"><b>Or paste it</b></label>
          <textarea
            ${ref(this.#text)}
            id="text"
            rows="8"
            spellcheck="false"
            autocomplete="off"
            placeholder=${'n1 {"n1":1}\nsent hello to n2\nn2 {"n1":1,"n2":1}\ngot hello'}
            aria-describedby=${this.problem === undefined ? nothing : 'problem'}
          ></textarea>
          <button class="primary">Show it</button>
        </form>
      </main>
    </div>`;
  }

  #heading(): TemplateResult {
    if (this.opened === undefined) return html`<h1>Open a trace</h1>`;
    return html`<h1>Compare with another trace</h1>
      <p class="row">
        <span>${this.opened.name} is open.</span>
        <button class="line" @click=${this.#back}>Back to it</button>
      </p>`;
  }

  #problem(): TemplateResult | typeof nothing {
    if (this.problem === undefined) return nothing;
    return html`<p class="problem" id="problem" role="alert">${this.problem}</p>`;
  }

  #progress(): TemplateResult | typeof nothing {
    if (this.reading === undefined) return nothing;
    const { bytes, total } = this.reading;
    return html`<div class="reading" role="status">
      <progress aria-label="Read" max=${total} value=${bytes}></progress>
      <span>${printBytes(bytes)} of ${printBytes(total)}</span>
      <button
        class="line"
        @click=${() => {
          this.#isGivenUp = true;
        }}
      >
        Give up
      </button>
    </div>`;
  }

  readonly #onDragOver = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = true;
  };

  readonly #onDrop = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = false;
    const { files } = event.dataTransfer!;
    if (files.length > 0) void this.#open(filesOf(files));
  };

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { value } = this.#text.value!;
    if (value.trim() === '') {
      this.problem = 'There is nothing to show yet: paste the text of a trace or log.';
      this.#text.value!.focus();
      return;
    }
    void this.#open([{ name: PASTED, size: value.length, chunks: () => pieces(value) }]);
  };

  readonly #another = (): void => {
    this.opened = undefined;
    this.compared = undefined;
  };

  readonly #compare = (): void => {
    this.isComparing = true;
    this.problem = undefined;
  };

  readonly #back = (): void => {
    this.isComparing = false;
    void this.#show();
  };

  /** Gives the page what is open, and goes to where two of them part. */
  async #show(): Promise<void> {
    await this.updateComplete;
    const { opened, compared } = this;
    const page = this.#page.value;
    if (opened === undefined || page === undefined) return;
    page.show(opened.trace.events, opened.facts);
    if (compared === undefined) return;
    const { parting, there } = compared;
    this.compared = { ...compared, here: { ...compared.here, scene: page.scene! } };
    if (parting !== undefined) page.scene!.viewer.goTo(parting.index + 1);
    there.scene.viewer.seek(page.scene!.viewer.cursor.time);
  }

  async #open(chosen: readonly (ImportSource & { readonly size: number })[]): Promise<void> {
    // One at a time: what is still being read is no longer wanted.
    if (chosen.length === 0 || this.reading !== undefined) return;
    this.problem = undefined;
    this.#isGivenUp = false;
    let bytes = 0;
    const total = chosen.reduce((sum, { size }) => sum + size, 0);
    this.reading = { bytes, total };
    const told = (count: number) => {
      bytes += count;
      this.reading = { bytes: Math.min(bytes, total), total };
    };
    try {
      const sources = chosen.map((source) => ({ ...source, chunks: () => counted(source, told) }));
      const trace = await importTrace(sources, () => this.#isGivenUp);
      const name = chosen.map((source) => source.name).join(' + ');
      const opened = { trace, name, facts: shownFacts(trace, chosen) };
      if (this.isComparing && this.opened !== undefined) {
        this.compared = compareTraces(this.opened, opened);
      } else this.opened = opened;
      this.isComparing = false;
      await this.#show();
    } catch (error) {
      this.problem = problemOf(error);
      if (error instanceof ImportError && error.source === PASTED) void this.#pointAt(error.line);
    } finally {
      this.reading = undefined;
    }
  }

  /** Selects the line of the pasted text that is wrong. */
  async #pointAt(line: number): Promise<void> {
    await this.updateComplete;
    const field = this.#text.value;
    if (field === undefined) return;
    const lines = field.value.split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
    field.focus();
    field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  }
}

function filesOf(list: FileList | null): (ImportSource & { readonly size: number })[] {
  return Array.from(list ?? [], (file) => ({
    ...{ name: file.name, size: file.size },
    chunks: () => textOf(file),
  }));
}

/** The text of a file in pieces; bytes that are no UTF-8 become replacement characters, as everywhere. */
async function* textOf(file: File): AsyncGenerator<string> {
  const reader = file.stream().getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    yield decoder.decode(value, { stream: true });
  }
  yield decoder.decode();
}

async function* pieces(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += PIECE_LENGTH) {
    yield text.slice(from, from + PIECE_LENGTH);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function* counted(
  source: ImportSource,
  told: (length: number) => void,
): AsyncGenerator<string> {
  for await (const chunk of source.chunks()) {
    told(chunk.length);
    yield chunk;
  }
}

/** What the head says: names in it come from outside, so only what has the shape of one is taken. */
function shownFacts(
  { facts }: ImportedTrace,
  sources: readonly { readonly name: string }[],
): TraceFactsShown {
  const { algorithm, seed, nodes } = facts;
  const named =
    typeof algorithm === 'string' ? algorithm : sources.map(({ name }) => name).join(' + ');
  return {
    algorithm: named,
    ...(typeof seed === 'number' ? { seed } : {}),
    ...(Array.isArray(nodes)
      ? { nodes: nodes.filter((id) => typeof id === 'string').slice(0, NODES_NAMED_MAX) }
      : {}),
  };
}

function compareTraces(a: Opened, b: Opened): Compared {
  // Two pasted texts, or two files of one name, are told apart by their order.
  const names = a.name === b.name ? [`${a.name} (1)`, `${b.name} (2)`] : [a.name, b.name];
  return {
    here: sideOf(a, names[0]!),
    there: sideOf(b, names[1]!),
    parting: partingOfTraces(a.trace.events, b.trace.events),
  };
}

function sideOf({ trace, facts }: Opened, name: string): Side {
  const viewer = new Viewer();
  viewer.show(recordedRun(trace.events, facts));
  const outcome = plural(trace.events.length, 'event');
  return { name, outcome, scene: new Scene(viewer, undefined) };
}

function sideBySide({ here, there, parting }: Compared): TemplateResult {
  return html`<parley-side-by-side
    slot="pictures"
    tabindex="0"
    .here=${here}
    .there=${there}
    .parting=${parting}
    .sameness=${'Both are the same, event by event.'}
  ></parley-side-by-side>`;
}

function problemOf(error: unknown): string {
  if (error instanceof ImportError) return `${error.source}, line ${error.line}: ${error.message}.`;
  return messageOf(error);
}

customElements.define('parley-import', ParleyImport);

declare global {
  interface HTMLElementTagNameMap {
    'parley-import': ParleyImport;
  }
}
