/** Lets time pass on the screen: one tick per frame, as long as something moves. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Viewer } from '../stage/viewer.ts';

/** Ticks the viewer of `host` with each frame. */
export class FrameLoop implements ReactiveController {
  readonly #viewer: () => Viewer | undefined;
  #current: Viewer | undefined;
  #unsubscribe: (() => void) | undefined;
  #frame = 0;

  constructor(host: ReactiveControllerHost, viewer: () => Viewer | undefined) {
    this.#viewer = viewer;
    host.addController(this);
  }

  hostUpdated(): void {
    const viewer = this.#viewer();
    if (viewer === this.#current) return;
    this.hostDisconnected();
    this.#current = viewer;
    this.#unsubscribe = viewer?.subscribe(() => this.#schedule());
    this.#schedule();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#current = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #schedule(): void {
    if (this.#frame !== 0 || this.#current?.moving !== true) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#current?.tick(now);
      // A tick in which nothing happened told nobody: come back all the same.
      this.#schedule();
    });
  }
}
