/** A large network inside a worker, whoever made the worker: rows are told as they are measured. */

import { messageOf } from '../../core/errors.ts';
import { overlaySpec, type OverlayOptions } from './overlay-spec.ts';
import { runOverlay, type OverlayRow } from './run-overlay.ts';

/** What is to be run. */
export interface OverlayOrder {
  readonly options: OverlayOptions;
  /** Cycles between two measurements; 1 unless given. */
  readonly every?: number;
}

/** From the worker. */
export type FromOverlay =
  /** After a cycle that was not measured, so that progress can be shown. */
  | { readonly kind: 'cycle'; readonly cycle: number }
  | { readonly kind: 'row'; readonly row: OverlayRow }
  | {
      readonly kind: 'ended';
      readonly exchanges: number;
      /** Milliseconds that the cycles took. */
      readonly cyclesMs: number;
    }
  /** It cannot be, or was stopped, and why. */
  | { readonly kind: 'problem'; readonly text: string };

/** Milliseconds between two turns that the worker leaves to its messages: a word to stop must come through. */
const TURN_MS = 50;

/**
 * Runs to the end, or until told to stop; whatever goes wrong is told, never thrown.
 *
 * @param rest fulfilled when the worker has taken its messages
 */
export async function runOverlayOrder(
  { options, every = 1 }: OverlayOrder,
  tell: (message: FromOverlay) => void,
  signal: AbortSignal,
  rest: () => Promise<void>,
): Promise<void> {
  try {
    let restedAt = performance.now();
    const { exchanges, cyclesMs } = await runOverlay(overlaySpec(options), {
      now: () => performance.now(),
      isMeasured: (cycle) => cycle % every === 0,
      onRow: (row) => tell({ kind: 'row', row }),
      onCycle: (cycle) => {
        tell({ kind: 'cycle', cycle });
        if (performance.now() - restedAt < TURN_MS) return;
        restedAt = performance.now();
        return rest();
      },
      signal,
    });
    tell({ kind: 'ended', exchanges, cyclesMs });
  } catch (error) {
    tell({ kind: 'problem', text: messageOf(error) });
  }
}
