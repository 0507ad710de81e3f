/** What the runtime takes from the platform below it, one spelling for Node, pages and workers. */

/** Fulfilled in a new task of the event loop, when every microtask has run: then, and only then, a turn is over. */
export function macrotask(): Promise<void> {
  return new Promise(schedule);
}

const schedule: (callback: () => void) => void =
  typeof setImmediate === 'function' ? setImmediate : throughChannel();

function throughChannel(): (callback: () => void) => void {
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    port2.postMessage(null);
  };
}

/**
 * Calls `listener` with what a promise that nobody handles was rejected with; returns what ends it. The listener says whether it
 * has dealt with it; otherwise the platform does what it always does.
 */
export function onUnhandledRejection(listener: (reason: unknown) => boolean): () => void {
  if (typeof process === 'object' && typeof process.on === 'function') {
    const handler = (reason: unknown) => {
      if (listener(reason)) return;
      process.off('unhandledRejection', handler);
      throw reason;
    };
    process.on('unhandledRejection', handler);
    return () => process.off('unhandledRejection', handler);
  }
  const handler = (event: PromiseRejectionEvent) => {
    if (listener(event.reason)) event.preventDefault();
  };
  globalThis.addEventListener('unhandledrejection', handler);
  return () => globalThis.removeEventListener('unhandledrejection', handler);
}

/** True for anything that can be awaited. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Promise<unknown>).then === 'function'
  );
}
