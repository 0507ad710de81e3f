/** A short menu beside what it is about. It closes when something else is pressed, and gives the focus back. */

import { css, html, LitElement, type TemplateResult } from 'lit';
import { base, controls } from './styles.ts';

/** One line of a menu. */
export interface MenuItem {
  readonly name: string;
  /** What it means, where its name does not say it. */
  readonly story?: string;
  readonly run: () => void;
}

/** Room that is kept between the menu and the edges of the window, in CSS pixels. */
const MARGIN = 8;

/** `<parley-menu>`; `open(title, items, place)` shows it. */
export class ParleyMenu extends LitElement {
  static override properties = { heading: { state: true }, items: { state: true } };
  static override styles = [
    base,
    controls,
    css`
      [popover] {
        position: fixed;
        margin: 0;
        min-width: 11rem;
        max-width: min(20rem, calc(100vw - 16px));
        max-height: calc(100dvh - 16px);
        padding: 5px;
        border: 1px solid var(--parley-line-2);
        border-radius: 10px;
        background: var(--parley-surface);
        box-shadow: var(--parley-shadow-high);
        color: var(--parley-ink);
        overflow: auto;
      }

      p {
        margin: 3px 8px 4px;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      button {
        display: flex;
        justify-content: start;
        width: 100%;
      }

      button:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];
  declare heading: string;
  declare items: readonly MenuItem[];
  #before: HTMLElement | SVGElement | null = null;

  constructor() {
    super();
    this.heading = '';
    this.items = [];
  }

  /** Shows it with its corner at a place of the window. Whatever had the focus, `before`, gets it again. */
  async open(
    heading: string,
    items: readonly MenuItem[],
    place: { readonly x: number; readonly y: number },
    before: HTMLElement | SVGElement | null,
  ): Promise<void> {
    this.heading = heading;
    this.items = items;
    this.#before = before;
    await this.updateComplete;
    const menu = this.renderRoot.querySelector<HTMLElement>('[popover]')!;
    menu.showPopover();
    const { width, height } = menu.getBoundingClientRect();
    const within = (wanted: number, size: number, whole: number) =>
      Math.max(MARGIN, Math.min(wanted, whole - size - MARGIN));
    menu.style.left = `${within(place.x, width, window.innerWidth)}px`;
    menu.style.top = `${within(place.y, height, window.innerHeight)}px`;
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div popover @keydown=${this.#onKey} @toggle=${this.#onToggle}>
      <p id="heading">${this.heading}</p>
      <div role="menu" aria-labelledby="heading">
        ${this.items.map(
          (item) =>
            html`<button
              role="menuitem"
              tabindex="-1"
              title=${item.story ?? ''}
              @click=${() => this.#run(item)}
            >
              ${item.name}
            </button>`,
        )}
      </div>
    </div>`;
  }

  #run(item: MenuItem): void {
    this.renderRoot.querySelector<HTMLElement>('[popover]')?.hidePopover();
    item.run();
  }

  readonly #onToggle = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'closed') this.#before?.focus();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const at = items.indexOf(this.shadowRoot!.activeElement as HTMLElement);
    const wanted: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    // The keys of the lab mean nothing while a menu is open.
    event.stopPropagation();
    if (event.key === 'Tab') event.preventDefault();
    const next = wanted[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  };
}

customElements.define('parley-menu', ParleyMenu);

declare global {
  interface HTMLElementTagNameMap {
    'parley-menu': ParleyMenu;
  }
}
