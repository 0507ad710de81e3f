/** What all dialogs of the lab look like, and how they close. */

import { css } from 'lit';

/** Styles of a `<dialog>` with a head. */
export const dialogStyles = css`
  dialog {
    width: min(34rem, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    padding: 18px 22px;
    border: 1px solid var(--parley-line);
    border-radius: 14px;
    background: var(--parley-surface);
    box-shadow: var(--parley-shadow-high);
    color: var(--parley-ink);
    overflow: auto;
  }

  dialog::backdrop {
    background: var(--parley-shade);
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }

  .head h2 {
    margin: 0;
    color: inherit;
    font-size: var(--parley-large);
  }
`;

/** Shows the dialog of an element. It closes as soon as the page goes on to another screen: it speaks of this one. */
export function showDialog(root: ParentNode): void {
  const dialog = root.querySelector('dialog');
  dialog?.showModal();
  window.addEventListener('hashchange', () => dialog?.close(), { once: true });
}

/** Closes a dialog when one clicks beside it: such a click lands on the dialog itself. */
export function closeBeside(event: Event): void {
  if (event.target === event.currentTarget) (event.target as HTMLDialogElement).close();
}
