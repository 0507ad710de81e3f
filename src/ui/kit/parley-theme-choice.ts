/** Chooses the theme. The system's own menu, behind an icon. */

import { css, html, LitElement } from 'lit';
import { themeIcon } from './icons.ts';
import { base, controls } from './styles.ts';
import { readTheme, setTheme, THEMES, type Theme } from './theme.ts';

/** `<parley-theme-choice>`. */
export class ParleyThemeChoice extends LitElement {
  static override properties = { theme: { state: true } };
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: inline-block;
      }

      label {
        position: relative;
        display: inline-flex;
        align-items: center;
        justify-content: center;
        width: 1.875rem;
        height: 1.875rem;
        border-radius: var(--parley-radius-small);
      }

      label:hover {
        background: var(--parley-sunken);
      }

      label:focus-within {
        outline: 2px solid var(--parley-accent);
      }

      select {
        position: absolute;
        inset: 0;
        width: 100%;
        min-height: 0;
        opacity: 0;
        cursor: pointer;
      }
    `,
  ];
  declare theme: Theme;

  constructor() {
    super();
    this.theme = readTheme();
  }

  protected override render(): unknown {
    return html`<label title="Theme">
      ${themeIcon}
      <select
        aria-label="Theme"
        @change=${(event: Event) => {
          this.theme = (event.target as HTMLSelectElement).value as Theme;
          setTheme(this.theme);
        }}
      >
        ${THEMES.map(
          ([theme, name]) =>
            html`<option value=${theme} .selected=${theme === this.theme}>${name}</option>`,
        )}
      </select>
    </label>`;
  }
}

customElements.define('parley-theme-choice', ParleyThemeChoice);

declare global {
  interface HTMLElementTagNameMap {
    'parley-theme-choice': ParleyThemeChoice;
  }
}
