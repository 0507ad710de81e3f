/** Entry of the worker in which a page runs a large network. */

import { runOverlayOrder, type OverlayOrder } from './run-overlay-order.ts';

/** To the worker. */
export type ToOverlay = ({ readonly kind: 'run' } & OverlayOrder) | { readonly kind: 'stop' };

const controller = new AbortController();

globalThis.onmessage = ({ data }: MessageEvent<ToOverlay>) => {
  if (data.kind === 'stop') {
    controller.abort(new Error('The network was stopped.'));
    return;
  }
  const rest = () => new Promise<void>((resolve) => setTimeout(resolve));
  void runOverlayOrder(data, (message) => postMessage(message), controller.signal, rest);
};
