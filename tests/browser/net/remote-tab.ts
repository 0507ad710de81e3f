/** A tab that lives in a worker, asked over the worker's port. */

import type { BroadcastHubOptions } from '../../../src/net/signaling/broadcast-signaling.ts';
import type { Departure, SignalingState } from '../../../src/net/signaling/signaling.ts';

/** What the tab is to do; it answers each with a {@link TabView}. */
export type TabOrder =
  | {
      readonly order: 'open';
      readonly name: string;
      readonly locks: boolean;
      readonly timing: NonNullable<BroadcastHubOptions['timing']>;
    }
  | { readonly order: 'signal'; readonly to: string; readonly payload: unknown }
  | { readonly order: 'look' };

/** How the tab stands. */
export interface TabView {
  readonly isHost: boolean;
  readonly state: SignalingState;
  readonly member: string;
  readonly order: number;
  readonly members: readonly string[];
  readonly left: readonly Departure[];
  readonly payloads: readonly unknown[];
}

/** A tab of this browser. */
export class RemoteTab {
  readonly #worker = new Worker(new URL('./broadcast-tab.ts', import.meta.url), { type: 'module' });
  readonly #waiting: ((view: TabView) => void)[] = [];

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<TabView>) => this.#waiting.shift()?.(data);
  }

  ask(order: TabOrder): Promise<TabView> {
    this.#worker.postMessage(order);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The first view that the condition holds for. */
  async until(condition: (view: TabView) => boolean): Promise<TabView> {
    for (;;) {
      const view = await this.ask({ order: 'look' });
      if (condition(view)) return view;
    }
  }

  /** As when the browser's process for it dies: nobody is told. */
  crash(): void {
    this.#worker.terminate();
  }
}
