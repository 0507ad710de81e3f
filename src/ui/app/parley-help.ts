/** What the keys do, and the switch that turns the single-character ones off. */

import { css, html, LitElement } from 'lit';
import { closeIcon } from '../kit/icons.ts';
import { closeBeside, dialogStyles, showDialog } from '../kit/dialog.ts';
import { base, controls } from '../kit/styles.ts';
import { COMMANDS } from './commands.ts';
import { characterKeysOn, setCharacterKeys } from './preferences.ts';

/** `<parley-help>`; `open()` shows it. */
export class ParleyHelp extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      dialog {
        width: min(58rem, calc(100vw - 24px));
      }

      /* A key and what it does stay together; two columns of them where there is room. */
      dl {
        columns: 22rem 2;
        column-gap: 32px;
        margin: 12px 0 18px;
      }

      dl > div {
        display: grid;
        grid-template-columns: 7.5rem minmax(0, 1fr);
        gap: 12px;
        padding: 2.5px 0;
        break-inside: avoid;
      }

      dd {
        margin: 0;
        color: var(--parley-ink-2);
      }

      kbd {
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      label {
        display: flex;
        gap: 8px;
        align-items: center;
      }

      label input {
        min-height: 0;
      }

      p {
        margin: 10px 0 0;
        color: var(--parley-ink-2);
      }
    `,
  ];

  /** Shows the help. */
  open(): void {
    showDialog(this.renderRoot);
  }

  protected override render(): unknown {
    return html`<dialog aria-labelledby="title" @click=${closeBeside}>
      <form method="dialog" class="head">
        <h2 id="title">Keys</h2>
        <button aria-label="Close">${closeIcon}</button>
      </form>
      <dl>
        ${COMMANDS.map(
          ({ shown, title }) =>
            html`<div>
              <dt><kbd>${shown}</kbd></dt>
              <dd>${title}</dd>
            </div>`,
        )}
        <div>
          <dt>a line drawn across the stage</dt>
          <dd>Cut the network there; with Shift, only one way. Press the line to rub it out</dd>
        </div>
        <div>
          <dt>a message in flight</dt>
          <dd>
            Press it for what can be done to it; fling it off the stage to drop it, or carry it to
            its receiver
          </dd>
        </div>
        <div>
          <dt>a node, right button; <kbd>Enter</kbd> where it is selected</dt>
          <dd>What can be done to it: crash, slow down, lie …</dd>
        </div>
        <div>
          <dt><kbd>Ctrl Enter</kbd></dt>
          <dd>Run, from within the editor</dd>
        </div>
        <div>
          <dt><kbd>↑ ↓</kbd></dt>
          <dd>Choose among nodes and messages, or among events, where the focus is</dd>
        </div>
      </dl>
      <label>
        <input
          type="checkbox"
          .checked=${characterKeysOn()}
          @change=${(event: Event) => setCharacterKeys((event.target as HTMLInputElement).checked)}
        />
        Single letters, digits and signs are keys
      </label>
      <p>
        In the diagram: ◇ a value is handed to the application, □ a node’s status changes, | a timer
        fires, ▲ a warning or an error, ✗ an invariant breaks.
      </p>
      <p>The events tab says in words everything that the pictures show.</p>
    </dialog>`;
  }
}

customElements.define('parley-help', ParleyHelp);

declare global {
  interface HTMLElementTagNameMap {
    'parley-help': ParleyHelp;
  }
}
