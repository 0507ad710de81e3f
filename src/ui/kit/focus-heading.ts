/** Where the keyboard and a screen reader begin on a screen that has just come in place of another. */

import type { ReactiveElement } from 'lit';

/**
 * Gives the focus to the heading of a screen, as soon as that is there, if what had it before is gone. The heading is only a place to begin
 * at: the tab key goes on from it, and a reader of the screen says it.
 *
 * @param screen an element of the page, or an element that holds the heading itself
 */
export async function focusHeading(screen: Element): Promise<void> {
  if (screen.localName.includes('-')) {
    await customElements.whenDefined(screen.localName);
    await (screen as ReactiveElement).updateComplete;
  }
  const heading = (screen.shadowRoot ?? screen).querySelector('h1');
  if (heading === null || !screen.isConnected || hasFocus()) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Whether something that one can see has the focus; an element around what is gone is nothing. */
function hasFocus(): boolean {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement != null) focused = focused.shadowRoot.activeElement;
  return focused !== null && focused !== document.body && !focused.shadowRoot;
}
