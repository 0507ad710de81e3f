/** Whether a key belongs to what has the focus, and not to the lab. */

/** Fields in which one types, and dialogs, which have the keyboard to themselves. */
const TYPED =
  'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true], dialog';
/** Controls that the space bar operates. */
const OPERATED = 'button, a, summary, [type=radio], [type=checkbox]';

/** Tells whose a key is. */
export class KeyOwner {
  /** A button that was clicked keeps the focus, but its reader means the lab: only who walked to it by keyboard means it. */
  #walked = true;

  /** Begins to watch how the focus moves. */
  connect(): void {
    document.addEventListener('pointerdown', this.#onPointer, true);
    document.addEventListener('keydown', this.#onKey, true);
  }

  /** Ends it. */
  disconnect(): void {
    document.removeEventListener('pointerdown', this.#onPointer, true);
    document.removeEventListener('keydown', this.#onKey, true);
  }

  /** True when the focused element has a use of its own for this key. */
  isTaken(event: KeyboardEvent): boolean {
    for (const target of event.composedPath()) {
      if (!(target instanceof Element)) continue;
      if (target.matches(TYPED)) return true;
      if (event.key === ' ' && this.#walked && target.matches(OPERATED)) return true;
      if (event.key.startsWith('Arrow') && target.matches('[type=radio]')) return true;
    }
    return false;
  }

  readonly #onPointer = (): void => {
    this.#walked = false;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') this.#walked = true;
  };
}
