/** How high the lower panel of the lab is: dragged, moved with the arrow keys, remembered, and put back with a double click. */

import { html, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { readPanelHeight, keepPanelHeight } from './preferences.ts';

/** The least and the most, in hundredths of the window's height. */
const MIN = 10;
const MAX = 70;
/** Of a key. */
const STEP = 4;

/** The height of one panel, in hundredths of the window. The panel has the id `panel`, in the tree of `host`. */
export class PanelHeight {
  readonly #host: ReactiveControllerHost;
  readonly #panel: () => Element | null;
  #height = readPanelHeight(MIN, MAX);
  #measure = MIN;
  #measuredIn = '';

  /** @param panel whose height this is, while it is shown */
  constructor(host: ReactiveControllerHost, panel: () => Element | null) {
    this.#host = host;
    this.#panel = panel;
  }

  /** For the panel's `style`; undefined as long as nobody chose. */
  get css(): string | undefined {
    return this.#height === undefined ? undefined : `${this.#height}vh`;
  }

  /** The line between what is above and the panel. */
  render(): TemplateResult {
    return html`<div
      class="splitter"
      role="separator"
      tabindex="0"
      title="Drag to resize; double click puts it back"
      aria-label="Height of the lower panel"
      aria-orientation="horizontal"
      aria-controls="panel"
      aria-valuemin=${MIN}
      aria-valuemax=${MAX}
      aria-valuenow=${Math.round(this.#height ?? this.#measured)}
      aria-valuetext="${Math.round(this.#height ?? this.#measured)} % of the window"
      @keydown=${this.#onKey}
      @dblclick=${() => this.#set(undefined)}
      @pointerdown=${this.#onDown}
    ></div>`;
  }

  /** As the window is; measured once, because that makes the browser lay out the page at once. */
  get #measured(): number {
    const panel = this.#panel();
    if (panel === null) return MIN;
    const window = `${innerWidth} ${innerHeight}`;
    if (window !== this.#measuredIn) {
      this.#measuredIn = window;
      this.#measure = (panel.getBoundingClientRect().height / innerHeight) * 100;
    }
    return this.#measure;
  }

  #set(height: number | undefined): void {
    this.#height = height === undefined ? undefined : Math.min(MAX, Math.max(MIN, height));
    keepPanelHeight(this.#height);
    this.#host.requestUpdate();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const now = this.#height ?? this.#measured;
    const wanted = {
      ...{ ArrowUp: now + STEP, ArrowDown: now - STEP, PageUp: now + 3 * STEP },
      ...{ PageDown: now - 3 * STEP, Home: MIN, End: MAX },
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    // Home and End are keys of the run as well.
    event.stopPropagation();
    this.#set(wanted);
  };

  readonly #onDown = (down: PointerEvent): void => {
    if (down.button !== 0) return;
    const line = down.currentTarget as HTMLElement;
    const before = this.#height ?? this.#measured;
    // Otherwise text is selected on the way.
    down.preventDefault();
    line.focus();
    line.setPointerCapture(down.pointerId);
    line.onpointermove = ({ clientY }) => {
      // A double click moves nothing.
      if (clientY === down.clientY && this.#height === undefined) return;
      this.#set(before + ((down.clientY - clientY) / innerHeight) * 100);
    };
    line.onlostpointercapture = () => {
      line.onpointermove = null;
    };
  };
}
