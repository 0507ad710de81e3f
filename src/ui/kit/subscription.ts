/** Redraws an element whenever something it shows has changed. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Anything that tells of its changes. */
export interface Subscribable {
  subscribe(listener: () => void): () => void;
}

/** Keeps `host` subscribed to what `source` returns, as long as it is in the page. */
export class Subscription implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Subscribable | undefined;
  readonly #shows: (() => readonly unknown[]) | undefined;
  #shown: readonly unknown[] = [];
  #current: Subscribable | undefined;
  #unsubscribe: (() => void) | undefined;

  /** @param shows what of the source the host shows, where that changes more rarely than the source: it is redrawn only then */
  constructor(
    host: ReactiveControllerHost,
    source: () => Subscribable | undefined,
    shows?: () => readonly unknown[],
  ) {
    this.#host = host;
    this.#source = source;
    this.#shows = shows;
    host.addController(this);
  }

  hostConnected(): void {
    // An element whose code came after it has no properties before its first update.
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const source = this.#source();
    if (source === this.#current) return;
    this.#unsubscribe?.();
    this.#current = source;
    this.#unsubscribe = source?.subscribe(() => this.#hear());
  }

  hostUpdated(): void {
    if (this.#shows !== undefined && this.#current !== undefined) this.#shown = this.#shows();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#current = undefined;
  }

  #hear(): void {
    const shown = this.#shows?.();
    if (shown?.every((one, at) => one === this.#shown[at]) !== true) this.#host.requestUpdate();
  }
}
