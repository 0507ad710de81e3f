/** Whether a key belongs to what has the focus, and not to the lab. */

/** Fields in which one types. */
const TYPED = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]';
/** Controls that the space bar and the arrows operate themselves. */
const OPERATED = 'button, a, summary, [type=radio], [type=checkbox]';

/** True when the focused element has a use of its own for this key. */
export function wantsKey(event: KeyboardEvent): boolean {
  for (const target of event.composedPath()) {
    if (!(target instanceof Element)) continue;
    if (target.matches(TYPED) || target.matches('dialog')) return true;
    if (!target.matches(OPERATED)) continue;
    // A button that was clicked keeps the focus, but its reader means the lab: only who walked to it by keyboard means it.
    if (event.key === ' ') return target.matches(':focus-visible');
    return target.matches('[type=radio]') && event.key.startsWith('Arrow');
  }
  return false;
}
