/** Words about a moment, while moments pass faster than anybody reads. */

/** So long the words stay, in milliseconds. To lay them out with every frame costs more than to draw two hundred messages. */
const STAY_MS = 100;

/** Remembers what is said at the moment. */
export class Calm<T> {
  #said: T | undefined;
  #sinceMs = -Infinity;

  /** What is to be said: at rest what `make` says, in motion the same for a while. */
  words(make: () => T, isMoving: boolean): T {
    const nowMs = performance.now();
    if (this.#said === undefined || !isMoving || nowMs - this.#sinceMs >= STAY_MS) {
      this.#said = make();
      this.#sinceMs = nowMs;
    }
    return this.#said;
  }
}
