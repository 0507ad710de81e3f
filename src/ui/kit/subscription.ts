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
  #current: Subscribable | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, source: () => Subscribable | undefined) {
    this.#host = host;
    this.#source = source;
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
    this.#unsubscribe = source?.subscribe(() => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#current = undefined;
  }
}
