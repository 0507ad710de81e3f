/** A large network in a worker of the page: the page goes on while a hundred thousand nodes gossip. */

import type { FromOverlay, OverlayOrder } from './run-overlay-order.ts';
import type { ToOverlay } from './overlay-worker.ts';

/** A network that runs. */
export interface RunningOverlay {
  /** Fulfilled when it has ended, been stopped or failed. */
  readonly ended: Promise<void>;
  /** Ends it after its cycle. */
  stop(): void;
}

/** Starts one; `tell` hears of every cycle, and of its end or problem. */
export function overlayInWorker(
  order: OverlayOrder,
  tell: (message: FromOverlay) => void,
): RunningOverlay {
  const worker = new Worker(new URL('./overlay-worker.ts', import.meta.url), { type: 'module' });
  const post = (message: ToOverlay) => worker.postMessage(message);
  const ended = new Promise<void>((resolve) => {
    const hear = (message: FromOverlay) => {
      tell(message);
      if (message.kind !== 'ended' && message.kind !== 'problem') return;
      worker.terminate();
      resolve();
    };
    worker.onmessage = ({ data }: MessageEvent<FromOverlay>) => hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      hear({ kind: 'problem', text: event.message || 'The worker could not be loaded.' });
    };
  });
  post({ kind: 'run', ...order });
  return { ended, stop: () => post({ kind: 'stop' }) };
}
