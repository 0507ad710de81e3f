/** A page that shows one trace and needs nothing else: the diagram over time, every event, and what is selected. */

import { css, html, LitElement, nothing } from 'lit';
import type { TraceEvent } from '../../core/trace.ts';
import { FrameLoop } from '../app/frame-loop.ts';
import { KeyOwner } from '../app/key-owner.ts';
import '../inspect/parley-event-log.ts';
import '../inspect/parley-inspector.ts';
import { plural, printTime } from '../kit/print-number.ts';
import { base } from '../kit/styles.ts';
import { reducedMotion } from '../kit/media.ts';
import '../stage/parley-stage.ts';
import { Scene } from '../stage/scene.ts';
import { Viewer } from '../stage/viewer.ts';
import type { Span } from '../timeline/parley-minimap.ts';
import type {} from '../branch/parley-side-by-side.ts';
import type { ParleySpacetime } from '../timeline/parley-spacetime.ts';
import '../timeline/parley-spacetime.ts';
import '../timeline/parley-transport-bar.ts';
import { recordedRun, type TraceFactsShown } from './recorded-run.ts';

/** What the keys do, for the reader. */
const KEYS =
  'Space plays, ← → step, A D move, W S zoom, 1–9 select a node, / filters, Esc selects nothing';

/**
 * `<parley-trace-page>`; give it a trace with {@link show}. What stands in it is put at the beginning of its head, and in the slot
 * `pictures` something may take the place of stage and diagram.
 */
export class ParleyTracePage extends LitElement {
  static override properties = { scene: { state: true }, span: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        height: 100vh;
        height: 100dvh;
        background: var(--parley-surface);
        color: var(--parley-ink);
        font: var(--parley-text) / 1.5 var(--parley-sans);
      }

      main {
        display: grid;
        grid-template-rows: auto minmax(140px, 1.4fr) minmax(140px, 1fr);
        min-height: 0;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 14px;
        align-items: baseline;
        padding: 8px 16px;
        border-bottom: 1px solid var(--parley-line);
        background: var(--parley-paper);
      }

      h1 {
        margin: 0;
        font-size: var(--parley-large);
        overflow-wrap: anywhere;
      }

      header span {
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
        overflow-wrap: anywhere;
      }

      parley-transport-bar {
        padding: 6px 16px;
        border-bottom: 1px solid var(--parley-line);
      }

      .pictures {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(220px, 2fr) minmax(0, 3fr);
        min-height: 0;
      }

      parley-stage {
        border-right: 1px solid var(--parley-line);
      }

      ::slotted([slot='pictures']) {
        grid-column: 1 / -1;
        min-height: 0;
      }

      .details {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(240px, 22rem);
        min-height: 0;
        border-top: 1px solid var(--parley-line);
      }

      aside {
        padding: 12px 14px;
        border-left: 1px solid var(--parley-line);
        overflow: auto;
      }

      aside:focus-visible {
        outline-offset: -2px;
      }

      @media (max-width: 699px) {
        .details {
          grid-template-columns: minmax(0, 1fr) 0;
        }

        .pictures {
          grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        }

        parley-stage,
        aside,
        .keys {
          display: none;
        }
      }
    `,
  ];
  declare scene: Scene | undefined;
  declare span: Span | undefined;
  readonly #keys = new KeyOwner();
  #facts: TraceFactsShown = {};

  constructor() {
    super();
    this.scene = undefined;
    this.span = undefined;
    new FrameLoop(this, () => this.scene?.viewer);
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

  /** Shows a trace: where it went wrong, or else all of it. */
  show(events: readonly TraceEvent[], facts: TraceFactsShown): void {
    this.#facts = facts;
    const viewer = new Viewer();
    viewer.discrete = reducedMotion.matches;
    viewer.show(recordedRun(events, facts));
    const [violation] = viewer.recording.violations;
    if (violation === undefined) viewer.goTo(events.length);
    else viewer.selectEvent(violation);
    this.scene = new Scene(viewer, undefined);
  }

  protected override render(): unknown {
    const { scene } = this;
    if (scene === undefined) return nothing;
    const { recording } = scene.viewer;
    return html`
      <header>
        <slot></slot>
        <h1>${this.#facts.algorithm ?? 'Trace'}</h1>
        <span>${this.#summary(scene)}</span>
        <span class="keys">${KEYS}</span>
      </header>
      <main>
        <parley-transport-bar
          .scene=${scene}
          .span=${this.#shownSpan(scene)}
        ></parley-transport-bar>
        ${
          recording.length === 0
            ? html`<p>The trace is empty.</p>`
            : html`<slot name="pictures" class="pictures">
                <parley-stage .scene=${scene}></parley-stage>
                <parley-spacetime
                  .scene=${scene}
                  @parley-span=${(event: CustomEvent<Span>) => {
                    this.span = event.detail;
                  }}
                ></parley-spacetime>
              </slot>`
        }
        <div class="details">
          <parley-event-log .scene=${scene}></parley-event-log>
          <aside aria-label="Inspector" tabindex="0">
            <parley-inspector .scene=${scene}></parley-inspector>
          </aside>
        </div>
      </main>
    `;
  }

  #summary({ viewer: { recording }, nodes }: Scene): string {
    const { seed } = this.#facts;
    return [
      plural(nodes.length, 'node'),
      plural(recording.length, 'event'),
      plural(recording.flightCount, 'message'),
      printTime(recording.endTime),
      ...(seed === undefined ? [] : [`seed ${seed}`]),
    ].join(' · ');
  }

  /** The diagram's window is shown in the strip, unless it is the whole run. */
  #shownSpan({ viewer }: Scene): Span | undefined {
    const { span } = this;
    if (span === undefined) return undefined;
    return span.from === 0 && span.to >= viewer.recording.endTime ? undefined : span;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (this.scene === undefined || this.#keys.isTaken(event)) return;
    if (this.#command(event.key, this.scene)) event.preventDefault();
  };

  /** What is moved and zoomed by keys. */
  get #diagram(): Pick<ParleySpacetime, 'panBy' | 'zoomBy'> | null {
    return (
      this.querySelector('parley-side-by-side') ?? this.renderRoot.querySelector('parley-spacetime')
    );
  }

  /** True when the key meant something. */
  #command(key: string, { viewer, nodes }: Scene): boolean {
    const diagram = this.#diagram;
    const commands: Readonly<Record<string, () => void>> = {
      ' ': () => viewer.toggle(),
      ArrowLeft: () => viewer.stepBy(-1),
      ArrowRight: () => viewer.stepBy(1),
      Home: () => viewer.goTo(0),
      End: () => viewer.goTo(viewer.recording.length),
      a: () => diagram?.panBy(-0.25),
      d: () => diagram?.panBy(0.25),
      w: () => diagram?.zoomBy(-1),
      s: () => diagram?.zoomBy(1),
      '/': () => this.renderRoot.querySelector('parley-event-log')?.focusFilter(),
      Escape: () => viewer.select(undefined),
    };
    const node = /^[1-9]$/.test(key) ? nodes[Number(key) - 1] : undefined;
    if (node !== undefined) viewer.select({ kind: 'node', node: node.id });
    const name = key.length === 1 ? key.toLowerCase() : key;
    if (Object.hasOwn(commands, name)) commands[name]!();
    return node !== undefined || Object.hasOwn(commands, name);
  }
}

customElements.define('parley-trace-page', ParleyTracePage);

declare global {
  interface HTMLElementTagNameMap {
    'parley-trace-page': ParleyTracePage;
  }
}
