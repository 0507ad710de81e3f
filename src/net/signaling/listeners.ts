/** Listeners by event name, typed by a record of events. */
export class Listeners<Events> {
  readonly #byName = new Map<keyof Events, Set<(event: never) => void>>();

  /** Adds a listener; the returned function removes it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners);
    // Wrapped, so that the same function added twice is two listeners.
    const entry = (event: Events[Name]): void => listener(event);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** Calls every listener of that event. One that throws stops neither the others nor the caller. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#byName.get(name) ?? [])]) {
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch (error) {
        // Shown as any uncaught error is, outside of this call stack.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
