/** What the nodes say: the log of one of them, or of all, from a level on. It can be saved, as the command line writes it. */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { LogLevel } from '../../core/ports.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { isAtLeast, LOG_LEVELS, logFileOf } from '../../lab/live/node-log.ts';
import type { Recording } from '../../lab/playback.ts';
import { printCount } from '../kit/print-number.ts';
import { saveText } from '../kit/save-text.ts';
import type { Scene } from '../stage/scene.ts';
import { EventFilter } from './event-filter.ts';
import { ParleyEventLog, type LogColumn } from './parley-event-log.ts';

/** `<parley-node-log .scene=…>`. */
export class ParleyNodeLog extends ParleyEventLog {
  static override properties: PropertyDeclarations = {
    node: { state: true },
    least: { state: true },
  };
  /** Whose log; of all nodes where it is empty. */
  declare node: string;
  declare least: LogLevel;
  #selected: string | undefined;
  protected override readonly noun = 'lines';
  protected override readonly emptiness =
    'Nobody has said anything that fits. What nodes do is under Events; what they say is up to their algorithm.';
  protected override readonly placeholder = 'Filter: suspect …';
  protected override readonly columns: readonly LogColumn[] = [
    { name: 'index', title: '#', isNumber: true },
    { name: 'time', title: 'ms', isNumber: true },
    { name: 'node', title: 'node' },
    { name: 'level', title: 'level' },
    { name: 'layer', title: 'layer' },
    { name: 'detail', title: 'text' },
  ];

  constructor() {
    super();
    this.node = '';
    this.least = 'trace';
  }

  protected override willUpdate(): void {
    const selection = this.scene?.viewer.selection;
    const selected = selection?.kind === 'node' ? selection.node : undefined;
    // Whoever selects a node wants to hear it; whoever chooses another here may.
    if (selected !== this.#selected && selected !== undefined) this.node = selected;
    this.#selected = selected;
    super.willUpdate();
  }

  protected override get filterKey(): string {
    return `${this.node} ${this.least} ${this.query}`;
  }

  protected override newFilter(recording: Recording): EventFilter {
    const { node, least } = this;
    return new EventFilter(recording, this.query, (event) => {
      if (event.kind !== 'log' || (node !== '' && event.node !== node)) return false;
      return isAtLeast(event.level, least);
    });
  }

  protected override countOf(filter: EventFilter): string {
    return `${printCount(filter.count)} ${this.noun}${filter.done ? '' : ' …'}`;
  }

  protected override tools(): TemplateResult {
    const nodes = this.scene?.nodes ?? [];
    const { node } = this;
    return html`<select
        aria-label="Whose log"
        @change=${(event: Event) => {
          this.node = (event.target as HTMLSelectElement).value;
        }}
      >
        <option value="" ?selected=${this.node === ''}>all nodes</option>
        ${nodes.map(
          ({ id }) => html`<option value=${id} ?selected=${this.node === id}>${id}</option>`,
        )}
      </select>
      <select
        aria-label="From which level on"
        @change=${(event: Event) => {
          this.least = (event.target as HTMLSelectElement).value as LogLevel;
        }}
      >
        ${LOG_LEVELS.map(
          (level, at) =>
            html`<option value=${level} ?selected=${this.least === level}>
              ${at === 0 ? 'all levels' : `${level}${level === 'error' ? '' : ' and up'}`}
            </option>`,
        )}
      </select>
      <button
        class="line"
        title="The lines that fit, as one file"
        @click=${() => this.#save(node === '' ? undefined : node)}
      >
        Save
      </button>
      ${
        node === ''
          ? html`<button
              class="line"
              title="The lines that fit, as NODE.log for each node that has some; the browser may ask whether several files are welcome"
              @click=${() => this.#saveEach()}
            >
              Save a file a node
            </button>`
          : nothing
      }`;
  }

  protected override cells(_scene: Scene, index: number, event: TraceEvent): TemplateResult {
    if (event.kind !== 'log') return html`${nothing}`;
    return html`
      <td class="number dim">${index + 1}</td>
      <td class="number">${event.time.toFixed(1)}</td>
      <td><b>${event.node}</b></td>
      <td class="level">${event.level}</td>
      <td class="dim" title=${event.path}>${event.path}</td>
      <td class="detail" title=${event.text}>${event.text}</td>
    `;
  }

  /** What is listed now, of one node or of all. */
  #save(node: string | undefined): void {
    const name = node ?? this.scene!.viewer.run?.algorithm ?? 'run';
    saveText(`${name}.log`, 'text/plain', logFileOf(this.#listed(), node));
  }

  #saveEach(): void {
    const speakers = new Set(this.#listed().map(({ node }) => node));
    for (const node of speakers) this.#save(node);
  }

  /** The lines of the chosen node, from the chosen level on, that have the words; all of them, however few are searched yet. */
  #listed(): readonly TraceEvent[] {
    const { recording } = this.scene!.viewer;
    const filter = this.newFilter(recording);
    while (!filter.done) filter.advance();
    return Array.from({ length: filter.count }, (_, row) => recording.events[filter.at(row)!]!);
  }
}

customElements.define('parley-node-log', ParleyNodeLog);

declare global {
  interface HTMLElementTagNameMap {
    'parley-node-log': ParleyNodeLog;
  }
}
