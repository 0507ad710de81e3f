/** Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends at once. */

/** What the shell expects of a process that a signal ended: 128 and the signal's number. */
const STATUS_OF = { SIGINT: 130, SIGTERM: 143 } as const;

type EndingSignal = keyof typeof STATUS_OF;

/** Listens until it is closed. */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #listeners = new Map<EndingSignal, () => void>();
  #received: EndingSignal | undefined;

  /** @param onFirst says what happens now */
  constructor(onFirst: (signal: EndingSignal) => void = () => {}) {
    for (const signal of Object.keys(STATUS_OF) as EndingSignal[]) {
      const listener = () => {
        // Reports and browsers are left as they are: whoever presses twice wants out.
        if (this.#received !== undefined) process.exit(STATUS_OF[signal]);
        this.#received = signal;
        onFirst(signal);
        this.#controller.abort();
      };
      this.#listeners.set(signal, listener);
      process.on(signal, listener);
    }
  }

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit status that the signal asks for; undefined when there was none. */
  get exitStatus(): number | undefined {
    return this.#received === undefined ? undefined : STATUS_OF[this.#received];
  }

  /** Fulfilled at the first signal. */
  received(): Promise<void> {
    const { signal } = this;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
  }

  /** From here on signals do what they always do. */
  close(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }
}
